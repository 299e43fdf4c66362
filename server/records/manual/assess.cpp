// What comes to the desk and is not registered: it is a record all the same, so it arises and is decided in
// one transaction (R21, R22), or is found to be registered already.
#include "records/rules/assess.hpp"

#include "governance/zone.hpp"
#include "records/assessment/post.hpp"
#include "records/manual/manual.hpp"
#include "records/register/store.hpp"
#include "records/rules/secrecy_hints.hpp"

namespace torg::records {
namespace {

struct Decision {
  LiftRequest request;
  Arising arising;
  Deciding deciding;
  std::string record_number;  ///< of the record that holds it already; empty: none
  std::string upload;
};

bool may_be_secret(Mail const& mail, Day today) {
  auto const text = mail.subject + "\n" + mail.text;
  return !secrecy_hints(text).empty() || has_personal_number(text, today);
}

/// What R21 and R22 say of something received: the same rules as for an item of a room.
Result<> rules_allow(Handling handling, bool secret, Instant since) {
  Assessment row;
  row.status = Status::record;
  row.basis = Basis::received;
  row.handling = Handling::unassessed;
  row.since = since;
  row.may_be_secret = secret;
  for (auto const& refusal : choices(row).refused) {
    if (refusal.handling == handling) return fail(ErrorCode::rule_refuses, refusal.why.en);
  }
  if (handling == Handling::trivial && secret) {
    return fail(
        ErrorCode::needs_second_person,
        "R22: what may be secret is of little importance only when a second person agrees. Register it.");
  }
  return {};
}

Result<> decide(db::Transaction& transaction, Decision const& decision) {
  if (lift_store::intent(transaction, decision.request.key)) return {};  // done before, under the same key
  assessment::arise(transaction, decision.arising);
  RecordId record;
  if (decision.record_number.empty()) {
    auto decided = assessment::decide(transaction, decision.deciding);
    if (!decided) return fail(std::move(decided));
  } else {
    auto const view = register_store::record(transaction, decision.record_number);
    if (!view || view->authority != decision.request.authority) {
      return fail(ErrorCode::not_found, "There is no record with this number in the register.");
    }
    record = view->id;
    auto marked = assessment::registered(
        transaction, {decision.deciding.event, decision.deciding.authority, decision.deciding.room, record,
                      decision.deciding.by, decision.deciding.at});
    if (!marked) return marked;
  }
  lift_store::add_committed(transaction, decision.request, decision.deciding.at, record);
  manual_store::drop_upload(transaction, decision.upload);
  return {};
}

}  // namespace

Task<Result<>> Manual::assess(ManualAssess request) {
  if (auto allowed = may_enter(request.key.by, request.authority); !allowed)
    co_return fail(std::move(allowed));
  auto const handling = parse_handling(request.handling);
  auto const known = request.handling == "already_registered";
  if (!known && handling != Handling::kept_ordered && handling != Handling::trivial) {
    co_return fail(ErrorCode::invalid_param, "It can be kept_ordered, trivial or already_registered.");
  }
  if (known && request.record.empty()) co_return fail(ErrorCode::missing_param, "Say which record it is.");

  auto const key = request.key;
  auto before =
      co_await services_.database.read([key](db::Reader& reader) { return lift_store::intent(reader, key); });
  if (!before) co_return fail(std::move(before));
  if (*before) co_return Result<>{};  // done, under the same key

  ManualEntry entry;
  entry.key = request.key;
  entry.kind = ManualKind::file;
  entry.authority = request.authority;
  entry.upload = request.upload;
  entry.draft.came_or_made_day = governance::day_of(services_.runtime.now());
  auto source = co_await source_of(entry);
  if (!source) co_return fail(std::move(source));
  if (source->mail) {
    auto const arrived = source->mail->received ? source->mail->received : source->mail->date;
    if (arrived) source->since = *arrived;
    entry.kind = ManualKind::mail;
    entry.draft.internal_title = source->mail->subject;
    if (!source->mail->from.empty()) entry.draft.sender = to_text(source->mail->from.front());
  }
  auto const now = services_.runtime.now();
  auto const secret = source->mail && may_be_secret(*source->mail, governance::day_of(now));
  if (auto allowed = rules_allow(handling.value_or(Handling::registered), secret, source->since); !allowed) {
    co_return allowed;
  }
  auto event = co_await write_event(entry, *source);
  if (!event) co_return fail(std::move(event));
  Arising arising{event->nid, request.authority, event->room};
  arising.rule = "R2";
  arising.since = source->since;
  arising.due_day = due_day(source->since, services_.settings.of(request.authority));
  arising.may_be_secret = secret;
  arising.by = request.key.by;
  Deciding deciding{event->nid, request.authority, event->room};
  deciding.handling = handling.value_or(Handling::registered);
  deciding.rule = handling == Handling::trivial ? "R22" : "R21";
  deciding.reason = request.reason;
  deciding.by = request.key.by;
  deciding.at = now;
  Decision const decision{{request.key, event->room, request.authority, {event->id.value}, {}},
                          std::move(arising),
                          std::move(deciding),
                          known ? request.record : std::string(),
                          request.upload};
  co_return co_await services_.database.write([decision](db::Transaction& t) { return decide(t, decision); });
}

}  // namespace torg::records
