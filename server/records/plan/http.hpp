#pragma once
#include "identity/identity.hpp"
#include "net/http.hpp"
#include "records/plan/plans.hpp"

namespace torg::records {

/// What the routes of information plans use; all outlive the router.
struct PlanHttp {
  InformationPlans& plans;
  governance::GovernanceService const& governance;
  identity::Identity const& identity;
  matrix::Rooms& rooms;
};

/// `authorities/{code}/information-plan…` (docs/api-records.md).
[[nodiscard]] std::vector<net::Route> plan_routes(PlanHttp services);

}  // namespace torg::records
