#include "records/external/settle.hpp"

#include "governance/governance.hpp"
#include "records/lift/draft.hpp"

#include <algorithm>

namespace torg::records {
namespace {

Registering marking(Delivery const& handover, EventNid item, UserNid by, Instant at) {
  return {item, handover.authority, handover.room, RecordId{}, by, at};
}

Result<> mark_items(db::Transaction& transaction, Delivery const& handover, Instant at) {
  for (auto const item : handover.items) {
    auto marked = assessment::handed_over(transaction, marking(handover, item, handover.intent.by, at));
    if (!marked) return marked;
  }
  return {};
}

void audit(db::Transaction& transaction, Settling const& settling, Delivery const& handover,
           std::string_view what) {
  governance::Governance::audit(transaction, settling.at, settling.by, what,
                                {{"authority", handover.authority.value},
                                 {"key", handover.key},
                                 {"number", handover.number},
                                 {"reason", handover.problem}});
}

std::unexpected<Error> decided(Delivery const& handover) {
  return fail(ErrorCode::conflict, handover.state == DeliveryState::registered
                                       ? "It is registered already, as " + handover.number + "."
                                       : "The register has refused it already.");
}

bool is_decided(Delivery const& handover) {
  return handover.state == DeliveryState::registered || handover.state == DeliveryState::refused;
}

Result<> take_number(db::Transaction& transaction, Settling const& settling, Delivery& handover) {
  if (handover.state == DeliveryState::registered) {
    if (handover.number == settling.answer.number) return {};
    return decided(handover);
  }
  if (handover.state == DeliveryState::refused) {
    // The register has thought better of it: good, unless somebody has found another end for the items.
    auto marked = mark_items(transaction, handover, settling.at);
    if (!marked) return marked;
  }
  handover.state = DeliveryState::registered;
  handover.number = settling.answer.number;
  handover.place = settling.answer.place;
  handover.problem.clear();
  handover.decided_at = settling.at;
  handover_store::update(transaction, handover);
  audit(transaction, settling, handover, "handover.registered");
  return {};
}

Result<> take_refusal(db::Transaction& transaction, Settling const& settling, Delivery& handover) {
  if (handover.state == DeliveryState::refused) return {};
  if (is_decided(handover)) return decided(handover);
  handover.state = DeliveryState::refused;
  handover.problem = settling.answer.reason;
  handover.decided_at = settling.at;
  handover_store::update(transaction, handover);
  for (auto const item : handover.items) {
    assessment::handed_back(transaction, marking(handover, item, settling.by, settling.at), handover.problem);
  }
  audit(transaction, settling, handover, "handover.refused");
  return {};
}

/// It is there, or it is not any more: what comes next, and when.
void take_progress(db::Transaction& transaction, Settling const& settling, Delivery& handover) {
  if (is_decided(handover)) return;
  auto const known = settling.answer.kind == ExternalAnswer::Kind::accepted;
  auto const state = known ? DeliveryState::sent : DeliveryState::waiting;
  handover.attempts = handover.state == state ? handover.attempts + 1 : 0;
  handover.state = state;
  handover.problem = known ? "" : "The register knows nothing of it; it is handed over again.";
  handover.due_at = settling.at + settling.pause;
  handover_store::update(transaction, handover);
}

}  // namespace

Result<Committed> hand_over(db::Transaction& transaction, LiftCommit const& commit,
                            std::optional<Intent> const& before) {
  auto const& request = commit.request;
  auto const& record = commit.record;
  auto const& elsewhere = commit.elsewhere;
  Delivery handover;
  handover.key = elsewhere->key;
  handover.intent = request.key;
  handover.authority = request.authority;
  handover.room = record.room;
  handover.due_at = handover.made_at = record.at;
  handover.by_id = record.by_id;
  handover.title = record.title;
  handover.draft = json::serialize(to_json(request.draft));
  handover.manifest = record.manifest;
  handover.items = record.items;
  handover.item_ids = record.item_ids;
  handover.files = record.attachments;
  if (auto marked = mark_items(transaction, handover, record.at); !marked) return fail(std::move(marked));
  handover_store::add(transaction, handover);
  if (!before) {
    lift_store::add_committed(transaction, request, record.at, std::nullopt);
  } else if (!lift_store::commit_pending(transaction, request.key, std::nullopt)) {
    return fail(ErrorCode::conflict, "The lift does not wait any more.");
  }
  transaction.on_commit([wake = elsewhere->wake] { wake(); });
  return Committed{.record = {}, .number = {}, .was_there = false, .elsewhere = true};
}

Result<Delivery> settle(db::Transaction& transaction, Settling const& settling) {
  auto const found = handover_store::find(transaction, settling.key);
  if (!found) return fail(ErrorCode::not_found, "There is no such handover.");
  auto handover = handover_store::whole(transaction, found->id).value();
  Result<> taken;
  switch (settling.answer.kind) {
    case ExternalAnswer::Kind::registered:
      taken = take_number(transaction, settling, handover);
      break;
    case ExternalAnswer::Kind::refused:
      taken = take_refusal(transaction, settling, handover);
      break;
    case ExternalAnswer::Kind::accepted:
    case ExternalAnswer::Kind::unknown:
      take_progress(transaction, settling, handover);
      break;
  }
  if (!taken) return fail(std::move(taken));
  return handover;
}

}  // namespace torg::records
