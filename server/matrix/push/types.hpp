#pragma once
#include "base/ids.hpp"
#include "base/json.hpp"

namespace torg::matrix {

enum class PusherKind : std::uint8_t { http, email };

/// Where the notifications of a user are sent.
/// @see https://spec.matrix.org/v1.19/client-server-api/#receiving-notifications
struct Pusher {
  std::int64_t nid = 0;
  UserNid owner;
  PusherKind kind = PusherKind::http;
  std::int64_t session = 0;  ///< it ends with it
  std::string app_id;
  std::string pushkey;  ///< of email: the address
  std::string app_display_name;
  std::string device_display_name;
  std::string profile_tag;  ///< empty: none
  std::string lang;
  json::object data;         ///< with `url`, and `format` when the client wants less than everything
  std::int64_t changed = 0;  ///< milliseconds
  EventNid done;             ///< events up to here need no notification any more
  std::string token;         ///< email: what the links in letters hold
  bool confirmed = true;     ///< email: somebody who reads its letters wants them
};

}  // namespace torg::matrix
