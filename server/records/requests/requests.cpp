#include "records/requests/requests.hpp"

#include "governance/zone.hpp"
#include "records/mail/file_name.hpp"
#include "records/requests/store.hpp"
#include "records/rules/law.hpp"
#include "records/secrecy/provisions.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace torg::records {
namespace {

constexpr std::array<std::string_view, 5> kOutcomes{"open", "released", "partly", "refused", "withdrawn"};
constexpr int kAnsweredShown = 100;

int year_of(Day day) { return static_cast<int>(std::chrono::year_month_day(day).year()); }

}  // namespace

std::string_view to_text(RequestKind kind) {
  return kind == RequestKind::disclosure ? "disclosure" : "accessibility";
}

std::string_view to_text(Outcome outcome) { return kOutcomes.at(static_cast<std::size_t>(outcome)); }

std::optional<Outcome> parse_outcome(std::string_view text) {
  for (std::size_t i = 0; i < kOutcomes.size(); ++i)
    if (kOutcomes[i] == text) return static_cast<Outcome>(i);
  return std::nullopt;
}

AnswerDays answer_days(Instant at, RequestKind kind, Settings const& settings) {
  if (kind == RequestKind::accessibility) {
    auto const latest =
        plus_working_days(governance::day_of(at), settings.working_days_to_answer_reports, settings.law);
    return {latest, latest};
  }
  auto const time = answer_time(at, settings);
  return {time.due, time.latest};
}

Task<Result<DisclosureRequest>> Requests::ask(Asking asking) {
  auto const* const authority = governance_.authority(asking.authority);
  if (!authority) co_return fail(ErrorCode::not_found, "There is no such authority.");
  if (asking.text.size() > kMaxAskingText || asking.contact.size() > kMaxAskingContact)
    co_return fail(ErrorCode::too_large, "The text is too long.");
  auto const now = runtime_.now();
  auto const days = answer_days(now, asking.kind, settings_.of(asking.authority));
  DisclosureRequest request{.id = {},
                            .kind = asking.kind,
                            .authority = asking.authority,
                            .number = {},
                            .record = asking.record,
                            .record_number = std::move(asking.record_number),
                            .text = clean_text(asking.text, Lines::many),
                            .contact = clean_text(asking.contact, Lines::one),
                            .received_at = now,
                            .due_day = days.due,
                            .latest_day = days.latest,
                            .answered_at = {},
                            .answered_by = {},
                            .note = {}};
  if (!request.record && request.text.find_first_not_of(" \n\t") == std::string::npos)
    co_return fail(ErrorCode::missing_param, "Say what you want to see.");
  auto const year = year_of(governance::day_of(now));
  co_return co_await database_.write(
      [request, code = authority->code, year](db::Transaction& transaction) -> Result<DisclosureRequest> {
        return requests_store::add(transaction, request, code, year);
      });
}

Task<Result<std::vector<DisclosureRequest>>> Requests::list(std::vector<AuthorityId> authorities) {
  co_return co_await database_.read([authorities = std::move(authorities)](db::Reader& reader) {
    std::vector<DisclosureRequest> found;
    auto const add = [&](std::vector<DisclosureRequest> more) {
      std::ranges::move(more, std::back_inserter(found));
    };
    for (auto const authority : authorities) add(requests_store::open(reader, authority));
    for (auto const authority : authorities) add(requests_store::answered(reader, authority, kAnsweredShown));
    return found;
  });
}

Task<Result<DisclosureRequest>> Requests::request(DisclosureId id) {
  auto found = co_await database_.read([id](db::Reader& reader) { return requests_store::find(reader, id); });
  if (!found) co_return fail(std::move(found));
  if (!*found) co_return fail(ErrorCode::not_found, "There is no such request.");
  co_return std::move(**found);
}

Task<Result<DisclosureRequest>> Requests::answer(UserNid by, DisclosureId id, Outcome outcome,
                                                 std::string note) {
  if (outcome == Outcome::open) co_return fail(ErrorCode::invalid_param, "Say how the request was answered.");
  auto const before = co_await request(id);
  if (!before) co_return before;
  if (!governance_.may(by, governance::Act::answer_request, before->authority))
    co_return fail(ErrorCode::not_found, "There is no such request.");
  if (note.size() > kMaxAskingText) co_return fail(ErrorCode::too_large, "The text is too long.");
  bool const withheld = outcome == Outcome::partly || outcome == Outcome::refused;
  if (withheld && note.find_first_not_of(" \n\t") == std::string::npos)
    co_return fail(ErrorCode::rule_refuses, "Say what is withheld and by which provision (R42, R44).");
  if (withheld && find_provision(note) != nullptr)
    co_return fail(
        ErrorCode::rule_refuses,
        "A provision alone is a marking, not an assessment: say what is withheld and why it can't be "
        "shown now (R25, R42).");
  requests_store::Answer const answered{id, outcome, runtime_.now(), by, clean_text(note, Lines::many)};
  co_return co_await database_.write(
      [answered, authority = before->authority](db::Transaction& transaction) -> Result<DisclosureRequest> {
        if (!requests_store::answer(transaction, answered))
          return fail(ErrorCode::conflict, "Somebody has answered this request already.");
        governance::Governance::audit(transaction, answered.at, answered.by, "request.answered",
                                      {{"request", answered.id.value},
                                       {"authority", authority.value},
                                       {"outcome", to_text(answered.outcome)}});
        return requests_store::find(transaction, answered.id).value();
      });
}

Bilingual refusal_text() {
  return {
      "Du har rätt att få ett skriftligt beslut av myndigheten. Det behövs för att kunna överklaga. Säg till "
      "så "
      "får du det, och i beslutet står hur du överklagar till kammarrätten inom tre veckor.",
      "You have the right to a written decision by the authority. You need it to be able to appeal. Tell us "
      "and "
      "you will get one; it says how to appeal to the administrative court of appeal within three weeks."};
}

}  // namespace torg::records
