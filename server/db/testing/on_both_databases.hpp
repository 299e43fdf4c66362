#pragma once
#include "db/testing/temporary_database.hpp"
#include "runtime/testing.hpp"

#include <gtest/gtest.h>

namespace torg::db {

/// The fixture of every store test: an empty database of the kind under test.
///
///     class RoomStore : public db::OnBothDatabases {};
///     TEST_P(RoomStore, KeepsTheOrderOfEvents) { … run(runtime, database->write(…)) … }
///     INSTANTIATE_TEST_SUITE_P(Db, RoomStore, db::both_databases(), db::database_name);
class OnBothDatabases : public ::testing::TestWithParam<Database::Kind> {
 protected:
  RealRuntime runtime{2};
  TemporaryDatabase database = TemporaryDatabase::open(runtime, GetParam());
};

inline auto both_databases() { return ::testing::Values(Database::Kind::sqlite, Database::Kind::postgresql); }

inline std::string database_name(::testing::TestParamInfo<Database::Kind> const& info) {
  return info.param == Database::Kind::sqlite ? "Sqlite" : "Postgresql";
}

}  // namespace torg::db
