// Events that are sent later. https://github.com/matrix-org/matrix-spec-proposals/pull/4140
#include "identity/http.hpp"
#include "matrix/client_api/handler.hpp"

#include <charconv>

namespace torg::matrix {
namespace {

using enum net::Method;
using net::Limit;
using Answer = Task<Result<std::string>>;

constexpr std::string_view kDelay = "org.matrix.msc4140.delay";
constexpr std::string_view kSticky = "org.matrix.msc4354.sticky_duration_ms";
constexpr std::int64_t kLargestInteger = (std::int64_t{1} << 53) - 1;

/// None when the parameter isn't there.
Result<std::optional<std::int64_t>> number_of(Asked const& asked, std::string_view name, std::int64_t least,
                                              std::int64_t most) {
  auto const text = asked.call.request.query(name);
  if (!text) return std::nullopt;
  std::int64_t value = 0;
  auto const [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size() || value < least || value > most) {
    return fail(ErrorCode::invalid_param, "'" + std::string(name) + "' must be a whole number from " +
                                              std::to_string(least) + " to " + std::to_string(most) + ".");
  }
  return value;
}

std::string delay_id_answer(std::string const& id) { return R"({"delay_id":")" + id + R"("})"; }

/// Under the names of today's proposal, and those that clients of the year before know.
json::object event_body(DelayedEvent const& event, std::string const& room_id) {
  auto content = parse_json_object(event.content);
  json::object body{{"delay_id", event.delay_id},
                    {"room_id", room_id},
                    {"type", event.type},
                    {"delay_ms", event.delay_ms},
                    {"delay", event.delay_ms},
                    {"delayed_since_ts", event.scheduled_at},
                    {"running_since", event.scheduled_at},
                    {"content", content ? std::move(*content) : json::object()}};
  if (event.state_key) body["state_key"] = *event.state_key;
  if (event.finalised_at == 0) return body;
  json::object finalised{{"finalised_ts", event.finalised_at}};
  if (!event.event_id.empty()) finalised["event_id"] = event.event_id;
  if (auto error = parse_json_object(event.error); error && !error->empty())
    finalised["error"] = std::move(*error);
  body["finalised"] = std::move(finalised);
  return body;
}

Task<Result<json::object>> described(ClientApi& api, DelayedEvent event) {
  auto const room = co_await api.rooms.room_id(event.room);
  if (!room && room.error().code != ErrorCode::not_found) co_return std::unexpected(room.error());
  co_return event_body(event, room ? room->value : "");
}

Answer list(ClientApi& api, Asked asked) {
  bool const finalised = asked.call.request.query("status") == "finalised";
  auto const which = finalised ? DelayedEvents::Which::finalised : DelayedEvents::Which::scheduled;
  auto const events = co_await api.delayed.of(asked.requester.user, which);
  if (!events) co_return std::unexpected(events.error());
  json::array bodies;
  for (auto const& event : *events) {
    auto body = co_await described(api, event);
    if (!body) co_return std::unexpected(body.error());
    bodies.emplace_back(std::move(*body));
  }
  co_return json::serialize(json::object{{"delayed_events", std::move(bodies)}});
}

Answer one(ClientApi& api, Asked asked) {
  auto const event = co_await api.delayed.one(asked.requester.user, asked.path(0));
  if (!event) co_return std::unexpected(event.error());
  auto const body = co_await described(api, *event);
  if (!body) co_return std::unexpected(body.error());
  co_return json::serialize(*body);
}

/// With everything in the body.
Answer put_delayed(ClientApi& api, Asked asked) {
  auto const body = asked.required_body();
  if (!body) co_return std::unexpected(body.error());
  auto const delay = optional_integer(*body, "delay_ms");
  if (!delay) co_return fail(ErrorCode::missing_param, "The field 'delay_ms' must be a whole number.");
  if (*delay < 1) co_return fail(ErrorCode::invalid_param, "'delay_ms' must be greater than 0.");
  auto const* content = optional_object(*body, "content");
  if (content == nullptr) co_return fail(ErrorCode::missing_param, "The field 'content' must be an object.");
  auto const options = send_options(asked);
  if (!options) co_return std::unexpected(options.error());
  SendEvent event{.type = asked.path(1),
                  .transaction_id = asked.path(2),
                  .origin_server_ts = options->origin_server_ts,
                  .sticky_ms = options->sticky_ms};
  if (auto const key = optional_string(*body, "state_key")) event.state_key = std::string(*key);
  asked.call.request.body = json::serialize(*content);
  auto room_id = asked.path(0);
  co_return co_await schedule(api, std::move(asked), std::move(event), std::move(room_id), *delay);
}

std::optional<DelayedEvents::Action> action_of(std::string_view name) {
  if (name == "send") return DelayedEvents::Action::send;
  if (name == "cancel") return DelayedEvents::Action::cancel;
  if (name == "restart") return DelayedEvents::Action::restart;
  return std::nullopt;
}

/// Whoever signs in acts on their own events. Without a token the id is what opens it: SPEC: older texts of
/// the proposal had it so, and the media servers of calls rely on it.
Task<Result<net::Response>> act(ClientApi& api, net::Call& call, std::string name) {
  auto const action = action_of(name);
  if (!action) co_return fail(ErrorCode::not_found, "A delayed event can be sent, cancelled or restarted.");
  std::optional<UserNid> by;
  if (auto const requester = api.rooms.identity().authenticate(call.request))
    by = requester->user;
  else if (requester.error().code != ErrorCode::missing_token)
    co_return std::unexpected(requester.error());
  auto const done = co_await api.delayed.act(call.path[0], *action, by);
  if (!done) co_return std::unexpected(done.error());
  co_return identity::empty_answer();
}

Task<Result<net::Response>> act_by_path(ClientApi& api, net::Call& call) {
  co_return co_await act(api, call, call.path[1]);
}

Task<Result<net::Response>> act_by_body(ClientApi& api, net::Call& call) {
  auto const body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto const action = required_string(*body, "action");
  if (!action) co_return std::unexpected(action.error());
  co_return co_await act(api, call, *action);
}

net::Route open(ClientApi& api, std::string_view pattern,
                Task<Result<net::Response>> (*handler)(ClientApi&, net::Call&)) {
  auto route =
      identity::open_route(post, pattern, [&api, handler](net::Call& call) { return handler(api, call); });
  route.limit = Limit::small_write;
  return route;
}

}  // namespace

Result<SendOptions> send_options(Asked const& asked) {
  auto const delay = number_of(asked, kDelay, 1, kLargestInteger);
  if (!delay) return std::unexpected(delay.error());
  auto const sticky = number_of(asked, kSticky, 0, StickyEvents::kLongestMs);
  if (!sticky) return std::unexpected(sticky.error());
  SendOptions options{.delay_ms = *delay, .sticky_ms = *sticky, .origin_server_ts = std::nullopt};
  if (asked.requester.service == nullptr) return options;
  auto const ts = number_of(asked, "ts", 0, kLargestInteger);
  if (!ts) return std::unexpected(ts.error());
  options.origin_server_ts = *ts;
  return options;
}

Task<Result<std::string>> schedule(ClientApi& api, Asked asked, SendEvent event, std::string room_id,
                                   std::int64_t delay_ms) {
  auto const room = co_await joined_room(api, std::move(room_id), asked.requester.user);
  if (!room) co_return std::unexpected(room.error());
  DelayedEvent wanted{.sender = asked.requester.user,
                      .room = (*room)->nid(),
                      .type = std::move(event.type),
                      .state_key = std::move(event.state_key),
                      .delay_ms = delay_ms,
                      .origin_server_ts = event.origin_server_ts,
                      .sticky_ms = event.sticky_ms,
                      .device = asked.requester.device_key};
  if (!event.transaction_id.empty()) {
    wanted.transaction_id =
        std::to_string(wanted.room.value) + '/' + wanted.type + '/' + event.transaction_id;
    auto const known = co_await api.delayed.known(wanted.device, wanted.transaction_id);
    if (!known) co_return std::unexpected(known.error());
    if (*known) co_return delay_id_answer(**known);
  }
  auto const content = asked.required_body();
  if (!content) co_return std::unexpected(content.error());
  wanted.content = json::serialize(*content);
  auto const id = co_await api.delayed.schedule(std::move(wanted));
  if (id) co_return delay_id_answer(*id);
  auto const wait = api.delayed.next_due(asked.requester.user);
  if (id.error().code != ErrorCode::limit_exceeded) co_return std::unexpected(id.error());
  co_return std::unexpected(limited(id.error().message, wait));
}

std::vector<net::Route> delayed_routes(ClientApi& api) {
  constexpr std::string_view kAll = "/_matrix/client/unstable/org.matrix.msc4140/delayed_events";
  constexpr std::string_view kOne = "/_matrix/client/unstable/org.matrix.msc4140/delayed_events/{delayId}";
  constexpr std::string_view kAct =
      "/_matrix/client/unstable/org.matrix.msc4140/delayed_events/{delayId}/{action}";
  return {
      authed(api, put,
             "/_matrix/client/unstable/org.matrix.msc4140/rooms/{roomId}/delayed_event/{eventType}/{txnId}",
             put_delayed, Limit::message),
      authed(api, get, kAll, list),
      authed(api, get, kOne, one),
      open(api, kOne, act_by_body),
      open(api, kAct, act_by_path),
  };
}

}  // namespace torg::matrix
