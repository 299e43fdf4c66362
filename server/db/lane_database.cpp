#include "db/lane_database.hpp"

#include "db/migrations.hpp"

namespace torg::db {

Result<> LaneDatabase::migrate(std::span<Migration const> migrations) {
  Result<> migrated;
  lane_.exclusively([&](Connection& connection) { migrated = apply_migrations(connection, migrations); });
  return migrated;
}

}  // namespace torg::db
