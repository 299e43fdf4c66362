#include "governance/guard.hpp"

#include "identity/http.hpp"

#include <algorithm>

namespace torg::governance {
namespace {

Task<net::Response> ready(net::Response response) { co_return response; }

/// The same for everything and everybody, so that it tells nothing of what is there. None for who hasn't
/// signed in: the handler says so.
std::optional<net::Response> refusal(Governance const& governance, identity::Identity const& identity,
                                     Acts acts, net::Request const& request) {
  auto const requester = identity.authenticate(request);
  if (!requester) return std::nullopt;
  bool const may = std::ranges::any_of(governance.authorities(), [&](Authority const& authority) {
    return governance.acts(requester->user, authority.id).has_any(acts);
  });
  // Administrators by their account may what the role may, of the server itself.
  bool const by_account = acts.has(Act::administer_server) && identity.acts_as_administrator(*requester);
  if (may || by_account) return std::nullopt;
  return identity::error_answer({ErrorCode::forbidden, "None of your roles lets you do this.", {}});
}

net::Route guarded(net::Route route, Acts acts, Governance const& governance,
                   identity::Identity const& identity) {
  route.handler = [inner = std::move(route.handler), acts, &governance, &identity](net::Call& call) {
    auto refused = refusal(governance, identity, acts, call.request);
    return refused ? ready(std::move(*refused)) : inner(call);
  };
  return route;
}

}  // namespace

std::vector<net::Route> guarded(std::vector<net::Route> routes, std::span<RouteAct const> acts,
                                Governance const& governance, identity::Identity const& identity) {
  for (auto& route : routes) {
    auto const found = std::ranges::find_if(acts, [&](RouteAct const& one) {
      return one.method == route.method && one.pattern == route.pattern;
    });
    auto const* needed = found == acts.end() ? nullptr : std::get_if<Acts>(&found->needs);
    if (needed != nullptr) route = guarded(std::move(route), *needed, governance, identity);
  }
  return routes;
}

}  // namespace torg::governance
