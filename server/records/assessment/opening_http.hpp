#pragma once
#include "net/http.hpp"
#include "records/assessment/service.hpp"

namespace torg::records {

/// What these routes use; all outlive the router.
struct OpeningHttp {
  AssessmentService& assessment;
  governance::GovernanceService& governance;
  identity::Identity const& identity;
  matrix::Rooms& rooms;
  db::Database& database;
  Runtime& runtime;
};

/// `rooms/{roomId}/opening`: before another authority is let in (R9);
/// `rooms/{roomId}/items/{eventId}/timeline`: what an item has been for each authority that takes part (R12).
[[nodiscard]] std::vector<net::Route> opening_routes(OpeningHttp services);

}  // namespace torg::records
