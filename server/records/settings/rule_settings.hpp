#pragma once
#include "db/database.hpp"
#include "governance/governance.hpp"
#include "records/settings/catalogue.hpp"

namespace torg::records {

/// A change of one setting; none is ever removed, so that one can tell which reading held on a day.
struct SettingChange {
  AuthorityId authority;
  std::string key, value;
  Instant at{};
  UserNid by;
  std::string decision;  ///< what the authority decided it by
};

/// What each authority has set for itself: kept in the database, changed by its archivist or administrator,
/// in force at once for what comes after. Called on the executor only.
class RuleSettings {
 public:
  RuleSettings(Runtime& runtime, db::Database& database, governance::Governance const& governance)
      : runtime_(runtime), database_(database), governance_(governance) {}

  /// Reads what is set; once, after the migrations.
  void load();
  /// Always the same object: others hold it.
  [[nodiscard]] SettingsByAuthority const& values() const { return values_; }

  /// `forbidden`, `not_found` for an unknown key, `invalid_param`, `missing_param` without a decision.
  Task<Result<>> change(SettingChange change);
  /// Newest first.
  [[nodiscard]] Task<Result<std::vector<SettingChange>>> changes(AuthorityId authority);
  [[nodiscard]] bool may_change(UserNid user, AuthorityId authority) const;

 private:
  Runtime& runtime_;
  db::Database& database_;
  governance::Governance const& governance_;
  SettingsByAuthority values_;
};

[[nodiscard]] std::span<db::Migration const> settings_migrations();

}  // namespace torg::records
