// Thread subscriptions: https://github.com/matrix-org/matrix-spec-proposals/pull/4306
#include "identity/http.hpp"
#include "matrix/client_api/handler.hpp"
#include "matrix/room/visibility.hpp"

namespace torg::matrix {
namespace {

using Answer = Task<Result<net::Response>>;

struct Thread {
  std::shared_ptr<Room> room;
  EventPtr root;
};

/// `not_found` when there is no such event that the user may see.
Task<Result<Thread>> thread_in(ClientApi& api, UserNid user, net::Call const& call) {
  auto const no_thread = [] { return fail(ErrorCode::not_found, "There is no such thread."); };
  auto room = co_await api.rooms.load(call.path[0]);
  if (!room) co_return no_thread();
  auto root = co_await api.rooms.cached_event(call.path[1]);
  if (!root || (*root)->room != (*room)->nid()) co_return no_thread();
  auto const visibility = co_await Visibility::of(api.rooms, *room, user);
  if (!visibility || !visibility->allows(**root)) co_return no_thread();
  co_return Thread{std::move(*room), std::move(*root)};
}

net::Response refuse(unsigned status, std::string_view errcode, std::string_view message) {
  return identity::json_answer({{"errcode", errcode}, {"error", message}}, status);
}

Answer get_subscription(ClientApi& api, identity::Requester requester, net::Call& call) {
  auto const thread = co_await thread_in(api, requester.user, call);
  if (!thread) co_return std::unexpected(thread.error());
  auto const found =
      co_await api.subscriptions.get(requester.user, thread->room->nid(), thread->root->id.text());
  if (!found) co_return std::unexpected(found.error());
  co_return identity::json_answer({{"automatic", found->automatic}});
}

Answer put_subscription(ClientApi& api, identity::Requester requester, net::Call& call) {
  auto const body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto const thread = co_await thread_in(api, requester.user, call);
  if (!thread) co_return std::unexpected(thread.error());
  auto const root = thread->root->id.text();
  std::optional<Position> cause;
  if (auto const automatic = optional_string(*body, "automatic")) {
    auto const event = co_await api.rooms.cached_event(std::string(*automatic));
    auto const content = event ? parse_json_object((*event)->content) : Result<json::object>(json::object{});
    if (!event || (*event)->room != thread->room->nid() || !content || thread_of(*content) != root)
      co_return refuse(400, "IO.ELEMENT.MSC4306.M_NOT_IN_THREAD", "The event isn't in the thread.");
    cause = (*event)->position;
  }
  auto const outcome = co_await api.subscriptions.subscribe(requester.user, thread->room->nid(), root, cause);
  if (!outcome) co_return std::unexpected(outcome.error());
  if (*outcome == ThreadSubscriptions::Outcome::unsubscribed_since) {
    co_return refuse(409, "IO.ELEMENT.MSC4306.M_CONFLICTING_UNSUBSCRIPTION",
                     "You have unsubscribed from the thread since.");
  }
  co_return identity::empty_answer();
}

Answer delete_subscription(ClientApi& api, identity::Requester requester, net::Call& call) {
  auto const thread = co_await thread_in(api, requester.user, call);
  if (!thread) co_return std::unexpected(thread.error());
  auto const done =
      co_await api.subscriptions.unsubscribe(requester.user, thread->room->nid(), thread->root->id.text());
  if (!done) co_return std::unexpected(done.error());
  co_return identity::empty_answer();
}

}  // namespace

std::vector<net::Route> thread_subscription_routes(ClientApi& api) {
  static constexpr std::string_view kPath =
      "/_matrix/client/unstable/io.element.msc4306/rooms/{roomId}/thread/{eventId}/subscription";
  auto const route = [&api](net::Method method, auto handler) {
    return identity::user_route(method, kPath, api.rooms.identity(),
                                [&api, handler](identity::Requester requester, net::Call& call) {
                                  return handler(api, std::move(requester), call);
                                });
  };
  return net::limit_writes(
      {route(net::Method::get, get_subscription), route(net::Method::put, put_subscription),
       route(net::Method::delete_, delete_subscription)},
      net::Limit::small_write);
}

}  // namespace torg::matrix
