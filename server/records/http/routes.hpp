#pragma once
#include "identity/identity.hpp"
#include "net/http.hpp"
#include "records/closing/reviews.hpp"
#include "records/http/record_json.hpp"
#include "records/rendition/renditions.hpp"
#include "records/rules/settings.hpp"

namespace torg::records {

/// What the routes of the register, lifting and manual entry use; all outlive the router.
struct RegisterHttp {
  Runtime& runtime;
  db::Database& database;
  db::Blobs& blobs;
  identity::Identity const& identity;
  governance::Governance const& governance;
  matrix::Rooms& rooms;
  Register& records;
  Lifts& lifts;
  Manual& manual;
  People people;
  SettingsByAuthority const& settings;
  ClosingReviews& reviews;
  InformationPlans const& plans;
  Renditions const& renditions;
};

/// `records…`, `checks`, `cases…`
[[nodiscard]] std::vector<net::Route> register_routes(RegisterHttp services);
/// `renditions`, `records/{id}/rendition`
[[nodiscard]] std::vector<net::Route> rendition_routes(RegisterHttp services);
/// `lifts…`
[[nodiscard]] std::vector<net::Route> lift_routes(RegisterHttp services);
/// `manual…`
[[nodiscard]] std::vector<net::Route> manual_routes(RegisterHttp services);
/// The closing reviews that wait, as lines of the desk.
[[nodiscard]] Task<Result<json::array>> review_lines(RegisterHttp services,
                                                     std::vector<AuthorityId> authorities);
/// `openapi.json`, for anyone.
[[nodiscard]] std::vector<net::Route> openapi_routes();

}  // namespace torg::records
