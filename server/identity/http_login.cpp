// Logging in and out.
// https://spec.matrix.org/v1.19/client-server-api/#legacy-api
#include "identity/handlers.hpp"
#include "matrix/registration/registration.hpp"

namespace torg::identity {
namespace {

Answer login_flows(Identity&, net::Call&) {
  json::array flows;
  flows.emplace_back(json::object{{"type", "m.login.password"}});
  flows.emplace_back(json::object{{"type", "m.login.token"}, {"get_login_token", true}});
  flows.emplace_back(json::object{{"type", "m.login.application_service"}});
  co_return json_answer({{"flows", std::move(flows)}});
}

/// The user a login names: by `identifier`, or by the older `user`.
Result<std::string> login_name(json::object const& body) {
  auto const* identifier = optional_object(body, "identifier");
  if (identifier == nullptr) return required_string(body, "user");
  auto const type = required_string(*identifier, "type");
  if (!type) return type;
  if (*type != "m.id.user") return fail(ErrorCode::bad_request, "Users are known by their user name only.");
  return required_string(*identifier, "user");
}

/// The user of its own that an application service names.
/// @see https://spec.matrix.org/v1.19/application-service-api/#server-admin-style-permissions
Result<UserNid> service_logs_in(Identity& identity, net::Request const& request, json::object const& body) {
  auto const service = identity.sessions().service_of(request);
  if (!service) return std::unexpected(service.error());
  auto name = login_name(body);
  if (!name) return std::unexpected(name.error());
  if (!name->starts_with('@')) *name = "@" + *name + ":" + identity.users().server_name();
  if (!(*service)->owns_user(*name))
    return fail(ErrorCode::exclusive, "This user does not belong to the application service.");
  auto const user = identity.find(*name);
  if (!user || identity.account(user) == nullptr)
    return fail(ErrorCode::forbidden, "The application service has not registered this user.");
  return user;
}

/// Who proves by a password, a token or otherwise to be whom.
Task<std::expected<UserNid, net::Response>> who_logs_in(Identity& identity, net::Call const& call,
                                                        json::object body) {
  auto const refuse = [](Error const& error) { return std::unexpected(error_answer(error)); };
  auto const type = required_string(body, "type");
  if (!type) co_return refuse(type.error());
  if (*type == "m.login.token") {
    auto const token = required_string(body, "token");
    if (!token) co_return refuse(token.error());
    if (auto const user = identity.login_tokens().take(*token)) co_return *user;
    co_return refuse({ErrorCode::forbidden, "This login token is not known, or was used.", {}});
  }
  if (*type == "m.login.application_service") {
    auto const user = service_logs_in(identity, call.request, body);
    if (!user) co_return refuse(user.error());
    co_return *user;
  }
  if (*type != "m.login.password")
    co_return refuse({ErrorCode::bad_request, "This way of logging in is not known.", {}});
  auto const name = login_name(body);
  if (!name) co_return refuse(name.error());
  auto const password = required_string(body, "password");
  if (!password) co_return refuse(password.error());
  auto const user = co_await identity.check_password(*name, *password);
  if (!user) co_return std::unexpected(refusal_answer(user.error()));
  co_return *user;
}

Answer login(Identity& identity, net::Call& call) {
  auto const body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto user = co_await who_logs_in(identity, call, *body);
  if (!user) co_return std::move(user.error());
  NewSession wanted{
      .user = *user,
      .device_id = std::string(optional_string(*body, "device_id").value_or("")),
      .display_name = std::string(optional_string(*body, "initial_device_display_name").value_or("")),
      .refresh = wants_refresh(*body)};
  auto const grant = co_await identity.sessions().open(std::move(wanted));
  if (!grant) co_return std::unexpected(grant.error());
  co_return json_answer(grant_body(identity, *grant));
}

Answer refresh(Identity& identity, net::Call& call) {
  auto const body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto const token = required_string(*body, "refresh_token");
  if (!token) co_return std::unexpected(token.error());
  auto const grant = co_await identity.sessions().refresh(*token);
  if (!grant) co_return std::unexpected(grant.error());
  json::object answer{{"access_token", grant->access_token}, {"refresh_token", *grant->refresh_token}};
  if (grant->expires_in) answer["expires_in_ms"] = grant->expires_in->count();
  co_return json_answer(answer);
}

// A locked account may log out, so these two authenticate by themselves.

Answer logout(Identity& identity, net::Call& call) {
  auto const requester = identity.sessions().authenticate_even_locked(call.request);
  if (!requester) co_return std::unexpected(requester.error());
  std::vector<DeviceId> devices;
  devices.push_back(requester->device);
  auto const done = co_await identity.sessions().remove_devices(requester->user, std::move(devices));
  if (!done) co_return std::unexpected(done.error());
  co_return empty_answer();
}

Answer logout_all(Identity& identity, net::Call& call) {
  auto const requester = identity.sessions().authenticate_even_locked(call.request);
  if (!requester) co_return std::unexpected(requester.error());
  auto const done = co_await identity.sessions().remove_all_devices(requester->user);
  if (!done) co_return std::unexpected(done.error());
  co_return empty_answer();
}

Answer whoami(Identity& identity, Requester requester, net::Call&) {
  json::object body{{"user_id", requester.user_id}, {"is_guest", identity.users().is_guest(requester.user)}};
  if (!requester.device.value.empty()) body["device_id"] = requester.device.value;
  co_return json_answer(body);
}

Answer make_login_token(Identity& identity, Requester requester, net::Call& call) {
  auto const body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto challenge = co_await confirm_password(identity, requester, call, *body);
  if (challenge) co_return std::move(*challenge);
  auto const token = identity.login_tokens().make(requester.user);
  if (!token) co_return fail(ErrorCode::unavailable, "Too many are signing in. Try again in a moment.");
  co_return json_answer({{"login_token", *token}, {"expires_in_ms", LoginTokens::kLife.count()}});
}

/// SPEC: "Authentication API discovery": this answer says that the server has the older API alone.
Answer no_auth_metadata(Identity&, net::Call&) {
  co_return fail(ErrorCode::unrecognized, "People sign in here by the older API, not by OAuth 2.0.");
}

/// No such way of signing in stands among the flows of `/login`.
Answer no_single_sign_on(Identity&, net::Call&) {
  co_return fail(ErrorCode::not_found, "Nobody signs in here through another service.");
}

}  // namespace

std::vector<net::Route> login_routes(Identity& identity) {
  using enum net::Method;
  std::vector<net::Route> routes;
  routes.push_back(bind(get, "/_matrix/client/v3/login", identity, login_flows));
  routes.push_back(bind(post, "/_matrix/client/v3/login", identity, login, net::Limit::login));
  routes.push_back(bind(get, "/_matrix/client/v1/auth_metadata", identity, no_auth_metadata));
  routes.push_back(bind(get, "/_matrix/client/v3/login/sso/redirect", identity, no_single_sign_on));
  routes.push_back(bind(get, "/_matrix/client/v3/login/sso/redirect/{idpId}", identity, no_single_sign_on));
  routes.push_back(bind(post, "/_matrix/client/v3/refresh", identity, refresh, net::Limit::login));
  routes.push_back(bind(post, "/_matrix/client/v3/logout", identity, logout));
  routes.push_back(bind(post, "/_matrix/client/v3/logout/all", identity, logout_all));
  routes.push_back(bind(get, "/_matrix/client/v3/account/whoami", identity, whoami));
  routes.push_back(bind(post, "/_matrix/client/v1/login/get_token", identity, make_login_token));
  return routes;
}

}  // namespace torg::identity
