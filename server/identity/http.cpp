#include "identity/http.hpp"

#include "base/encoding.hpp"
#include "identity/handlers.hpp"

#include <algorithm>
#include <array>

namespace torg::identity {
namespace {

// The handlers live in the routes, the routes in the router, and that outlives every request.

Task<net::Response> answer_anybody(OpenHandler const& handler, net::Call& call) {
  auto answer = co_await handler(call);
  co_return answer ? std::move(*answer) : error_answer(answer.error());
}

Task<net::Response> answer_user(Identity const& identity, UserHandler const& handler, net::Call& call) {
  auto requester = identity.authenticate(call.request);
  if (!requester) co_return error_answer(requester.error());
  auto answer = co_await handler(std::move(*requester), call);
  co_return answer ? std::move(*answer) : error_answer(answer.error());
}

net::Response password_challenge(Identity& identity, std::optional<Error> const& error) {
  std::array<unsigned char, 12> random{};
  identity.runtime().fill_random(random);
  auto const session =
      base64_encode({reinterpret_cast<char const*>(random.data()), random.size()}, Base64::url);
  auto body = challenge_body("m.login.password", session);
  if (error) {
    body["errcode"] = net::errcode(error->code);
    body["error"] = error->message;
  }
  return json_answer(body, 401);
}

/// The user named by `identifier`, or by the older `user`.
std::optional<std::string> named_user(json::object const& auth) {
  if (auto const* identifier = optional_object(auth, "identifier")) {
    if (optional_string(*identifier, "type") != "m.id.user") return std::nullopt;
    return optional_string(*identifier, "user").transform([](auto name) { return std::string(name); });
  }
  return optional_string(auth, "user").transform([](auto name) { return std::string(name); });
}

}  // namespace

net::Route open_route(net::Method method, std::string_view pattern, OpenHandler handler) {
  return {.method = method, .pattern = pattern, .handler = [handler = std::move(handler)](net::Call& call) {
            return answer_anybody(handler, call);
          }};
}

net::Route user_route(net::Method method, std::string_view pattern, Identity const& identity,
                      UserHandler handler) {
  return {.method = method,
          .pattern = pattern,
          .handler = [&identity, handler = std::move(handler)](
                         net::Call& call) { return answer_user(identity, handler, call); },
          .admit = only_signed_in(identity)};
}

std::function<std::optional<net::Response>(net::Request const&)> only_signed_in(Identity const& identity) {
  return [&identity](net::Request const& request) -> std::optional<net::Response> {
    constexpr std::size_t kSmall = 4;  // digits; to look twice at every token would cost more than it saves
    auto const length = request.header("content-length");
    bool const small = length ? length->size() <= kSmall : !request.header("transfer-encoding");
    if (small) return std::nullopt;
    auto const requester = identity.authenticate(request);
    if (requester) return std::nullopt;
    return error_answer(requester.error());
  };
}

net::Response error_answer(Error const& error) {
  auto response = net::error_response(error);
  if (error.code == ErrorCode::unknown_token && error.detail == "soft_logout") {
    response.body.insert(response.body.size() - 1, R"(,"soft_logout":true)");
  }
  return response;
}

net::Response json_answer(json::object const& body, unsigned status) {
  return net::json_response(json::serialize(body), status);
}

net::Response empty_answer() { return net::json_response("{}"); }

Task<std::optional<net::Response>> confirm_password(Identity& identity, Requester requester,
                                                    json::object body) {
  auto const* auth = optional_object(body, "auth");
  if (auth == nullptr) co_return password_challenge(identity, std::nullopt);
  auto const password = optional_string(*auth, "password");
  if (optional_string(*auth, "type") != "m.login.password" || !password) {
    co_return password_challenge(identity, Error{ErrorCode::forbidden, "Confirm with your password.", {}});
  }
  auto const name = named_user(*auth).value_or(std::string(requester.user_id));
  auto const user = co_await identity.check_password(name, std::string(*password));
  if (!user && user.error().retry_after.count() > 0) co_return refusal_answer(user.error());
  if (!user) co_return password_challenge(identity, user.error().error);
  if (*user != requester.user) {
    co_return password_challenge(identity,
                                 Error{ErrorCode::forbidden, "This is another user's password.", {}});
  }
  co_return std::nullopt;
}

std::vector<net::Route> routes(Identity& identity) {
  std::vector<net::Route> all;
  for (auto* part : {login_routes, registration_routes, device_routes, key_routes, profile_routes,
                     account_data_routes, push_rule_routes, discovery_routes}) {
    std::ranges::move(part(identity), std::back_inserter(all));
  }
  return net::limit_writes(std::move(all), net::Limit::small_write);
}

net::Route bind(net::Method method, std::string_view pattern, Identity& identity, OpenFunction function,
                net::Limit limit) {
  auto route = open_route(method, pattern,
                          [&identity, function](net::Call& call) { return function(identity, call); });
  route.limit = limit;
  return route;
}

net::Route bind(net::Method method, std::string_view pattern, Identity& identity, UserFunction function,
                net::Limit limit) {
  auto route =
      user_route(method, pattern, identity, [&identity, function](Requester requester, net::Call& call) {
        return function(identity, std::move(requester), call);
      });
  route.limit = limit;
  return route;
}

net::Response refusal_answer(Identity::Refusal const& refusal) {
  if (refusal.retry_after.count() > 0) return net::limited_response(refusal.error, refusal.retry_after);
  return error_answer(refusal.error);
}

json::object grant_body(Identity const& identity, Grant const& grant) {
  json::object body{{"user_id", grant.user_id},
                    {"access_token", grant.access_token},
                    {"device_id", grant.device_id},
                    {"home_server", identity.users().server_name()}};
  if (grant.refresh_token) body["refresh_token"] = *grant.refresh_token;
  if (grant.expires_in) body["expires_in_ms"] = grant.expires_in->count();
  return body;
}

json::object challenge_body(std::string_view stage, std::string_view session) {
  json::array stages;
  stages.emplace_back(stage);
  json::array flows;
  flows.emplace_back(json::object{{"stages", std::move(stages)}});
  return {{"flows", std::move(flows)}, {"params", json::object()}, {"session", session}};
}

Refresh wants_refresh(json::object const& body) {
  return optional_bool(body, "refresh_token").value_or(false) ? Refresh::supported : Refresh::unsupported;
}

Result<> check_own(Requester const& requester, std::string_view user_id) {
  if (user_id == requester.user_id) return {};
  return fail(ErrorCode::forbidden, "This belongs to another user.");
}

}  // namespace torg::identity
