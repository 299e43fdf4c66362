// What a client asks before anything else.
// https://spec.matrix.org/v1.19/client-server-api/#server-discovery and #capabilities-negotiation
#include "identity/handlers.hpp"

#include <array>

namespace torg::identity {
namespace {

// We claim what clients need of each version; later ones would promise endpoints that are not there.
constexpr std::array<std::string_view, 12> kVersions{"v1.1", "v1.2", "v1.3", "v1.4",  "v1.5",  "v1.6",
                                                     "v1.7", "v1.8", "v1.9", "v1.10", "v1.11", "v1.12"};

Answer versions(Identity& identity, net::Call&) {
  json::array list;
  for (auto version : kVersions) list.emplace_back(version);
  json::object unstable;
  for (auto const& feature : identity.options().unstable_features) unstable[feature] = true;
  co_return json_answer({{"versions", std::move(list)}, {"unstable_features", std::move(unstable)}});
}

Answer well_known(Identity& identity, net::Call&) {
  auto const& url = identity.options().public_base_url;
  if (url.empty()) co_return fail(ErrorCode::not_found, "This server's address is not configured.");
  json::object server{{"base_url", url}};
  co_return json_answer({{"m.homeserver", std::move(server)}});
}

Answer policy_server(Identity&, net::Call&) {
  co_return fail(ErrorCode::not_found, "This server is no policy server.");
}

Answer capabilities(Identity& identity, Requester, net::Call&) {
  auto const version = to_text(identity.options().room_version);
  json::object available;
  for (auto const known : matrix::kRoomVersions) available[to_text(known)] = "stable";
  json::object list;
  list["m.room_versions"] = json::object{{"default", version}, {"available", std::move(available)}};
  for (auto const* enabled :
       {"m.change_password", "m.set_displayname", "m.set_avatar_url", "m.get_login_token"}) {
    list[enabled] = json::object{{"enabled", true}};
  }
  list["m.3pid_changes"] = json::object{{"enabled", false}};
  co_return json_answer({{"capabilities", std::move(list)}});
}

}  // namespace

std::vector<net::Route> discovery_routes(Identity& identity) {
  using enum net::Method;
  std::vector<net::Route> routes;
  routes.push_back(bind(get, "/_matrix/client/versions", identity, versions));
  routes.push_back(bind(get, "/.well-known/matrix/client", identity, well_known));
  routes.push_back(bind(get, "/.well-known/matrix/policy_server", identity, policy_server));
  routes.push_back(bind(get, "/_matrix/client/v3/capabilities", identity, capabilities));
  return routes;
}

}  // namespace torg::identity
