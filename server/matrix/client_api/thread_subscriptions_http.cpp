// Thread subscriptions: https://github.com/matrix-org/matrix-spec-proposals/pull/4306
#include "identity/http.hpp"
#include "matrix/client_api/handler.hpp"
#include "matrix/room/visibility.hpp"

#include <charconv>

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

/// Changes that a sliding sync left out because there were many, newest first (MSC4308).
Answer list_subscriptions(ClientApi& api, identity::Requester requester, net::Call& call) {
  auto const& request = call.request;
  if (request.query("dir") != "b") co_return fail(ErrorCode::invalid_param, "'dir' must be b.");
  auto to = api.rooms.stream().last();
  if (auto const from = request.query("from")) {
    auto const before = parse_history_token(*from);
    if (!before) co_return fail(ErrorCode::invalid_param, "'from' is not a token of this server.");
    to = Position(before->value - 1);
  }
  Position after;
  if (auto const pos = request.query("to")) {
    auto const end = parse_history_token(*pos);
    if (!end) co_return fail(ErrorCode::invalid_param, "'to' is not a token of this server.");
    after = Position(end->value - 1);
  }
  std::size_t limit = 100;
  if (auto const text = request.query("limit")) {
    auto const [end, error] = std::from_chars(text->data(), text->data() + text->size(), limit);
    if (error != std::errc{} || end != text->data() + text->size() || limit == 0)
      co_return fail(ErrorCode::invalid_param, "'limit' must be a number above zero.");
  }
  auto page = co_await api.subscriptions.page(requester.user, after, to, limit);
  if (!page) co_return std::unexpected(page.error());
  if (page->more_before) page->body["end"] = history_token(*page->more_before);
  co_return identity::json_answer(std::move(page->body));
}

}  // namespace

std::vector<net::Route> thread_subscription_routes(ClientApi& api) {
  static constexpr std::string_view kPath =
      "/_matrix/client/unstable/io.element.msc4306/rooms/{roomId}/thread/{eventId}/subscription";
  constexpr std::string_view kList = "/_matrix/client/unstable/io.element.msc4308/thread_subscriptions";
  auto const route = [&api](net::Method method, std::string_view path, auto handler) {
    return identity::user_route(method, path, api.rooms.identity(),
                                [&api, handler](identity::Requester requester, net::Call& call) {
                                  return handler(api, std::move(requester), call);
                                });
  };
  return net::limit_writes(
      {route(net::Method::get, kPath, get_subscription), route(net::Method::put, kPath, put_subscription),
       route(net::Method::delete_, kPath, delete_subscription),
       route(net::Method::get, kList, list_subscriptions)},
      net::Limit::small_write);
}

}  // namespace torg::matrix
