// https://spec.matrix.org/v1.19/client-server-api/#key-management-api
#include "identity/handlers.hpp"

namespace torg::identity {
namespace {

json::object counts_body(KeyCounts const& counts) {
  json::object by_algorithm;
  for (auto const& [algorithm, count] : counts.one_time) by_algorithm[algorithm] = count;
  return {{"one_time_key_counts", std::move(by_algorithm)}};
}

Answer upload_keys(Identity& identity, Requester requester, net::Call& call) {
  auto body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto const counts = co_await identity.device_keys().upload(std::move(requester), std::move(*body));
  if (!counts) co_return std::unexpected(counts.error());
  co_return json_answer(counts_body(*counts));
}

Answer query_keys(Identity& identity, Requester requester, net::Call& call) {
  auto body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto const answer = co_await identity.device_keys().query(requester.user, std::move(*body));
  if (!answer) co_return std::unexpected(answer.error());
  co_return json_answer(*answer);
}

Answer claim_keys(Identity& identity, Requester, net::Call& call) {
  auto body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto const answer = co_await identity.device_keys().claim(std::move(*body));
  if (!answer) co_return std::unexpected(answer.error());
  co_return json_answer(*answer);
}

Answer upload_cross_signing(Identity& identity, Requester requester, net::Call& call) {
  auto const body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto const replaces = co_await identity.device_keys().has_master_key(requester.user);
  if (!replaces) co_return std::unexpected(replaces.error());
  if (*replaces) {  // the first keys need no password: who has just logged in has nothing to lose yet
    auto challenge = co_await confirm_password(identity, requester, *body);
    if (challenge) co_return std::move(*challenge);
  }
  auto const done = co_await identity.device_keys().upload_cross_signing(requester.user, *body);
  if (!done) co_return std::unexpected(done.error());
  co_return empty_answer();
}

Answer upload_signatures(Identity& identity, Requester requester, net::Call& call) {
  auto body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto const answer = co_await identity.device_keys().upload_signatures(requester.user, std::move(*body));
  if (!answer) co_return std::unexpected(answer.error());
  co_return json_answer(*answer);
}

}  // namespace

std::vector<net::Route> key_routes(Identity& identity) {
  using enum net::Method;
  std::vector<net::Route> routes;
  routes.push_back(bind(post, "/_matrix/client/v3/keys/upload", identity, upload_keys));
  routes.push_back(bind(post, "/_matrix/client/v3/keys/query", identity, query_keys));
  routes.push_back(bind(post, "/_matrix/client/v3/keys/claim", identity, claim_keys));
  routes.push_back(
      bind(post, "/_matrix/client/v3/keys/device_signing/upload", identity, upload_cross_signing));
  routes.push_back(bind(post, "/_matrix/client/v3/keys/signatures/upload", identity, upload_signatures));
  return routes;
}

}  // namespace torg::identity
