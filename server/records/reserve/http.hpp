#pragma once
#include "identity/identity.hpp"
#include "net/http.hpp"
#include "records/reserve/reservations.hpp"

namespace torg::records {

/// What the routes of reserved numbers use; all outlive the router.
struct ReserveHttp {
  Reservations& reservations;
  governance::Governance const& governance;
  identity::Identity const& identity;
};

/// `reservations…`; their page for paper is the portal's, beside the other sheets.
[[nodiscard]] std::vector<net::Route> reserve_routes(ReserveHttp services);

}  // namespace torg::records
