// Who is there, for those who share a room.
#include "matrix/client_api/reading.hpp"

namespace torg::matrix {
namespace {

using enum net::Method;

constexpr std::size_t kLongestStatus = 1'024;

Answer get_presence(ClientApi& api, Asked asked) {
  auto const user = api.rooms.identity().find(asked.path(0));
  auto const reader = asked.requester.user;
  bool const may = user && (user == reader || co_await api.rooms.share_a_room(user, reader));
  if (!may) co_return fail(ErrorCode::forbidden, "You share no room with this person.");
  co_return json::serialize(api.presence.content(user));
}

Answer put_presence(ClientApi& api, Asked asked) {
  auto const body = asked.required_body();
  if (!body) co_return std::unexpected(body.error());
  auto const user = asked.requester.user;
  if (asked.path(0) != api.rooms.identity().user_id(user))
    co_return fail(ErrorCode::forbidden, "You can only say of yourself whether you are there.");
  auto const text = required_string(*body, "presence");
  if (!text) co_return std::unexpected(text.error());
  auto const state = parse_presence(*text);
  if (!state) co_return fail(ErrorCode::invalid_param, "'presence' must be online, unavailable or offline.");
  std::string status(optional_string(*body, "status_msg").value_or(""));
  if (status.size() > kLongestStatus)
    co_return fail(ErrorCode::too_large, "'status_msg' is longer than 1024 bytes.");
  auto const rooms = co_await api.rooms.rooms_of(user);
  if (!rooms) co_return std::unexpected(rooms.error());
  api.presence.set(user, *state, std::move(status), **rooms);
  co_return "{}";
}

}  // namespace

std::vector<net::Route> presence_routes(ClientApi& api) {
  constexpr std::string_view kStatus = "/_matrix/client/v3/presence/{userId}/status";
  return {
      authed(api, get, kStatus, get_presence),
      authed(api, put, kStatus, put_presence, net::Limit::small_write),
  };
}

}  // namespace torg::matrix
