#pragma once
#include "governance/governance.hpp"
#include "net/http.hpp"

namespace torg::governance {

struct ReportsHttp {
  Runtime& runtime;
  db::Database& database;
  Governance const& governance;
  identity::Identity const& identity;
};

/// `/_torg/v1/admin/reports`: what people have reported of rooms, events and people, for administrators. Each
/// look at it is a line in the audit log.
[[nodiscard]] std::vector<net::Route> report_routes(ReportsHttp services);

}  // namespace torg::governance
