#include "matrix/sync/typing.hpp"

namespace torg::matrix {
namespace {

constexpr std::chrono::milliseconds kLongest = std::chrono::seconds{60};
/// Rooms whose last change is remembered. A client that was away while this many others changed learns
/// nothing of who wrote in the rooms before, as after a restart.
constexpr std::size_t kRememberedRooms = 4096;

}  // namespace

void Typing::set(std::shared_ptr<Room> const& room, UserNid user, std::chrono::milliseconds timeout) {
  auto& in_room = in_rooms_[room->nid()];
  auto& runtime = rooms_.runtime();
  auto const [place, is_new] = in_room.users.try_emplace(user);
  if (!is_new) runtime.cancel(place->second);
  auto const due = runtime.steady_now() + std::clamp(timeout, std::chrono::milliseconds{1}, kLongest);
  place->second = runtime.schedule(due, [this, room, user] { clear(room, user); });
  if (is_new) changed(room, in_room);
}

void Typing::clear(std::shared_ptr<Room> const& room, UserNid user) {
  auto const found = in_rooms_.find(room->nid());
  if (found == in_rooms_.end()) return;
  auto const place = found->second.users.find(user);
  if (place == found->second.users.end()) return;
  rooms_.runtime().cancel(place->second);
  found->second.users.erase(place);
  changed(room, found->second);
}

void Typing::changed(std::shared_ptr<Room> const& room, InRoom& in_room) {
  changes_.erase(in_room.changed_at);
  in_room.changed_at = rooms_.stream().next_volatile();
  changes_[in_room.changed_at] = room->nid();
  if (changes_.size() > kRememberedRooms) forget_oldest();
  rooms_.stream().wake_members(*room);
}

void Typing::forget_oldest() {
  auto const oldest = changes_.begin();
  auto const in_room = in_rooms_.find(oldest->second);
  // Somebody writes there still: the end of that will be the room's newest change.
  if (in_room == in_rooms_.end() || !in_room->second.users.empty()) return;
  in_rooms_.erase(in_room);
  changes_.erase(oldest);
}

std::int64_t Typing::changed_at(RoomNid room) const {
  auto const found = in_rooms_.find(room);
  return found == in_rooms_.end() ? 0 : found->second.changed_at;
}

bool Typing::is_anybody(RoomNid room) const {
  auto const found = in_rooms_.find(room);
  return found != in_rooms_.end() && !found->second.users.empty();
}

void Typing::append_event(std::string& out, RoomNid room) const {
  out += R"({"content":{"user_ids":[)";
  if (auto const found = in_rooms_.find(room); found != in_rooms_.end()) {
    bool first = true;
    for (auto const& [user, timer] : found->second.users) {
      if (!std::exchange(first, false)) out += ',';
      append_json_string(out, rooms_.identity().user_id(user));
    }
  }
  out += R"(]},"type":"m.typing"})";
}

}  // namespace torg::matrix
