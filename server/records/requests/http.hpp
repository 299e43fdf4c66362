#pragma once
#include "governance/governance.hpp"
#include "identity/identity.hpp"
#include "net/http.hpp"
#include "records/requests/requests.hpp"

namespace torg::records {

/// What the routes of requests use; all outlive the router.
struct RequestsHttp {
  Requests& requests;
  governance::Governance const& governance;
  identity::Identity const& identity;
  Runtime& runtime;
  SettingsByAuthority const& settings;
};

/// `GET requests`, `POST requests/{id}/answer` (docs/api-records.md).
[[nodiscard]] std::vector<net::Route> requests_routes(RequestsHttp services);

/// Open requests as lines of the desk, first due first (docs/api-records.md, `Line`).
[[nodiscard]] Task<Result<json::array>> request_lines(RequestsHttp services,
                                                      std::vector<AuthorityId> authorities);

/// `Request` of the API.
[[nodiscard]] json::object to_json(DisclosureRequest const& request, governance::Governance const& governance,
                                   Instant now, Settings const& settings);

}  // namespace torg::records
