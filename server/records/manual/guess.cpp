// What a dropped file tells of itself, and where each guess comes from.
#include "governance/zone.hpp"
#include "records/manual/manual.hpp"
#include "records/register/contains.hpp"
#include "records/register/titles.hpp"
#include "records/rules/explain.hpp"
#include "records/rules/text.hpp"

#include <array>

namespace torg::records {
namespace {

/// Word beginnings that name an organisation, in lower case.
constexpr std::array<std::string_view, 16> kOrganisations{
    "kommun", "länsstyrels", "region", "myndighet", "nämnd",   "styrels", "förvaltning", "verket",
    "polis",  "förening",    "bolag",  "stiftelse", "handels", "aktieb",  "försäkr",     "universitet"};
constexpr std::array<std::string_view, 4> kForms{" ab", " hb", " kb", " ek. för."};
/// Mailboxes that no person has for herself.
constexpr std::array<std::string_view, 9> kMailboxes{"info",   "registrator", "diariet", "diarium", "kontakt",
                                                     "kansli", "post",        "noreply", "no-reply"};

std::string local_part(std::string const& address) { return folded(address.substr(0, address.find('@'))); }

Instant arrived(Mail const& mail) { return mail.received.value_or(mail.date.value_or(Instant{})); }

}  // namespace

bool looks_like_organisation(MailAddress const& address) {
  auto const name = make_plain(address.name).plain;
  auto const named = [&](std::string_view stem) {
    return has_word_beginning(name, stem) || name.find(stem) != name.npos;
  };
  return std::ranges::any_of(kOrganisations, named) ||
         std::ranges::any_of(kForms, [&](std::string_view form) { return name.ends_with(form); }) ||
         contains(kMailboxes, local_part(address.address));
}

std::optional<UserNid> Manual::own_mailbox(MailAddress const& address) const {
  auto const user = services_.people.find("@" + local_part(address.address) + ":" + services_.server_name);
  if (!user || !services_.governance.authority_of(user)) return std::nullopt;
  return user;
}

DraftItem Manual::item_of(Upload const& upload, Mail const* mail) const {
  DraftItem item{{}, {}, {}, {}, upload.at, {}};
  if (mail == nullptr) {
    item.attachments.push_back({upload.name, upload.type, upload.size});
    return item;
  }
  item.text = mail->text;
  // The header's time, never that of the drop; without one the day is for a person to fill in.
  item.at = arrived(*mail);
  if (!mail->from.empty()) {
    auto const& from = mail->from.front();
    item.sender.name = from.name.empty() ? from.address : from.name;
    if (looks_like_organisation(from)) item.sender.organisation = item.sender.name;
    if (auto const user = own_mailbox(from))
      item.sender.authority = *services_.governance.authority_of(*user);
  }
  for (auto const& attachment : mail->attachments) {
    if (attachment.embedded) continue;
    item.attachments.push_back(
        {attachment.name, attachment.type, static_cast<std::int64_t>(attachment.bytes.size())});
  }
  return item;
}

void Manual::explain(ManualPreview& preview, Mail const& mail) const {
  auto& sources = preview.prefilled.sources;
  auto& draft = preview.prefilled.draft;
  if (mail.received || mail.date) {
    sources["came_or_made_day"] = {"ur mejlets huvud, inte när du släppte filen",
                                   "from the mail's header, not when you dropped the file"};
  } else {
    draft.came_or_made_day = governance::day_of(services_.runtime.now());
    sources["came_or_made_day"] = {"mejlet säger inte när; det här är i dag",
                                   "the mail doesn't say when; this is today"};
  }
  if (!draft.private_person) sources["sender"] = {"ur mejlets huvud", "from the mail's header"};
  auto const to = mail.to.empty() ? std::nullopt : own_mailbox(mail.to.front());
  if (to && draft.direction == Direction::in) {
    auto const name = services_.people.name(*to);
    sources["direction"] = {"till " + draft.recipient + ", genom " + name + "s brevlåda",
                            "to " + draft.recipient + ", through the mailbox of " + name};
  }
  if (draft.direction == Direction::out && !mail.to.empty()) {
    draft.recipient = mail.to.front().name.empty() ? mail.to.front().address : mail.to.front().name;
    draft.private_person = !looks_like_organisation(mail.to.front());
  }
}

Task<Result<ManualPreview>> Manual::guess(AuthorityId authority, Upload upload, std::optional<Mail> mail) {
  auto input = co_await services_.lifts.facts_for(authority);
  if (!input) co_return fail(std::move(input));
  auto const* read = mail ? &*mail : nullptr;
  input->items.push_back(item_of(upload, read));
  if (read != nullptr) input->subject = read->subject;
  auto const own = read != nullptr && !read->from.empty() && own_mailbox(read->from.front());
  input->direction = own ? Direction::out : Direction::in;
  ManualPreview preview{upload.id, std::nullopt, {}, prefill(*input), {}, {}};
  services_.lifts.fill_by_plan(authority, preview.prefilled);
  if (read != nullptr) explain(preview, *read);
  if (read == nullptr) {
    preview.prefilled.draft.private_person = false;
    preview.prefilled.sources["came_or_made_day"] = {"filen säger inte när den kom; det här är i dag",
                                                     "the file doesn't say when it came; this is today"};
    preview.prefilled.sources["sender"] = {"filen säger inte från vem", "the file doesn't say from whom"};
  }
  auto const since = read == nullptr || arrived(*read) == Instant{} ? upload.at : arrived(*read);
  preview.status_text = status_text({Status::record, Basis::received, "R2"}, since);
  for (std::size_t n = 0; mail && n < mail->attachments.size(); ++n) {
    auto& attachment = mail->attachments[n];
    if (attachment.embedded) continue;
    preview.attachments.push_back({attachment.name, attachment.type,
                                   static_cast<std::int64_t>(attachment.bytes.size()), static_cast<int>(n)});
  }
  auto const* chosen = std::get_if<CaseId>(&preview.prefilled.draft.of_case);
  auto number = co_await services_.records.next_number(authority, chosen == nullptr ? CaseId{} : *chosen,
                                                       preview.prefilled.draft.classification,
                                                       preview.prefilled.draft.record_type);
  if (!number) co_return fail(std::move(number));
  preview.next_number = std::move(*number);
  if (mail) mail->attachments.clear();
  preview.mail = std::move(mail);
  co_return preview;
}

}  // namespace torg::records
