// Repeated requests and reactions: the last sends of each device are remembered, in memory and in a ring of
// rows.
#include "matrix/room/service.hpp"

#include <algorithm>

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace torg::matrix {
namespace {

/// How many of a device's sends are remembered. A client repeats its newest requests only.
constexpr int kRemembered = 128;

}  // namespace

RoomService::Sent::Sent(std::vector<store::SentTransaction> const& stored) : slots(kRemembered) {
  EventNid newest;
  for (auto const& row : stored) {
    entries[row.transaction_id] = {row.event, {}};
    slots[static_cast<std::size_t>(row.slot)] = row.transaction_id;
    if (row.event > newest) {
      newest = row.event;
      next_slot = (row.slot + 1) % kRemembered;
    }
  }
}

std::size_t RoomService::Sent::memory_bytes() const {
  constexpr std::size_t kEntry = 224;  // the key twice, with what the allocator adds
  return slots.size() * sizeof(std::string) + entries.size() * kEntry;
}

Task<Result<std::shared_ptr<RoomService::Sent>>> RoomService::sent_of(std::int64_t session) {
  for (;;) {
    if (auto const* found = sent_.find(session)) co_return *found;
    auto const changed = sent_.watch(session);
    auto rows = co_await database_.read(
        [session](db::Reader& reader) { return store::sent_transactions(reader, session); });
    if (!rows) co_return fail(std::move(rows));
    // Another request of the session may have been faster.
    if (*changed || sent_.find(session) != nullptr) continue;
    auto sent = std::make_shared<Sent>(*rows);
    sent_.put(session, sent, sent->memory_bytes());
    co_return sent;
  }
}

Task<Result<EventPtr>> RoomService::append_once(RoomNid room, EventDraft draft) {
  if (draft.transaction_id.empty()) co_return co_await append(room, std::move(draft));
  // The type and the room belong to the key: the specification scopes a transaction id to its endpoint.
  draft.transaction_id = std::to_string(room.value) + '/' + draft.type + '/' + draft.transaction_id;
  auto const key = draft.transaction_id;
  auto const session = draft.device_key;

  auto sent = co_await sent_of(draft.device_key);
  for (; sent; sent = co_await sent_of(draft.device_key)) {
    auto const found = (*sent)->entries.find(key);
    if (found == (*sent)->entries.end()) break;
    if (found->second.event) {
      auto event = co_await this->event_by_nid(found->second.event);
      co_return event;
    }
    // The memory owns those who wait, so they must not own the memory: the request under way does.
    sent->reset();
    co_await asio::async_initiate<asio::use_awaitable_t<asio::any_io_executor> const, void()>(
        [&waiting = found->second.waiting](auto handler) {
          waiting.emplace_back([h = std::move(handler)]() mutable { std::move(h)(); });
        },
        asio::use_awaitable);
  }
  if (!sent) co_return std::unexpected(sent.error());
  auto& memory = **sent;

  draft.slot = memory.next_slot;
  memory.next_slot = (memory.next_slot + 1) % kRemembered;
  auto& slot = memory.slots[static_cast<std::size_t>(draft.slot)];
  if (auto const old = memory.entries.find(slot); old != memory.entries.end() && old->second.event)
    memory.entries.erase(old);
  slot = key;
  memory.entries[key] = {};
  auto committed = co_await append(room, std::move(draft));
  auto node = memory.entries.extract(key);
  auto waiting = std::move(node.mapped().waiting);
  if (committed) memory.entries[key] = {(*committed)->nid, {}};
  sent_.note_change(session);
  sent_.resize(session, memory.memory_bytes());
  for (auto& job : waiting) runtime_.post(std::move(job));
  co_return committed;
}

/// Two that are on their way at once both pass; clients count them as one.
/// @see https://spec.matrix.org/v1.19/client-server-api/#avoiding-duplicate-annotations
Task<Result<>> RoomService::check_annotation(EventDraft const& draft) {
  auto const* relation = optional_object(draft.content, "m.relates_to");
  bool const annotates = relation != nullptr && optional_string(*relation, "rel_type") == "m.annotation";
  auto const type = annotates ? types_.find(draft.type) : 0;
  if (type == 0) co_return Result<>{};
  auto const earlier = co_await database_.read([&](db::Reader& reader) {
    return store::relations_by(reader, types_, draft.relates_to, draft.sender, type);
  });
  if (!earlier) co_return std::unexpected(earlier.error());
  auto const key = optional_string(*relation, "key");
  for (auto const& event : *earlier) {
    auto const content = parse_json_object(event->content);
    auto const* its = content ? optional_object(*content, "m.relates_to") : nullptr;
    bool const same = its != nullptr && optional_string(*its, "rel_type") == "m.annotation" &&
                      optional_string(*its, "key") == key;
    if (same) co_return fail(ErrorCode::duplicate_annotation, "You have said this of that message already.");
  }
  co_return Result<>{};
}

Task<> RoomService::recall_sent(std::vector<EventPtr> events, identity::Requester requester) {
  std::erase_if(events, [&](EventPtr const& event) {
    return event->sender != requester.user || !event->transaction_id.empty() || event->is_state();
  });
  if (events.empty()) co_return;
  auto const sent = co_await sent_of(requester.device_key);
  if (!sent) co_return;  // the events are right without, only not known again by their sender
  for (auto const& [key, entry] : (*sent)->entries) {
    auto const found =
        std::ranges::find(events, entry.event, [](EventPtr const& event) { return event->nid; });
    if (!entry.event || found == events.end()) continue;
    (*found)->session = requester.device_key;
    (*found)->transaction_id = key;
  }
}

}  // namespace torg::matrix
