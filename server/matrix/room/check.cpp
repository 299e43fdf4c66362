#include "matrix/room/check.hpp"

#include "base/identifiers.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

Result<> check_power_levels(AuthState const& room, json::object const& content) {
  auto const levels = PowerLevels::parse(content, Levels::integer);
  if (!levels) return std::unexpected(levels.error());
  if (traits(room.version()).creators != Creators::all_powerful) return {};
  for (auto const& [user, level] : levels->users) {
    if (room.is_creator(user))
      return fail(ErrorCode::bad_json, "A creator of the room has all power and must not stand in 'users'.");
  }
  return {};
}

}  // namespace

Result<> check_content(AuthState const& room, std::string_view type, json::object const& content,
                       std::string_view server_name) {
  if (type == "m.room.power_levels") return check_power_levels(room, content);
  if (type == "m.room.create")
    return fail(ErrorCode::bad_request, "A room has one m.room.create event, its first.");
  // Other servers would wait for signatures that never come, and take nothing more from this room.
  // https://spec.matrix.org/v1.19/client-server-api/#policy-servers
  if (type == "m.room.policy" && optional_string(content, "via") == server_name)
    return fail(ErrorCode::bad_json, "This server is no policy server: 'via' must name another.");
  return {};
}

Result<> check_creation(RoomVersion version, json::object const& content) {
  auto const* more = content.if_contains("additional_creators");
  if (more == nullptr || traits(version).creators != Creators::all_powerful) return {};
  auto const* list = more->if_array();
  auto const is_user = [](json::value const& id) {
    return id.is_string() && is_valid_user_id(id.get_string());
  };
  if (list != nullptr && std::ranges::all_of(*list, is_user)) return {};
  return fail(ErrorCode::bad_json, "The field 'additional_creators' must be a list of user ids.");
}

}  // namespace torg::matrix
