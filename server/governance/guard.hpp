#pragma once
#include "governance/governance.hpp"
#include "net/http.hpp"

#include <variant>

namespace torg::governance {

/// What decides about a route that isn't an act of the table.
enum class Open : std::uint8_t {
  to_everyone,
  to_accounts,      ///< whoever has signed in, about what is her own or public
  to_room_members,  ///< the room's membership and power levels decide, in the handler
};
/// A route of the own API and what it takes to use it: one act, or one of several where the request's body
/// says which.
struct RouteAct {
  net::Method method;
  std::string_view pattern;
  std::variant<Open, Acts> needs;
};

/// The routes with a check in front of each that `acts` names: who may do it for no authority at all is
/// refused before the handler sees the request. For which authority, only the handler can know; it asks
/// `Governance::may`.
[[nodiscard]] std::vector<net::Route> guarded(std::vector<net::Route> routes, std::span<RouteAct const> acts,
                                              Governance const& governance,
                                              identity::Identity const& identity);

}  // namespace torg::governance
