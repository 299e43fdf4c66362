#include "matrix/sync/receipts.hpp"

#include "matrix/sync/store.hpp"

#include <algorithm>
#include <tuple>

namespace torg::matrix {
namespace {

auto place_of(Receipt const& receipt) {
  return std::tuple(receipt.user, receipt.kind, std::string_view(receipt.thread));
}

}  // namespace

Task<Result<std::shared_ptr<Receipts::InRoom const>>> Receipts::of(RoomNid room) {
  for (;;) {
    if (auto const* found = in_rooms_.find(room)) co_return *found;
    auto const changed = in_rooms_.watch(room);
    auto loaded = co_await rooms_.database().read(
        [room](db::Reader& reader) { return sync_store::receipts(reader, room); });
    if (!loaded) co_return fail(std::move(loaded));
    if (*changed || in_rooms_.find(room) != nullptr) continue;
    auto receipts = std::make_shared<InRoom>(std::move(*loaded));
    in_rooms_.put(room, receipts, memory_bytes(*receipts));
    co_return receipts;
  }
}

std::size_t Receipts::memory_bytes(InRoom const& receipts) {
  constexpr std::size_t kEventId = 64;  // too long to lie in the string itself
  return receipts.capacity() * sizeof(Receipt) + receipts.size() * kEventId;
}

void Receipts::keep(RoomNid room, Receipt receipt) {
  in_rooms_.note_change(room);
  auto const* found = in_rooms_.find(room);
  if (found == nullptr) return;
  auto& receipts = **found;
  auto const place = std::ranges::lower_bound(receipts, place_of(receipt), {}, place_of);
  if (place != receipts.end() && place_of(*place) == place_of(receipt))
    *place = std::move(receipt);
  else
    receipts.insert(place, std::move(receipt));
  in_rooms_.resize(room, memory_bytes(receipts));
}

Task<Result<>> Receipts::set(std::shared_ptr<Room> room, UserNid user, ReceiptKind kind, std::string thread,
                             EventPtr event) {
  Receipt receipt{.user = user,
                  .kind = kind,
                  .thread = std::move(thread),
                  .event = event->nid,
                  .event_id = event->id.text(),
                  .event_position = event->position,
                  .at = to_ms(rooms_.runtime().now()),
                  .messages = event->messages,
                  .position = {}};
  auto const known = co_await of(room->nid());
  if (!known) co_return std::unexpected(known.error());
  auto const old =
      std::ranges::find_if(**known, [&](Receipt const& r) { return place_of(r) == place_of(receipt); });
  if (old != (*known)->end() && old->event_position >= receipt.event_position) co_return Result<>{};
  if (receipt.messages == 0) {
    auto const later = co_await rooms_.database().read([&](db::Reader& reader) {
      return sync_store::messages_after(reader, room->nid(), event->position, rooms_.types());
    });
    if (!later) co_return std::unexpected(later.error());
    receipt.messages = room->head().messages - *later;
  }
  co_return co_await rooms_.database().write([this, room, receipt](db::Transaction& transaction) -> Result<> {
    auto stored = receipt;
    stored.position = transaction.next_position();
    sync_store::put_receipt(transaction, room->nid(), stored);
    transaction.on_commit([this, room, stored] {
      keep(room->nid(), stored);
      rooms_.stream().append({stored.position, StreamEntry::Kind::receipt, room->nid(), stored.user});
      if (stored.kind == ReceiptKind::read && shown_ == ReceiptsShown::to_room)
        rooms_.stream().wake_members(*room);
      else
        rooms_.stream().wake(stored.user);
      for (auto const& observer : observers_) observer(room->nid(), stored.user);
    });
    return {};
  });
}

std::span<Receipt const> Receipts::of_user(InRoom const& receipts, UserNid user) {
  auto const range = std::ranges::equal_range(receipts, user, {}, &Receipt::user);
  return {range.begin(), range.end()};
}

bool Receipts::append_event(std::string& out, InRoom const& receipts, Position since, UserNid viewer) const {
  return append_event(out, receipts, since, [viewer](UserNid user) { return user == viewer; });
}

bool Receipts::append_event(std::string& out, InRoom const& receipts, Position since,
                            std::function<bool(UserNid)> const& sees_private) const {
  // {"$event": {"m.read": {"@user": {"ts": …}}}}, in a stable order.
  std::map<std::string_view, std::map<ReceiptKind, std::vector<Receipt const*>>> by_event;
  for (auto const& receipt : receipts) {
    if (receipt.position <= since) continue;
    bool const hidden = receipt.kind == ReceiptKind::read_private || shown_ == ReceiptsShown::to_owner;
    if (hidden && !sees_private(receipt.user)) continue;
    by_event[receipt.event_id][receipt.kind].push_back(&receipt);
  }
  if (by_event.empty()) return false;
  json::object content;
  for (auto const& [event, kinds] : by_event) {
    json::object of_event;
    for (auto const& [kind, list] : kinds) {
      json::object users;
      for (auto const* receipt : list) {
        json::object value{{"ts", receipt->at}};
        if (!receipt->thread.empty()) value["thread_id"] = receipt->thread;
        // There is room for one; the unthreaded one, which says more, comes first (MSC4102).
        users.emplace(rooms_.identity().user_id(receipt->user), std::move(value));
      }
      of_event[kind == ReceiptKind::read ? "m.read" : "m.read.private"] = std::move(users);
    }
    content[event] = std::move(of_event);
  }
  out += R"({"content":)";
  out += json::serialize(content);
  out += R"(,"type":"m.receipt"})";
  return true;
}

}  // namespace torg::matrix
