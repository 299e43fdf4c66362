#include "matrix/room/membership_history.hpp"

#include "matrix/room/service.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

/// Whether the user was nothing in the room before `at`, their newest change; false when that isn't in
/// memory.
Task<bool> is_first(RoomService& rooms, RoomNid room, std::string user_id, Position at) {
  auto const loaded = co_await rooms.load(room);
  if (!loaded) co_return false;
  auto const* event = (*loaded)->state("m.room.member", user_id);
  co_return event != nullptr && (*event)->position == at && !(*event)->replaces;
}

}  // namespace

Task<Result<MembershipHistory>> MembershipHistory::of(RoomService& rooms, RoomNid room, UserNid user,
                                                      Position oldest) {
  MembershipHistory history;
  auto const mine = co_await rooms.rooms_of(user);
  if (!mine) co_return std::unexpected(mine.error());
  auto const user_id = std::string(rooms.identity().user_id(user));
  if (auto const now = (*mine)->find(room); now != (*mine)->end()) {
    Change const last{now->second.position, now->second.membership};
    if (last.at <= oldest || co_await is_first(rooms, room, user_id, last.at)) {
      history.changes_.push_back(last);
      if (last.at <= oldest) history.known_from_ = last.at;
      co_return history;
    }
  }
  auto const type = rooms.types().find("m.room.member");
  auto const stored = co_await rooms.database().read(
      [&](db::Reader& reader) { return store::state_history(reader, rooms.types(), room, type, user_id); });
  if (!stored) co_return std::unexpected(stored.error());
  for (auto const& event : *stored) {
    auto const content = parse_json_object(event->content);
    auto const text = content ? optional_string(*content, "membership").value_or("") : "";
    history.changes_.push_back({event->position, parse_membership(text)});
  }
  co_return history;
}

std::optional<Membership> MembershipHistory::at(Position position) const {
  if (position < known_from_) return std::nullopt;
  auto const after = std::ranges::upper_bound(changes_, position, {}, &Change::at);
  if (after == changes_.begin()) return Membership::leave;
  auto const value = std::prev(after)->value;
  return value == Membership::none ? Membership::leave : value;
}

}  // namespace torg::matrix
