// https://spec.matrix.org/v1.19/client-server-api/#voice-over-ip
#include "base/encoding.hpp"
#include "crypto/hash.hpp"
#include "identity/handlers.hpp"

namespace torg::identity {
namespace {

/// Credentials that relays check by the secret alone: the name says until when it holds, the password is its
/// MAC. @see https://datatracker.ietf.org/doc/html/draft-uberti-behave-turn-rest-00
Answer turn_server(Identity& identity, Requester requester, net::Call&) {
  auto const& turn = identity.options().turn;
  // SPEC: four fields are required, but not what they are where there is no relay. Clients know this answer.
  if (turn.uris.empty() || turn.shared_secret.empty()) co_return empty_answer();
  auto const end = identity.runtime().now() + turn.lifetime;
  auto const username =
      std::to_string(std::chrono::duration_cast<std::chrono::seconds>(end.time_since_epoch()).count()) + ':' +
      std::string(requester.user_id);
  auto password = base64_encode(crypto::hmac_sha1(turn.shared_secret, username), Base64::standard);
  password.resize((password.size() + 3) / 4 * 4, '=');  // relays compare texts, with padding
  json::array uris;
  for (auto const& uri : turn.uris) uris.emplace_back(uri);
  co_return json_answer({{"username", username},
                         {"password", std::move(password)},
                         {"uris", std::move(uris)},
                         {"ttl", turn.lifetime.count()}});
}

}  // namespace

std::vector<net::Route> call_routes(Identity& identity) {
  std::vector<net::Route> routes;
  routes.push_back(bind(net::Method::get, "/_matrix/client/v3/voip/turnServer", identity, turn_server,
                        net::Limit::small_write));
  return routes;
}

}  // namespace torg::identity
