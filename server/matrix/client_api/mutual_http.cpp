// The rooms that two people share.
#include "base/identifiers.hpp"
#include "matrix/client_api/reading.hpp"

#include <charconv>

namespace torg::matrix {
namespace {

using enum net::Method;

constexpr std::size_t kPage = 100;

/// The rooms that both have joined, in the order in which this server met them.
Task<Result<std::vector<RoomNid>>> shared_rooms(ClientApi& api, UserNid a, UserNid b) {
  auto const of_a = co_await api.rooms.rooms_of(a);
  if (!of_a) co_return std::unexpected(of_a.error());
  auto const of_b = co_await api.rooms.rooms_of(b);
  if (!of_b) co_return std::unexpected(of_b.error());
  std::vector<RoomNid> shared;
  for (auto const& [room, member] : **of_a) {
    auto const other = (*of_b)->find(room);
    bool const both = member.membership == Membership::join && other != (*of_b)->end() &&
                      other->second.membership == Membership::join;
    if (both) shared.push_back(room);
  }
  co_return shared;
}

/// The token is the number of the last room given.
/// @see https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1mutual_rooms
Answer mutual_rooms(ClientApi& api, Asked asked) {
  auto const& request = asked.call.request;
  auto const user_id = request.query("user_id");
  if (!user_id) co_return fail(ErrorCode::missing_param, "The parameter 'user_id' is missing.");
  auto const self = asked.requester.user;
  if (!user_id->starts_with('@') || *user_id == api.rooms.identity().user_id(self))
    co_return fail(ErrorCode::invalid_param, "'user_id' must be another person's user id.");
  RoomNid after;
  if (auto const from = request.query("from"); from && !from->empty()) {
    auto const [end, error] = std::from_chars(from->data(), from->data() + from->size(), after.value);
    if (error != std::errc() || end != from->data() + from->size())
      co_return fail(ErrorCode::invalid_param, "'from' is not a token of this server.");
  }
  std::vector<RoomNid> shared;
  if (auto const other = api.rooms.identity().find(*user_id)) {
    auto found = co_await shared_rooms(api, self, other);
    if (!found) co_return std::unexpected(found.error());
    shared = std::move(*found);
  }
  json::object out{{"count", shared.size()}};
  json::array joined;
  RoomNid last = after;
  for (auto const nid : shared) {
    if (nid <= after) continue;
    if (joined.size() == kPage) {
      out["next_batch"] = std::to_string(last.value);
      break;
    }
    auto const id = co_await api.rooms.room_id(nid);
    if (!id) co_return std::unexpected(id.error());
    joined.emplace_back(id->value);
    last = nid;
  }
  out["joined"] = std::move(joined);
  co_return json::serialize(out);
}

}  // namespace

std::vector<net::Route> mutual_routes(ClientApi& api) {
  return {
      authed(api, get, "/_matrix/client/v1/mutual_rooms", mutual_rooms),
      authed(api, get, "/_matrix/client/unstable/uk.half-shot.msc2666/user/mutual_rooms", mutual_rooms),
  };
}

}  // namespace torg::matrix
