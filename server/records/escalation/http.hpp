#pragma once
#include "identity/identity.hpp"
#include "net/http.hpp"
#include "records/escalation/escalations.hpp"

namespace torg::records {

/// What the routes of notices use; all outlive the router.
struct NoticesHttp {
  Escalations& escalations;
  governance::Governance const& governance;
  identity::Identity const& identity;
};

/// `GET notices`, `POST notices/{id}/seen` (docs/api-records.md).
[[nodiscard]] std::vector<net::Route> notice_routes(NoticesHttp services);

}  // namespace torg::records
