#pragma once
#include "governance/service.hpp"
#include "net/http.hpp"

namespace torg::governance {

struct RolesHttp {
  GovernanceService& governance;
  identity::Identity const& identity;
};

/// `/_torg/v1/roles`, and of an authority its people, assignments and delegations (docs/api-records.md).
[[nodiscard]] std::vector<net::Route> role_routes(RolesHttp services);

/// What somebody may do, authority by authority: `[{authority, acts: [name]}]`.
[[nodiscard]] json::array acts_json(GovernanceService const& governance, UserNid user);

}  // namespace torg::governance
