// https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3pushers
#include "identity/http.hpp"

#include "matrix/push/push.hpp"
#include "matrix/room/render.hpp"

#include <charconv>

#include <boost/url/parse.hpp>

namespace torg::matrix {
namespace {

using identity::Requester;
using Answer = Task<Result<net::Response>>;

constexpr std::size_t kMostPushers = 50;
constexpr std::size_t kLongestAppId = 64;
constexpr std::size_t kLongestPushkey = 512;
constexpr std::size_t kLongestName = 256;
constexpr std::size_t kLargestData = 4096;
constexpr std::string_view kGatewayPath = "/_matrix/push/v1/notify";

json::object as_json(Pusher const& pusher) {
  json::object object{{"kind", pusher.kind == PusherKind::email ? "email" : "http"},
                      {"app_id", pusher.app_id},
                      {"pushkey", pusher.pushkey},
                      {"app_display_name", pusher.app_display_name},
                      {"device_display_name", pusher.device_display_name},
                      {"lang", pusher.lang},
                      {"data", pusher.data}};
  if (!pusher.profile_tag.empty()) object["profile_tag"] = pusher.profile_tag;
  return object;
}

Answer get_pushers(PushService& push, Requester requester) {
  json::array pushers;
  for (auto const& pusher : push.of(requester.user)) pushers.push_back(as_json(pusher));
  co_return identity::json_answer({{"pushers", std::move(pushers)}});
}

Result<std::string> text_of(json::object const& body, std::string_view key, std::size_t longest) {
  auto text = required_string(body, key);
  if (text && text->size() > longest)
    return fail(ErrorCode::invalid_param, "'" + std::string(key) + "' is too long.");
  return text;
}

Result<json::object> http_data(json::object const& body) {
  auto const* data = optional_object(body, "data");
  if (data == nullptr) return fail(ErrorCode::missing_param, "The field 'data' must be an object.");
  auto const text = optional_string(*data, "url");
  if (!text) return fail(ErrorCode::missing_param, "The field 'data.url' must be a text.");
  auto const url = boost::urls::parse_uri(*text);
  bool const web = url && (url->scheme_id() == boost::urls::scheme::https ||
                           url->scheme_id() == boost::urls::scheme::http);
  if (!web || std::string(url->encoded_path()) != kGatewayPath || url->has_userinfo()) {
    return fail(ErrorCode::invalid_param,
                "'data.url' must be a web address that ends in " + std::string(kGatewayPath) + ".");
  }
  if (json::serialize(*data).size() > kLargestData) return fail(ErrorCode::too_large, "'data' is too large.");
  return *data;
}

Result<json::object> mail_data(json::object const& body) {
  if (optional_string(body, "app_id") != "m.email")
    return fail(ErrorCode::invalid_param, "The app_id of a pusher of kind email is m.email.");
  if (!is_mail_address(optional_string(body, "pushkey").value_or("")))
    return fail(ErrorCode::invalid_param, "The pushkey of a pusher of kind email must be an address.");
  auto const* data = optional_object(body, "data");
  if (data == nullptr) return fail(ErrorCode::missing_param, "The field 'data' must be an object.");
  if (json::serialize(*data).size() > kLargestData) return fail(ErrorCode::too_large, "'data' is too large.");
  return *data;
}

Result<Pusher> parse_pusher(json::object const& body) {
  Pusher pusher;
  auto const take = [&](std::string_view key, std::size_t longest, std::string& place) -> Result<> {
    auto text = text_of(body, key, longest);
    if (!text) return fail(std::move(text));
    place = std::move(*text);
    return {};
  };
  if (auto r = take("app_display_name", kLongestName, pusher.app_display_name); !r) return fail(std::move(r));
  if (auto r = take("device_display_name", kLongestName, pusher.device_display_name); !r)
    return fail(std::move(r));
  if (auto r = take("lang", kLongestName, pusher.lang); !r) return fail(std::move(r));
  pusher.profile_tag = optional_string(body, "profile_tag").value_or("").substr(0, kLongestName);
  pusher.kind = optional_string(body, "kind") == "email" ? PusherKind::email : PusherKind::http;
  auto data = pusher.kind == PusherKind::email ? mail_data(body) : http_data(body);
  if (!data) return fail(std::move(data));
  pusher.data = std::move(*data);
  return pusher;
}

Answer set_pusher(PushService& push, Requester requester, net::Call& call) {
  auto const body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto app_id = text_of(*body, "app_id", kLongestAppId);
  if (!app_id) co_return std::unexpected(app_id.error());
  auto pushkey = text_of(*body, "pushkey", kLongestPushkey);
  if (!pushkey) co_return std::unexpected(pushkey.error());
  auto const* kind = body->if_contains("kind");
  if (kind == nullptr) co_return fail(ErrorCode::missing_param, "The field 'kind' is missing.");
  if (kind->is_null()) {
    auto const removed = co_await push.remove(requester.user, std::move(*app_id), std::move(*pushkey));
    if (!removed) co_return std::unexpected(removed.error());
    co_return identity::empty_answer();
  }
  if (*kind != "http" && *kind != "email")
    co_return fail(ErrorCode::invalid_param, "Pushers are of kind http or email.");
  auto pusher = parse_pusher(*body);
  if (!pusher) co_return std::unexpected(pusher.error());
  if (push.of(requester.user).size() >= kMostPushers)
    co_return fail(ErrorCode::limit_exceeded, "You have too many pushers.");
  pusher->owner = requester.user;
  pusher->session = requester.session;
  pusher->app_id = std::move(*app_id);
  pusher->pushkey = std::move(*pushkey);
  pusher->changed = to_ms(push.rooms().runtime().now());
  bool const append = optional_bool(*body, "append").value_or(false);
  Result<> set;
  if (pusher->kind == PusherKind::email)
    set = co_await push.set_mail(std::move(*pusher));
  else
    set = co_await push.set(std::move(*pusher),
                            append ? PushService::Others::keep : PushService::Others::remove);
  if (!set) co_return std::unexpected(set.error());
  co_return identity::empty_answer();
}

template <class Number>
std::optional<Number> number_of(std::optional<std::string> const& text) {
  Number number{};
  if (!text) return std::nullopt;
  auto const [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  return number;
}

json::array actions_of(PushActions const& actions) {
  json::array list{"notify"};
  for (auto const& [tweak, value] : actions.tweaks)
    list.push_back(json::object{{"set_tweak", tweak}, {"value", value}});
  return list;
}

Answer get_notifications(PushService& push, Requester requester, net::Call& call) {
  constexpr std::size_t kDefault = 20;
  constexpr std::size_t kMost = 100;
  auto const& request = call.request;
  auto const from = request.query("from");
  auto const before = number_of<std::int64_t>(from);
  if (from && !from->empty() && !before)
    co_return fail(ErrorCode::invalid_param, "'from' is no token of this server.");
  auto const limit =
      std::clamp(number_of<std::size_t>(request.query("limit")).value_or(kDefault), std::size_t{1}, kMost);
  auto const only =
      request.query("only") == "highlight" ? PushService::Only::highlights : PushService::Only::all;
  auto const start = before ? Position(*before) : Position(push.rooms().stream().last().value + 1);
  auto const page = co_await push.notified(requester.user, start, limit, only);
  if (!page) co_return std::unexpected(page.error());
  std::string out = R"({"notifications":[)";
  for (auto const& item : page->items) {
    if (&item != page->items.data()) out += ',';
    out += R"({"actions":)" + json::serialize(actions_of(item.actions)) + R"(,"event":)";
    append_client_event(out, *item.event, {push.rooms().identity(), requester.device_key, {}});
    out += item.read ? R"(,"read":true,"room_id":)" : R"(,"read":false,"room_id":)";
    append_json_string(out, item.room_id);
    out += R"(,"ts":)" + std::to_string(item.event->origin_server_ts) + '}';
  }
  out += ']';
  if (page->next) out += R"(,"next_token":")" + std::to_string(page->next->value) + '"';
  co_return net::json_response(out + '}');
}

}  // namespace

std::vector<net::Route> PushService::routes() {
  auto const route = [this](net::Method method, std::string_view pattern, auto handler) {
    return identity::user_route(method, pattern, rooms_.identity(),
                                [this, handler](Requester requester, net::Call& call) {
                                  return handler(*this, std::move(requester), call);
                                });
  };
  auto set = route(net::Method::post, "/_matrix/client/v3/pushers/set", set_pusher);
  set.limit = net::Limit::small_write;
  std::vector<net::Route> routes;
  routes.push_back(route(net::Method::get, "/_matrix/client/v3/pushers",
                         [](PushService& push, Requester requester, net::Call&) {
                           return get_pushers(push, std::move(requester));
                         }));
  routes.push_back(std::move(set));
  auto notifications = route(net::Method::get, "/_matrix/client/v3/notifications", get_notifications);
  notifications.limit = net::Limit::search;  // looks through many rooms
  routes.push_back(std::move(notifications));
  return routes;
}

}  // namespace torg::matrix
