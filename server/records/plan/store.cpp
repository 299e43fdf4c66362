#include "records/plan/store.hpp"

#include "records/rules/types.hpp"

namespace torg::records {
namespace {

// plan_version: the tables as they were handed in, so that what a decision rested on can always be read.
// plan_use: which row of which version a record was registered under.
constexpr db::Migration kMigrations[] = {{"plan", 1, R"sql(
CREATE TABLE plan_version (
  id {id},
  authority BIGINT NOT NULL,
  valid_from BIGINT NOT NULL,
  classification TEXT NOT NULL,
  plan TEXT NOT NULL,
  imported_at BIGINT NOT NULL,
  imported_by BIGINT NOT NULL,
  adopted_at BIGINT,
  adopted_by BIGINT NOT NULL,
  decision TEXT NOT NULL
);
CREATE TABLE plan_use (
  record BIGINT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  row_number BIGINT NOT NULL
) {rowless};
)sql"}};

constexpr db::Statement kAdd{
    "INSERT INTO plan_version (authority, valid_from, classification, plan, imported_at, imported_by, "
    "adopted_by, decision) VALUES ($1, $2, $3, $4, $5, $6, 0, '') RETURNING id"};
constexpr db::Statement kAdopt{
    "UPDATE plan_version SET valid_from = $1, adopted_at = $2, adopted_by = $3, decision = $4 "
    "WHERE id = $5 AND adopted_at IS NULL"};
constexpr db::Statement kAll{
    "SELECT id, authority, valid_from, classification, plan, imported_at, imported_by, adopted_at, "
    "adopted_by, "
    "decision FROM plan_version ORDER BY id"};
constexpr db::Statement kAddUse{"INSERT INTO plan_use (record, version, row_number) VALUES ($1, $2, $3)"};
constexpr db::Statement kUse{"SELECT version, row_number FROM plan_use WHERE record = $1"};

PlanVersion to_version(db::Row const& row) {
  PlanVersion version;
  version.id = row.number<PlanVersionId>(0);
  version.authority = row.number<AuthorityId>(1);
  version.valid_from = Day(std::chrono::days(row.integer(2)));
  version.classification = row.string(3);
  version.plan = row.string(4);
  version.imported_at = instant_from_ms(row.integer(5));
  version.imported_by = row.number<UserNid>(6);
  if (!row.is_null(7)) version.adopted_at = instant_from_ms(row.integer(7));
  version.adopted_by = row.number<UserNid>(8);
  version.decision = row.string(9);
  // It was without problems when it was imported; rules that came later don't judge it.
  if (auto read = read_plan(version.classification, version.plan)) version.tables = std::move(read->tables);
  return version;
}

std::int64_t days(Day day) { return day.time_since_epoch().count(); }

}  // namespace

std::span<db::Migration const> plan_migrations() { return kMigrations; }

namespace plan_store {

PlanVersionId add(db::Transaction& transaction, PlanVersion const& version) {
  auto const id = transaction.query_one(kAdd,
                                        {version.authority, days(version.valid_from), version.classification,
                                         version.plan, to_ms(version.imported_at), version.imported_by},
                                        [](db::Row const& row) { return row.number<PlanVersionId>(0); });
  return id.value();
}

bool adopt(db::Transaction& transaction, PlanVersion const& adopted) {
  return transaction.execute(kAdopt, {days(adopted.valid_from), to_ms(adopted.adopted_at.value()),
                                      adopted.adopted_by, adopted.decision, adopted.id}) == 1;
}

std::vector<PlanVersion> versions(db::Reader& reader) {
  std::vector<PlanVersion> found;
  reader.query(kAll, {}, [&](db::Row const& row) { found.push_back(to_version(row)); });
  return found;
}

void add_use(db::Transaction& transaction, RecordId record, PlanUse use) {
  transaction.execute(kAddUse, {record, use.version, use.row});
}

std::optional<PlanUse> use_of(db::Reader& reader, RecordId record) {
  return reader.query_one(kUse, {record}, [](db::Row const& row) {
    return PlanUse{row.number<PlanVersionId>(0), row.integer(1)};
  });
}

}  // namespace plan_store

}  // namespace torg::records
