#pragma once
#include "matrix/auth/auth.hpp"

namespace torg::matrix {

// What we ask of the events of our own users beyond what every server must: a client hears of a mistake as
// such (400) instead of a refusal, and nobody here writes what rooms tolerate of old servers only.

/// `bad_json` or `bad_request`: power levels that are no integers or name a creator, another m.room.create,
/// `server_name`, which is no policy server, as the room's policy server.
[[nodiscard]] Result<> check_content(AuthState const& room, std::string_view type,
                                     json::object const& content, std::string_view server_name);
/// `bad_json`: `additional_creators` that are no list of user ids, where the version has them.
[[nodiscard]] Result<> check_creation(RoomVersion version, json::object const& content);

}  // namespace torg::matrix
