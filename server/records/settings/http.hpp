#pragma once
#include "identity/identity.hpp"
#include "net/http.hpp"
#include "records/settings/rule_settings.hpp"

namespace torg::records {

/// What the routes of settings use; all outlive the router.
struct SettingsHttp {
  RuleSettings& settings;
  governance::Governance const& governance;
  identity::Identity const& identity;
};

/// `GET settings`, `PUT settings/{key}` (docs/api-records.md).
[[nodiscard]] std::vector<net::Route> settings_routes(SettingsHttp services);

}  // namespace torg::records
