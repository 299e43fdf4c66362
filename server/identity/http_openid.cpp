// https://spec.matrix.org/v1.19/client-server-api/#openid and what a service asks with such a token:
// https://spec.matrix.org/v1.19/server-server-api/#openid
#include "identity/handlers.hpp"

namespace torg::identity {
namespace {

Answer request_token(Identity& identity, Requester requester, net::Call& call) {
  if (auto own = check_own(requester, call.path[0]); !own) co_return fail(std::move(own));
  if (!call.request.body.empty()) {
    if (auto const body = parse_json_object(call.request.body); !body)
      co_return std::unexpected(body.error());
  }
  auto const token = identity.openid_tokens().make(requester.user);
  if (!token) co_return std::unexpected(token.error());
  co_return json_answer(
      {{"access_token", *token},
       {"token_type", "Bearer"},
       {"matrix_server_name", identity.users().server_name()},
       {"expires_in", std::chrono::duration_cast<std::chrono::seconds>(OpenIdTokens::kLife).count()}});
}

Answer user_info(Identity& identity, net::Call& call) {
  auto const token = call.request.query("access_token");
  if (!token || token->empty()) co_return fail(ErrorCode::missing_token, "The access token is missing.");
  auto const user = identity.openid_tokens().owner(*token);
  auto const* account = user ? identity.account(*user) : nullptr;
  if (account == nullptr || !account->active || account->locked)
    co_return fail(ErrorCode::unknown_token, "This token is not known, or its time is over.");
  co_return json_answer({{"sub", identity.user_id(*user)}});
}

}  // namespace

std::vector<net::Route> openid_routes(Identity& identity) {
  using enum net::Method;
  std::vector<net::Route> routes;
  routes.push_back(
      bind(post, "/_matrix/client/v3/user/{userId}/openid/request_token", identity, request_token));
  routes.push_back(
      bind(get, "/_matrix/federation/v1/openid/userinfo", identity, user_info, net::Limit::token_check));
  return routes;
}

}  // namespace torg::identity
