// Who may join a restricted room without invitation, and who of ours vouches for them.
// https://spec.matrix.org/v1.19/client-server-api/#restricted-rooms
#include "matrix/room/restricted.hpp"

#include "base/identifiers.hpp"

namespace torg::matrix {
namespace {

bool is_restricted(Room const& room) {
  auto const& version = traits(room.version());
  if (room.join_rule() == "restricted") return version.restricted == Restricted::allowed;
  return room.join_rule() == "knock_restricted" && version.knocking == Knocking::also_restricted;
}

/// The rooms whose members may join; what isn't understood opens nothing.
std::vector<std::string> allowed_rooms(Room const& room) {
  std::vector<std::string> ids;
  auto const* rules = room.state("m.room.join_rules", "");
  auto const content = rules == nullptr ? std::nullopt : std::optional(parse_json_object((*rules)->content));
  auto const* allow = content && *content ? optional_array(**content, "allow") : nullptr;
  if (allow == nullptr) return ids;
  for (auto const& entry : *allow) {
    auto const* condition = entry.if_object();
    if (condition == nullptr || optional_string(*condition, "type") != "m.room_membership") continue;
    if (auto const id = optional_string(*condition, "room_id")) ids.emplace_back(*id);
  }
  return ids;
}

std::optional<std::string> local_inviter(RoomService& rooms, Room const& room) {
  auto const& levels = room.power_levels();
  auto const may_invite = [&](std::string_view user_id) {
    return server_of(user_id) == rooms.server_name() && room.membership(user_id) == Membership::join &&
           power_of(room, user_id) >= levels.invite;
  };
  for (auto const& creator : room.creators()) {
    if (may_invite(creator)) return creator;
  }
  for (auto const& [user_id, level] : levels.users) {
    if (may_invite(user_id)) return user_id;
  }
  if (levels.users_default < levels.invite) return std::nullopt;
  for (auto const user : room.joined_members()) {
    if (auto const& user_id = rooms.identity().user_id(user); may_invite(user_id)) return user_id;
  }
  return std::nullopt;
}

}  // namespace

Task<std::optional<std::string>> voucher(RoomService& rooms, std::shared_ptr<Room> room, UserNid user) {
  if (!is_restricted(*room) || room->member(user) == Membership::invite) co_return std::nullopt;
  for (auto& id : allowed_rooms(*room)) {
    auto const other = co_await rooms.load(std::move(id));
    if (other && (*other)->is_joined(user)) co_return local_inviter(rooms, *room);
  }
  co_return std::nullopt;
}

}  // namespace torg::matrix
