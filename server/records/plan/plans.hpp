#pragma once
#include "governance/service.hpp"
#include "records/plan/changes.hpp"
#include "records/plan/store.hpp"

#include <map>
#include <memory>

namespace torg::records {

/// A row with the version it is of.
struct PlanChoice {
  std::shared_ptr<PlanVersion const> version;
  PlanRow const* row = nullptr;  ///< lives as long as `version`
};

/// What an import would do, or why it can't be done.
struct PlanReport {
  std::vector<PlanProblem> problems;
  std::size_t classes = 0, rows = 0;
  PlanChanges changes;  ///< against what is in force on the day; empty with problems
  struct RoomConcerned {
    RoomNid room;
    std::string classification;
    std::int64_t open_items = 0;  ///< of the authority, not assessed yet
  };
  std::vector<RoomConcerned> rooms;
};

/// Tables handed in. What is not given stays as it is in force.
struct PlanTexts {
  std::optional<std::string> classification, plan;
};

/// Classifications and information plans of every authority, in versions (L7). Called on the executor only.
class InformationPlans {
 public:
  InformationPlans(Runtime& runtime, db::Database& database, governance::GovernanceService const& governance)
      : runtime_(runtime), database_(database), governance_(governance) {}
  /// Reads all versions; call once after the migrations.
  void load();

  /// A dry run: nothing is kept. `invalid_param` when a text is no table.
  Task<Result<PlanReport>> check(AuthorityId authority, PlanTexts texts, Day day);
  /// What adopting an imported version on its day would change.
  Task<Result<PlanReport>> preview(AuthorityId authority, PlanVersionId id);
  /// Keeps a version that waits for its adoption. `forbidden`; `rule_refuses` when it has problems.
  Task<Result<std::shared_ptr<PlanVersion const>>> import(UserNid by, AuthorityId authority, PlanTexts texts,
                                                          Day valid_from);
  /// In force from `valid_from`, today or later. `forbidden` without an archivist's role, `missing_param`
  /// without a decision, `conflict` when it is adopted already.
  Task<Result<std::shared_ptr<PlanVersion const>>> adopt(UserNid by, AuthorityId authority, PlanVersionId id,
                                                         Day valid_from, std::string decision);

  /// In force on a day; null when none is.
  [[nodiscard]] std::shared_ptr<PlanVersion const> in_force(AuthorityId authority, Day day) const;
  /// Of an authority, the newest first.
  [[nodiscard]] std::vector<std::shared_ptr<PlanVersion const>> versions(AuthorityId authority) const;
  [[nodiscard]] std::shared_ptr<PlanVersion const> version(PlanVersionId id) const;  ///< null: not there
  /// The row that holds today for a record type; none where the plan doesn't name it.
  [[nodiscard]] std::optional<PlanChoice> find(AuthorityId authority, std::string_view process,
                                               std::string_view type) const;
  /// For a guessed type (`guess_row`).
  [[nodiscard]] std::optional<PlanChoice> guess(AuthorityId authority, std::string_view process,
                                                std::string_view type) const;
  /// Archivists, registrars and administrators of the authority.
  [[nodiscard]] bool may_import(UserNid user, AuthorityId authority) const;
  [[nodiscard]] bool may_adopt(UserNid user, AuthorityId authority) const;

 private:
  using Version = std::shared_ptr<PlanVersion const>;
  struct Complete {
    std::string classification, plan;
  };
  [[nodiscard]] Complete completed(AuthorityId authority, PlanTexts texts, Day day) const;
  Task<Result<PlanReport>> report(AuthorityId authority, ReadPlan read, Day day);

  Runtime& runtime_;
  db::Database& database_;
  governance::GovernanceService const& governance_;
  std::map<PlanVersionId, Version> versions_;
};

}  // namespace torg::records
