#pragma once
#include "governance/guard.hpp"

namespace torg::app {

/// What each route of `/_torg/v1` takes: the third column of the table of routes (docs/roles.md). A route
/// that isn't here fails `Roles.EveryRouteOfTheOwnApiNamesItsAct`.
[[nodiscard]] std::span<governance::RouteAct const> route_acts();
/// Null for a route that isn't in the table.
[[nodiscard]] governance::RouteAct const* route_act(net::Method method, std::string_view pattern);

}  // namespace torg::app
