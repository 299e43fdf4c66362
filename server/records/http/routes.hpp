#pragma once
#include "identity/identity.hpp"
#include "net/http.hpp"
#include "records/http/record_json.hpp"

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
};

/// `records…`, `checks`, `cases…`
[[nodiscard]] std::vector<net::Route> register_routes(RegisterHttp services);
/// `lifts…`
[[nodiscard]] std::vector<net::Route> lift_routes(RegisterHttp services);
/// `manual…`
[[nodiscard]] std::vector<net::Route> manual_routes(RegisterHttp services);
/// `openapi.json`, for anyone.
[[nodiscard]] std::vector<net::Route> openapi_routes();

}  // namespace torg::records
