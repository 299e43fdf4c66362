#pragma once
#include "db/database.hpp"
#include "records/plan/table.hpp"

namespace torg::records {

using PlanVersionId = StrongNumber<struct PlanVersionIdTag, std::int64_t>;

/// A classification and an information plan of an authority, as imported. Never changed: a change is another
/// version, and what was decided under this one keeps naming it.
struct PlanVersion {
  PlanVersionId id;
  AuthorityId authority;
  Day valid_from{};  ///< in force from this day once it is adopted, until a later one takes over
  std::string classification, plan;  ///< the tables as they came
  PlanTables tables;                 ///< the same, read
  Instant imported_at{};
  UserNid imported_by;
  std::optional<Instant> adopted_at;
  UserNid adopted_by;
  std::string decision;  ///< what the adoption rests on; empty before it
};

/// The row of a version that a record was registered under.
struct PlanUse {
  PlanVersionId version;
  std::int64_t row = 0;
};

[[nodiscard]] std::span<db::Migration const> plan_migrations();

/// All SQL of information plans.
namespace plan_store {

[[nodiscard]] PlanVersionId add(db::Transaction& transaction, PlanVersion const& version);
/// @return whether it waited for its adoption
[[nodiscard]] bool adopt(db::Transaction& transaction, PlanVersion const& adopted);
/// All versions, in order of id, tables read.
[[nodiscard]] std::vector<PlanVersion> versions(db::Reader& reader);
void add_use(db::Transaction& transaction, RecordId record, PlanUse use);
[[nodiscard]] std::optional<PlanUse> use_of(db::Reader& reader, RecordId record);

}  // namespace plan_store

}  // namespace torg::records
