// Asking to be let in.
#include "matrix/client_api/reading.hpp"

namespace torg::matrix {
namespace {

using enum net::Method;

/// The room's own rules decide who may knock; the answer comes as an invitation, or as a leave.
/// @see https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3knockroomidoralias
Answer knock(ClientApi& api, Asked asked) {
  auto const body = asked.body();
  if (!body) co_return std::unexpected(body.error());
  auto room_id = co_await resolve_room(api, asked.path(0));
  if (!room_id) co_return std::unexpected(room_id.error());
  auto const room = co_await api.rooms.load(std::move(*room_id));
  // SPEC: not 404, and the words of the room's rules: nobody learns which rooms there are.
  if (!room && room.error().code == ErrorCode::not_found)
    co_return fail(ErrorCode::forbidden, "One can't knock at this room.");
  if (!room) co_return std::unexpected(room.error());
  auto const user = asked.requester.user;
  // Knocking twice is no news.
  if ((*room)->member(user) != Membership::knock) {
    auto const done =
        co_await api.rooms.set_membership((*room)->nid(), user, user, Membership::knock,
                                          std::string(optional_string(*body, "reason").value_or("")));
    if (!done) co_return std::unexpected(done.error());
  }
  co_return json::serialize(json::object{{"room_id", (*room)->id().value}});
}

}  // namespace

std::vector<net::Route> knock_routes(ClientApi& api) {
  return {authed(api, post, "/_matrix/client/v3/knock/{roomIdOrAlias}", knock, net::Limit::membership)};
}

}  // namespace torg::matrix
