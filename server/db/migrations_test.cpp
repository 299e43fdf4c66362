#include "db/migrations.hpp"

#include "db/testing/on_both_databases.hpp"

namespace torg::db {
namespace {

constexpr Migration kFirst{"a", 1, "CREATE TABLE first (id {id}, body {bytes});\n"};
constexpr Migration kSecond{"b", 1,
                            "CREATE TABLE second (x TEXT NOT NULL, PRIMARY KEY (x)) {rowless};\n"
                            "INSERT INTO second (x) VALUES ('made once');\n"};
constexpr Migration kBroken{"c", 1, "CREATE TABLE third (id {id});\nCREATE TABLE first (id {id});\n"};
constexpr Statement kCountSecond{"SELECT count(*) FROM second"};
constexpr Statement kCountThird{"SELECT count(*) FROM third"};
constexpr Statement kInsertFirst{"INSERT INTO first (body) VALUES ($1) RETURNING id"};

std::int64_t count(Database& database, Statement const& statement) {
  std::int64_t counted = -1;
  database.read_now([&](Reader& r) {
    counted = *r.query_one(statement, {}, [](Row const& row) { return row.integer(0); });
  });
  return counted;
}

class Migrations : public OnBothDatabases {};
INSTANTIATE_TEST_SUITE_P(Db, Migrations, both_databases(), database_name);

TEST_P(Migrations, ApplyEachOnce) {
  Migration const both[] = {kFirst, kSecond};
  ASSERT_TRUE(database->migrate({both, 1}));
  ASSERT_TRUE(database->migrate(both));
  ASSERT_TRUE(database->migrate(both));
  EXPECT_EQ(count(*database, kCountSecond), 1);
}

TEST_P(Migrations, RefuseADatabaseFromANewerTorg) {
  Migration const both[] = {kFirst, kSecond};
  ASSERT_TRUE(database->migrate(both));
  database.reopen();
  auto const refused = database->migrate({both, 1});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "The database was written by a newer version of Torg. Start that version instead.");
  EXPECT_EQ(refused.error().detail, "unknown migration b 1");
}

TEST_P(Migrations, LeaveNothingBehindWhenOneFails) {
  Migration const all[] = {kFirst, kBroken};
  EXPECT_FALSE(database->migrate(all));
  EXPECT_THROW(count(*database, kCountThird), Failure);
  EXPECT_TRUE(database->migrate({all, 1}));
}

TEST_P(Migrations, GiveARowItsNumberWhenNoneIsNamed) {
  ASSERT_TRUE(database->migrate({&kFirst, 1}));
  std::vector<std::int64_t> ids;
  database->write_now([&](Transaction& t) {
    for (int i = 0; i < 2; ++i)
      t.query(kInsertFirst, {Bytes{"x"}}, [&](Row const& row) { ids.push_back(row.integer(0)); });
  });
  EXPECT_EQ(ids, (std::vector<std::int64_t>{1, 2}));
}

TEST(MigrationText, KeepsOnlyTheLinesOfItsDatabase) {
  std::string_view const sql =
      "{sqlite}CREATE VIRTUAL TABLE t USING fts5(x);\n{postgresql}CREATE TABLE t (x TSVECTOR);\nSELECT 1;";
  EXPECT_EQ(migration_text(sql, Database::Kind::sqlite), "CREATE VIRTUAL TABLE t USING fts5(x);\nSELECT 1;");
  EXPECT_EQ(migration_text(sql, Database::Kind::postgresql), "CREATE TABLE t (x TSVECTOR);\nSELECT 1;");
}

}  // namespace
}  // namespace torg::db
