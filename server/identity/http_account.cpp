// The account itself: its password, its end, and the addresses it has none of.
// https://spec.matrix.org/v1.19/client-server-api/#account-management
#include "identity/handlers.hpp"

namespace torg::identity {
namespace {

Answer change_password(Identity& identity, Requester requester, net::Call& call) {
  auto const body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto challenge = co_await confirm_password(identity, requester, call, *body);
  if (challenge) co_return std::move(*challenge);
  auto const password = required_string(*body, "new_password");
  if (!password) co_return std::unexpected(password.error());
  auto const others = optional_bool(*body, "logout_devices").value_or(true) ? Accounts::OtherDevices::log_out
                                                                            : Accounts::OtherDevices::keep;
  auto const done = co_await identity.accounts().change_password(requester, *password, others);
  if (!done) co_return std::unexpected(done.error());
  co_return empty_answer();
}

/// The account's private data goes in any case. What was said in rooms are public records, which yield to an
/// archive's decision only (docs/guides/archivist.md, "Disposal"): `erase` hides it from those who come
/// later.
Answer deactivate(Identity& identity, Requester requester, net::Call& call) {
  auto const body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto challenge = co_await confirm_password(identity, requester, call, *body);
  if (challenge) co_return std::move(*challenge);
  auto const words =
      optional_bool(*body, "erase").value_or(false) ? Accounts::Words::hide : Accounts::Words::keep;
  auto const done = co_await identity.accounts().deactivate(requester.user, {}, words);
  if (!done) co_return std::unexpected(done.error());
  if (identity.on_deactivation) co_await identity.on_deactivation(requester.user);
  co_return json_answer({{"id_server_unbind_result", "no-support"}});
}

// ---- E-mail addresses and phone numbers: this server keeps none, and no identity server is configured

Answer no_addresses(Identity&, Requester, net::Call&) {
  co_return json_answer({{"threepids", json::array()}});
}

Answer add_no_address(Identity&, Requester, net::Call&) {
  co_return fail(ErrorCode::threepid_denied, "This server keeps no addresses of people.");
}

Answer send_no_token(Identity&, net::Call&) {
  co_return fail(ErrorCode::threepid_denied, "This server keeps no addresses of people.");
}

Answer find_no_address(Identity&, net::Call&) {
  co_return fail(ErrorCode::threepid_not_found, "No account has this address.");
}

Answer remove_no_address(Identity&, Requester, net::Call& call) {
  auto const body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  for (auto const* field : {"medium", "address"}) {
    if (auto const text = required_string(*body, field); !text) co_return std::unexpected(text.error());
  }
  co_return json_answer({{"id_server_unbind_result", "no-support"}});
}

}  // namespace

std::vector<net::Route> account_routes(Identity& identity) {
  using enum net::Method;
  std::vector<net::Route> routes;
  routes.push_back(bind(post, "/_matrix/client/v3/account/password", identity, change_password));
  routes.push_back(bind(post, "/_matrix/client/v3/account/deactivate", identity, deactivate));
  constexpr std::string_view kAddresses = "/_matrix/client/v3/account/3pid";
  routes.push_back(bind(get, kAddresses, identity, no_addresses));
  routes.push_back(bind(post, kAddresses, identity, add_no_address));
  for (std::string_view const add :
       {"/_matrix/client/v3/account/3pid/add", "/_matrix/client/v3/account/3pid/bind"}) {
    routes.push_back(bind(post, add, identity, add_no_address));
  }
  for (std::string_view const remove :
       {"/_matrix/client/v3/account/3pid/delete", "/_matrix/client/v3/account/3pid/unbind"}) {
    routes.push_back(bind(post, remove, identity, remove_no_address));
  }
  for (std::string_view const send : {"/_matrix/client/v3/account/3pid/email/requestToken",
                                      "/_matrix/client/v3/account/3pid/msisdn/requestToken",
                                      "/_matrix/client/v3/register/email/requestToken",
                                      "/_matrix/client/v3/register/msisdn/requestToken"}) {
    routes.push_back(bind(post, send, identity, send_no_token));
  }
  for (std::string_view const find : {"/_matrix/client/v3/account/password/email/requestToken",
                                      "/_matrix/client/v3/account/password/msisdn/requestToken"}) {
    routes.push_back(bind(post, find, identity, find_no_address));
  }
  return routes;
}

}  // namespace torg::identity
