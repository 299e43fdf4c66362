#include "records/external/settle.hpp"
#include "records/lift/lifts.hpp"
#include "records/register/store.hpp"
#include "records/rendition/jobs.hpp"

namespace torg::records {
namespace {

Result<> mark_items(db::Transaction& transaction, LiftCommit const& commit, Registered const& registered) {
  for (auto const item : commit.record.items) {
    auto marked = assessment::registered(transaction, {item, commit.request.authority, commit.record.room,
                                                       registered.id, commit.record.by, registered.at});
    if (!marked) {
      auto told = refuse_registered(transaction, commit.record.room, commit.request.authority, {item});
      if (!told) return told;
      return marked;
    }
  }
  return {};
}

}  // namespace

Result<> refuse_registered(db::Reader& reader, RoomNid room, AuthorityId authority,
                           std::vector<EventNid> const& items) {
  for (auto const& row : assessment::rows_of(reader, room, items)) {
    if (row.authority != authority || !row.record) continue;
    auto const names = register_store::names(reader, {row.record});
    if (names.empty()) continue;
    auto const& number = names.front().number;
    return fail(ErrorCode::conflict, "It is registered already, as " + number +
                                         ". / Det är redan diariefört, som " + number + ".");
  }
  return {};
}

Result<Committed> commit_lift(db::Transaction& transaction, LiftCommit const& commit) {
  auto const& request = commit.request;
  auto const before = lift_store::intent(transaction, request.key);
  if (before && before->state == IntentState::committed)
    return Committed{before->record, before->number, true, before->handover.has_value()};
  if (before && before->state == IntentState::cancelled) {
    return fail(ErrorCode::conflict, before->problem.empty() ? "The lift was cancelled." : before->problem);
  }

  if (commit.arising) assessment::arise(transaction, *commit.arising);
  if (commit.elsewhere) return hand_over(transaction, commit, before);
  auto registered = register_record(transaction, commit.record);
  if (!registered) return fail(std::move(registered));
  if (commit.record.plan) plan_store::add_use(transaction, registered->id, *commit.record.plan);
  if (auto marked = mark_items(transaction, commit, *registered); !marked) return fail(std::move(marked));
  if (!before) {
    lift_store::add_committed(transaction, request, registered->at, registered->id);
  } else if (!lift_store::commit_pending(transaction, request.key, registered->id)) {
    return fail(ErrorCode::conflict, "The lift does not wait any more.");
  }
  if (commit.handed_over) lift_store::add_handover(transaction, registered->id, *commit.handed_over);
  if (commit.notice) {
    lift_store::add_notice(transaction, {registered->id, commit.record.room, request.authority,
                                         registered->number, request.event_ids});
  }
  rendition_jobs::add(transaction, registered->id, registered->at);
  return Committed{registered->id, registered->number};
}

}  // namespace torg::records
