#include "identity/http.hpp"

#include "identity/handlers.hpp"

#include <algorithm>

namespace torg::identity {
namespace {

constexpr std::string_view kSoftLogout = "soft_logout";
constexpr std::string_view kAnother = "another user's password";
/// Of bodies in memory there is a limit for all together, which strangers must not fill.
constexpr std::uint64_t kStrangersBody = 64 * 1024;

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

/// The user named by `identifier`, or by the older `user`.
std::optional<std::string> named_user(json::object const& auth) {
  if (auto const* identifier = optional_object(auth, "identifier")) {
    if (optional_string(*identifier, "type") != "m.id.user") return std::nullopt;
    return optional_string(*identifier, "user").transform([](auto name) { return std::string(name); });
  }
  return optional_string(auth, "user").transform([](auto name) { return std::string(name); });
}

/// The proof that one stage asks for. `forbidden` when it doesn't hold.
Task<std::expected<void, Identity::Refusal>> prove(Identity& identity, UserNid user, std::string_view stage,
                                                   json::object auth) {
  auto const refuse = [](std::string message, std::string_view detail = {}) {
    return std::unexpected(
        Identity::Refusal{{ErrorCode::forbidden, std::move(message), std::string(detail)}});
  };
  if (stage == "m.login.dummy") co_return std::expected<void, Identity::Refusal>{};
  if (stage == kTokenStage) {
    auto const token = std::string(optional_string(auth, "token").value_or(""));
    if (co_await identity.registration_tokens().is_valid(token))
      co_return std::expected<void, Identity::Refusal>{};
    co_return refuse("This registration token is not known, or can't be used any more.");
  }
  auto const password = optional_string(auth, "password");
  if (stage != "m.login.password" || !password) co_return refuse("Confirm with your password.");
  auto const name = named_user(auth).value_or(identity.user_id(user));
  auto const owner = co_await identity.check_password(name, std::string(*password));
  if (!owner) co_return std::unexpected(owner.error());
  // To go on asking would not help: the client believes that somebody else is signed in.
  if (*owner != user) co_return refuse("This is another user's password.", kAnother);
  co_return std::expected<void, Identity::Refusal>{};
}

bool offers(InteractiveAuth::Wanted const& wanted, std::string_view stage) {
  return std::ranges::any_of(wanted.flows,
                             [&](auto const& flow) { return std::ranges::find(flow, stage) != flow.end(); });
}

}  // namespace

net::Route open_route(net::Method method, std::string_view pattern, OpenHandler handler) {
  return {
      .method = method,
      .pattern = pattern,
      .handler = [handler = std::move(handler)](net::Call& call) { return answer_anybody(handler, call); },
      .max_body = kStrangersBody};
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
  auto const insert = [&](json::object const& more) {
    auto const text = json::serialize(more);
    response.body.insert(response.body.size() - 1, "," + text.substr(1, text.size() - 2));
  };
  if (error.detail == kSoftLogout) insert({{"soft_logout", true}});
  if (error.code == ErrorCode::resource_limit_exceeded)
    insert({{"admin_contact", error.detail}, {"limit_type", "org.torg.accounts"}});
  if (error.code == ErrorCode::user_limit_exceeded) insert({{"info_uri", error.detail}});
  return response;
}

net::Response json_answer(json::object const& body, unsigned status) {
  return net::json_response(json::serialize(body), status);
}

net::Response empty_answer() { return net::json_response("{}"); }

std::string operation_of(net::Call const& call) {
  return std::string(net::to_text(call.request.method)) + " " + std::string(call.request.path());
}

Task<std::optional<net::Response>> authenticate_interactively(Identity& identity,
                                                              InteractiveAuth::Wanted wanted,
                                                              json::object body) {
  auto& sessions = identity.interactive_auth();
  auto const* auth = optional_object(body, "auth");
  auto const session = sessions.session(
      auth == nullptr ? "" : optional_string(*auth, "session").value_or(std::string_view()), wanted);
  auto const challenge = [&](Error const* error) {
    auto answer = sessions.challenge(session, wanted);
    if (error != nullptr) {
      answer["errcode"] = net::errcode(error->code);
      answer["error"] = error->message;
    }
    return json_answer(answer, 401);
  };
  auto const stage = auth == nullptr ? std::nullopt : optional_string(*auth, "type");
  if (!stage) co_return challenge(nullptr);
  if (!offers(wanted, *stage)) {
    Error const error{ErrorCode::unrecognized, "This stage is not among the flows.", {}};
    co_return challenge(&error);
  }
  auto const proved = co_await prove(identity, wanted.user, *stage, *auth);
  if (!proved && proved.error().retry_after.count() > 0) co_return refusal_answer(proved.error());
  if (!proved && proved.error().error.detail == kAnother) co_return error_answer(proved.error().error);
  if (!proved) co_return challenge(&proved.error().error);
  if (!sessions.complete(session, *stage, wanted)) co_return challenge(nullptr);
  co_return std::nullopt;
}

Task<std::optional<net::Response>> confirm_password(Identity& identity, Requester requester,
                                                    net::Call const& call, json::object body) {
  // SPEC: application services, "Device management" and "Cross-signing": they have proved who they are.
  if (requester.service != nullptr) {
    return []() -> Task<std::optional<net::Response>> { co_return std::nullopt; }();
  }
  InteractiveAuth::Wanted wanted{
      .user = requester.user, .operation = operation_of(call), .flows = {{"m.login.password"}}};
  return authenticate_interactively(identity, std::move(wanted), std::move(body));
}

std::vector<net::Route> routes(Identity& identity) {
  std::vector<net::Route> all;
  for (auto* part : {login_routes, registration_routes, device_routes, key_routes, key_backup_routes,
                     account_routes, moderation_routes, profile_routes, account_data_routes, push_rule_routes,
                     openid_routes, discovery_routes, call_routes}) {
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

Refresh wants_refresh(json::object const& body) {
  return optional_bool(body, "refresh_token").value_or(false) ? Refresh::supported : Refresh::unsupported;
}

Result<> check_own(Requester const& requester, std::string_view user_id) {
  if (user_id == requester.user_id) return {};
  return fail(ErrorCode::forbidden, "This belongs to another user.");
}

}  // namespace torg::identity
