#pragma once
#include <cstddef>
#include <string_view>

namespace torg {

/// A server name: host (DNS name, IPv4 or bracketed IPv6 address) with an optional port.
/// @see https://spec.matrix.org/v1.19/appendices/#server-name
[[nodiscard]] bool is_valid_server_name(std::string_view name);

/// A user id as other servers may use it: the historical grammar, 255 bytes at most.
/// @see https://spec.matrix.org/v1.19/appendices/#historical-user-ids
[[nodiscard]] bool is_valid_user_id(std::string_view user_id);

/// A room alias of any server: 255 bytes at most.
/// @see https://spec.matrix.org/v1.19/appendices/#room-aliases
[[nodiscard]] bool is_valid_room_alias(std::string_view alias);

/// The localpart that a *new* account may have: `a-z 0-9 . _ = - / +`, not empty.
/// @see https://spec.matrix.org/v1.19/appendices/#user-identifiers
[[nodiscard]] bool is_valid_new_localpart(std::string_view localpart);

/// What stands behind the first `:` of a user id, alias or the like; empty when there is none.
[[nodiscard]] std::string_view server_of(std::string_view id);
/// What stands between the sigil and the first `:`.
[[nodiscard]] std::string_view localpart_of(std::string_view id);

}  // namespace torg
