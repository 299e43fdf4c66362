#pragma once
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace torg {

/// What went wrong, in the words of the Matrix specification where it has one (`net::errcode` maps each to
/// its `M_…` name and HTTP status).
enum class ErrorCode : std::uint8_t {
  bad_json,     ///< JSON of the wrong shape
  not_json,     ///< not JSON at all
  bad_request,  ///< malformed in another way
  missing_param,
  invalid_param,
  missing_token,
  unknown_token,
  forbidden,
  not_found,
  unrecognized,  ///< no such endpoint
  method_not_allowed,
  too_large,
  limit_exceeded,
  user_in_use,
  invalid_username,
  exclusive,
  unknown_device,  ///< not one of the user's: an application service named it
  room_in_use,
  unsupported_room_version,
  incompatible_room_version,
  guest_access_forbidden,
  invite_blocked,  ///< who is invited takes no invitations from who invites
  user_deactivated,
  user_locked,     ///< by an administrator, until they unlock the account
  user_suspended,  ///< may read, but not act
  weak_password,
  resource_limit_exceeded,  ///< the server has as many accounts as its configuration allows
  user_limit_exceeded,  ///< what one person may have here is used up; the detail is an address that says more
  key_too_large,        ///< the name of a profile field
  profile_too_large,
  invalid_room_state,    ///< a room can't begin so
  duplicate_annotation,  ///< of one event, by one person
  invalid_signature,
  wrong_room_keys_version,
  threepid_denied,  ///< this server keeps no addresses of people
  threepid_not_found,
  cannot_leave_server_notice_room,
  bad_state,
  unknown_pos,
  bad_alias,
  not_yet_uploaded,
  finalised,  ///< it was done otherwise already
  conflict,   ///< somebody was faster; the caller may look again and retry
  held,       ///< a hold or an open request forbids it
  needs_second_person,
  rule_refuses,  ///< a records rule refuses; the message cites it
  storage_full,
  unavailable,         ///< try again later
  late,                ///< not done in time; it may be done yet
  url_not_set,         ///< of an application service
  connection_failed,   ///< to an application service
  connection_timeout,  ///< likewise
  bad_status,          ///< likewise
  internal,
};

/// One failure with two texts: `message` is safe and plain and goes to the caller; `detail` is for the log
/// only.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;
  std::string detail;
};

template <class T = void>
using Result = std::expected<T, Error>;

/// `return fail(ErrorCode::forbidden, "You are not in this room.");`
[[nodiscard]] inline std::unexpected<Error> fail(ErrorCode code, std::string message,
                                                 std::string detail = {}) {
  return std::unexpected(Error{code, std::move(message), std::move(detail)});
}

/// Hands an error on from one `Result` type to another.
template <class T>
[[nodiscard]] std::unexpected<Error> fail(Result<T>&& failed) {
  return std::unexpected(std::move(failed).error());
}

}  // namespace torg
