// Making accounts: with a token, openly (for conformance runs), or by whoever knows the shared secret, in the
// form that tools for other homeservers use.
// https://spec.matrix.org/v1.19/client-server-api/#account-registration
#include "base/encoding.hpp"
#include "crypto/hash.hpp"
#include "identity/handlers.hpp"

#include <array>

namespace torg::identity {
namespace {

Answer make_account(Identity& identity, NewAccount account, json::object body, Also also = {}) {
  auto const user = co_await identity.accounts().create(std::move(account), std::move(also));
  if (!user) co_return std::unexpected(user.error());
  if (optional_bool(body, "inhibit_login").value_or(false)) {
    co_return json_answer(
        {{"user_id", identity.user_id(*user)}, {"home_server", identity.users().server_name()}});
  }
  NewSession wanted{
      .user = *user,
      .device_id = std::string(optional_string(body, "device_id").value_or("")),
      .display_name = std::string(optional_string(body, "initial_device_display_name").value_or("")),
      .refresh = wants_refresh(body)};
  auto const grant = co_await identity.sessions().open(std::move(wanted));
  if (!grant) co_return std::unexpected(grant.error());
  co_return json_answer(grant_body(identity, *grant));
}

/// A name for somebody who gave none.
std::string random_localpart(Identity& identity, std::string_view prefix) {
  std::array<unsigned char, 8> bytes{};
  identity.runtime().fill_random(bytes);
  return std::string(prefix) + hex_encode({reinterpret_cast<char const*>(bytes.data()), bytes.size()});
}

Result<> check_open(Identity const& identity) {
  if (identity.options().registration != Registration::closed) return {};
  return fail(ErrorCode::forbidden, "Accounts on this server are made by its administrators.");
}

/// An account without a password: once its device has logged out, nobody signs in to it again.
Answer register_guest(Identity& identity, net::Call& call) {
  if (identity.options().guests == Guests::refused)
    co_return fail(ErrorCode::guest_access_forbidden, "This server has no guests.");
  auto body = call.request.body.empty() ? json::object{} : parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  body->erase("device_id");  // the specification: guests get a new one
  NewAccount account{
      .localpart = random_localpart(identity, "guest-"), .password = {}, .displayname = {}, .guest = true};
  co_return co_await make_account(identity, std::move(account), *body);
}

InteractiveAuth::Flow flow_of(Identity const& identity) {
  if (identity.options().registration == Registration::token) return {std::string(kTokenStage)};
  return {"m.login.dummy"};
}

/// The token that has opened the door, which a flow of one stage names in its last request.
std::string token_in(json::object const& body) {
  auto const* auth = optional_object(body, "auth");
  return auth == nullptr ? std::string() : std::string(optional_string(*auth, "token").value_or(""));
}

/// An application service makes a user of its own, open or not.
Answer register_ghost(Identity& identity, net::Call& call, json::object body) {
  auto const service = identity.sessions().service_of(call.request);
  if (!service) co_return std::unexpected(service.error());
  auto const name = required_string(body, "username");
  if (!name) co_return std::unexpected(name.error());
  NewAccount account{.localpart = *name, .password = {}, .displayname = {}, .service = *service};
  co_return co_await make_account(identity, std::move(account), std::move(body));
}

Answer register_person(Identity& identity, net::Call& call) {
  auto const body = parse_json_object(call.request.body);
  if (body && optional_string(*body, "type") == "m.login.application_service")
    co_return co_await register_ghost(identity, call, *body);
  if (auto open = check_open(identity); !open) co_return fail(std::move(open));
  if (!body) co_return std::unexpected(body.error());
  auto const name = optional_string(*body, "username");
  if (name) {
    if (auto available = identity.accounts().check_available(lower_localpart(std::string(*name))); !available)
      co_return fail(std::move(available));
  }
  InteractiveAuth::Wanted wanted{.user = {}, .operation = operation_of(call), .flows = {flow_of(identity)}};
  auto challenge = co_await authenticate_interactively(identity, std::move(wanted), *body);
  if (challenge) co_return std::move(*challenge);
  auto password = required_string(*body, "password");
  if (!password) co_return std::unexpected(password.error());
  if (password->empty()) co_return fail(ErrorCode::invalid_param, "The password is empty.");
  NewAccount account{.localpart = name ? std::string(*name) : random_localpart(identity, "u"),
                     .password = std::move(*password),
                     .displayname = {},
                     .role = Role::person};
  if (identity.options().registration != Registration::token)
    co_return co_await make_account(identity, std::move(account), *body);
  auto const use = identity.registration_tokens().use(token_in(*body));
  co_return co_await make_account(identity, std::move(account), *body, use.counted());
}

Answer register_account(Identity& identity, net::Call& call) {
  auto const kind = call.request.query("kind").value_or("user");
  if (kind == "guest") co_return co_await register_guest(identity, call);
  if (kind != "user") co_return fail(ErrorCode::invalid_param, "'kind' is user or guest.");
  co_return co_await register_person(identity, call);
}

Answer available(Identity& identity, net::Call& call) {
  if (auto open = check_open(identity); !open) co_return fail(std::move(open));
  auto const name = call.request.query("username");
  if (!name) co_return fail(ErrorCode::missing_param, "The parameter 'username' is missing.");
  if (auto available = identity.accounts().check_available(lower_localpart(std::string(*name))); !available)
    co_return fail(std::move(available));
  co_return json_answer({{"available", true}});
}

/// Where nobody needs a token, no token is good for anything.
Answer token_validity(Identity& identity, net::Call& call) {
  if (auto open = check_open(identity); !open) co_return fail(std::move(open));
  auto const token = call.request.query("token");
  if (!token) co_return fail(ErrorCode::missing_param, "The parameter 'token' is missing.");
  bool const needed = identity.options().registration == Registration::token;
  co_return json_answer({{"valid", needed && co_await identity.registration_tokens().is_valid(*token)}});
}

// ---- With the shared secret

Answer nonce(Identity& identity, net::Call&) { co_return json_answer({{"nonce", identity.make_nonce()}}); }

/// What the client must prove to know the secret over.
std::string signed_text(json::object const& body, Role role) {
  std::string text;
  for (auto const* field : {"nonce", "username", "password"}) {
    text += optional_string(body, field).value_or("");
    text += '\0';
  }
  text += role == Role::administrator ? "admin" : "notadmin";
  if (auto const type = optional_string(body, "user_type")) {
    text += '\0';
    text += *type;
  }
  return text;
}

Answer register_with_secret(Identity& identity, net::Call& call) {
  auto const body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  for (auto const* field : {"nonce", "username", "password", "mac"}) {
    auto const text = required_string(*body, field);
    if (!text) co_return std::unexpected(text.error());
    if (text->empty())
      co_return fail(ErrorCode::invalid_param, "The field '" + std::string(field) + "' is empty.");
  }
  if (!identity.take_nonce(*optional_string(*body, "nonce"))) {
    co_return fail(ErrorCode::bad_request, "This nonce is not known or too old.");
  }
  auto const role = optional_bool(*body, "admin").value_or(false) ? Role::administrator : Role::person;
  auto const mac = crypto::hmac_sha1(identity.options().registration_shared_secret, signed_text(*body, role));
  if (!crypto::equal_constant_time(hex_encode(mac), *optional_string(*body, "mac"))) {
    co_return fail(ErrorCode::forbidden, "The HMAC does not match.");
  }
  NewAccount account{.localpart = std::string(*optional_string(*body, "username")),
                     .password = std::string(*optional_string(*body, "password")),
                     .displayname = std::string(optional_string(*body, "displayname").value_or("")),
                     .role = role};
  auto also = identity.noted(
      {}, "user.made",
      {{"user", "@" + lower_localpart(account.localpart) + ":" + identity.users().server_name()},
       {"administrator", role == Role::administrator},
       {"how", "registration secret"}});
  co_return co_await make_account(identity, std::move(account), *body, std::move(also));
}

}  // namespace

std::vector<net::Route> registration_routes(Identity& identity) {
  using enum net::Method;
  std::vector<net::Route> routes;
  routes.push_back(
      bind(post, "/_matrix/client/v3/register", identity, register_account, net::Limit::registration));
  routes.push_back(
      bind(get, "/_matrix/client/v3/register/available", identity, available, net::Limit::login));
  routes.push_back(bind(get, "/_matrix/client/v1/register/m.login.registration_token/validity", identity,
                        token_validity, net::Limit::login));
  if (!identity.options().registration_shared_secret.empty()) {
    routes.push_back(bind(get, "/_synapse/admin/v1/register", identity, nonce, net::Limit::small_write));
    routes.push_back(bind(post, "/_synapse/admin/v1/register", identity, register_with_secret));
  }
  return routes;
}

}  // namespace torg::identity
