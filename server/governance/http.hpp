#pragma once
#include "governance/service.hpp"
#include "net/http.hpp"

namespace torg::governance {

/// What the routes of this slice use; all outlive the router.
struct HttpServices {
  GovernanceService& governance;
  identity::Identity const& identity;
  matrix::Rooms& rooms;
};

/// `/_torg/v1/me`, `directory`, `authorities` and `rooms/{roomId}/plan` (docs/api-records.md).
[[nodiscard]] std::vector<net::Route> routes(HttpServices services);

/// `Authority` of the API.
[[nodiscard]] json::object to_json(Authority const& authority);

}  // namespace torg::governance
