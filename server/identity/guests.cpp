#include "identity/guests.hpp"

#include <algorithm>
#include <array>

namespace torg::identity {
namespace {

using enum net::Method;

/// `*` stands for one segment, `**` for the rest.
struct Allowed {
  net::Method method;
  std::string_view path;  ///< behind `/_matrix/client/{version}/`
};

// The specification's lists; redacting, receipts and typing are part of taking part in a room, filters of
// syncing and logging out of having come.
constexpr std::array kAllowed{
    Allowed{get, "rooms/*/state"},
    Allowed{get, "rooms/*/state/**"},
    Allowed{get, "rooms/*/context/*"},
    Allowed{get, "rooms/*/event/*"},
    Allowed{get, "rooms/*/messages"},
    Allowed{get, "rooms/*/members"},
    Allowed{get, "rooms/*/joined_members"},
    Allowed{get, "rooms/*/initialSync"},
    Allowed{get, "joined_rooms"},
    Allowed{get, "sync"},
    Allowed{get, "events"},
    Allowed{get, "media/**"},
    Allowed{get, "capabilities"},
    Allowed{post, "join/*"},
    Allowed{post, "rooms/*/join"},
    Allowed{post, "rooms/*/leave"},
    Allowed{put, "rooms/*/send/**"},
    Allowed{put, "rooms/*/state/**"},
    Allowed{put, "rooms/*/redact/**"},
    Allowed{put, "rooms/*/typing/*"},
    Allowed{post, "rooms/*/receipt/**"},
    Allowed{put, "sendToDevice/**"},
    Allowed{put, "profile/*/displayname"},
    Allowed{delete_, "profile/*/displayname"},
    Allowed{get, "profile/**"},
    Allowed{get, "devices"},
    Allowed{get, "devices/*"},
    Allowed{put, "devices/*"},
    Allowed{get, "account/whoami"},
    Allowed{post, "keys/upload"},
    Allowed{post, "keys/query"},
    Allowed{post, "keys/claim"},
    Allowed{post, "user/*/filter"},
    Allowed{get, "user/*/filter/*"},
    Allowed{get, "pushrules/**"},
    Allowed{post, "logout"},
    Allowed{post, "logout/all"},
};

std::string_view take_segment(std::string_view& path) {
  auto const segment = path.substr(0, path.find('/'));
  path.remove_prefix(std::min(path.size(), segment.size() + 1));
  return segment;
}

bool fits(std::string_view pattern, std::string_view path) {
  while (!pattern.empty()) {
    auto const wanted = take_segment(pattern);
    if (wanted == "**") return true;
    if (path.empty()) return false;
    auto const segment = take_segment(path);
    if (wanted != "*" && wanted != segment) return false;
  }
  return path.empty();
}

}  // namespace

bool guest_may(net::Method method, std::string_view path) {
  constexpr std::string_view kClient = "/_matrix/client/";
  if (!path.starts_with(kClient)) return false;
  path.remove_prefix(kClient.size());
  (void)take_segment(path);  // the version
  if (method == head) method = get;
  return std::ranges::any_of(
      kAllowed, [&](Allowed const& each) { return each.method == method && fits(each.path, path); });
}

}  // namespace torg::identity
