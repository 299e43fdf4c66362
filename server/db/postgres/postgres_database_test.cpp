#include "db/testing/postgres_cluster.hpp"
#include "db/testing/temporary_database.hpp"
#include "runtime/testing.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace torg::db {
namespace {

constexpr Migration kMigration{"note", 1, "CREATE TABLE note (id {id}, body TEXT, small INTEGER);\n"};
constexpr Statement kInsert{"INSERT INTO note (id, body, small) VALUES ($1, $2, $3)"};
constexpr Statement kSelect{"SELECT id, body, small FROM note ORDER BY id"};
constexpr Statement kFence{"UPDATE db_lane SET fence = fence + 1"};
constexpr Statement kOwnSession{"SELECT pg_backend_pid()"};

class PostgresDatabase : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(database->migrate({&kMigration, 1})); }

  Result<std::int64_t> add(std::int64_t id, std::optional<std::string> body,
                           std::optional<std::int32_t> small = {}) {
    return run(runtime, database->write([=](Transaction& t) -> Result<std::int64_t> {
      return t.execute(kInsert, {id, body, small});
    }));
  }
  std::int64_t lane_session() {
    std::int64_t pid = 0;
    database->write_now([&](Transaction& t) {
      pid = *t.query_one(kOwnSession, {}, [](Row const& row) { return row.integer(0); });
    });
    return pid;
  }
  std::vector<std::string> rows() {
    std::vector<std::string> found;
    auto const read = run(runtime, database->read([&](Reader& r) {
      r.query(kSelect, {}, [&](Row const& row) {
        found.push_back(fmt::format("{} {} {}", row.integer(0), row.is_null(1) ? "null" : row.text(1),
                                    row.is_null(2) ? "null" : std::to_string(row.integer(2))));
      });
      return 0;
    }));
    EXPECT_TRUE(read);
    return found;
  }
  void cut(std::int64_t pid) {
    PostgresCluster::shared().execute(fmt::format("SELECT pg_terminate_backend({}, 5000)", pid));
  }

  RealRuntime runtime{2};
  TemporaryDatabase database = TemporaryDatabase::open(runtime, Database::Kind::postgresql);
};

TEST_F(PostgresDatabase, RefusesASecondServer) {
  auto const second = open_postgresql(runtime, database.location());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::unavailable);
  EXPECT_TRUE(second.error().detail.starts_with("another Torg server runs on this database"))
      << second.error().detail;
  EXPECT_TRUE(add(1, "the first one goes on"));
}

TEST_F(PostgresDatabase, WritesNothingMoreAfterAnotherServerTookOver) {
  database->write_now([](Transaction& t) { t.execute(kFence, {}); });
  auto const refused = add(1, "late");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
  EXPECT_TRUE(rows().empty());
}

TEST_F(PostgresDatabase, ReconnectsTheLaneWithoutLosingAWrite) {
  ASSERT_TRUE(add(1, "a"));
  cut(lane_session());
  EXPECT_TRUE(add(2, "b"));
  EXPECT_EQ(rows(), (std::vector<std::string>{"1 a null", "2 b null"}));
}

TEST_F(PostgresDatabase, AnswersUnavailableWhenTheConnectionIsLostDuringAWrite) {
  auto const lost = run(runtime, database->write([this](Transaction& t) -> Result<std::int64_t> {
    cut(*t.query_one(kOwnSession, {}, [](Row const& row) { return row.integer(0); }));
    return t.execute(kInsert, {1, "a", nullptr});
  }));
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code, ErrorCode::unavailable);
  EXPECT_TRUE(add(2, "b"));
  EXPECT_EQ(rows(), (std::vector<std::string>{"2 b null"}));
}

TEST_F(PostgresDatabase, ReconnectsAReaderThatWasCutWhileIdle) {
  ASSERT_TRUE(add(1, "a"));
  std::int64_t pid = 0;
  database->read_now(
      [&](Reader& r) { pid = *r.query_one(kOwnSession, {}, [](Row const& row) { return row.integer(0); }); });
  cut(pid);
  EXPECT_EQ(rows().size(), 1u);
}

TEST_F(PostgresDatabase, BindsNullAndValueToTheSameStatement) {
  ASSERT_TRUE(add(1, std::nullopt, 5));
  ASSERT_TRUE(add(2, "b", std::nullopt));
  ASSERT_TRUE(add(3, "c", -1));
  EXPECT_EQ(rows(), (std::vector<std::string>{"1 null 5", "2 b null", "3 c -1"}));
}

TEST_F(PostgresDatabase, SaysWhenAColumnIsReadAsSomethingElse) {
  ASSERT_TRUE(add(1, "a"));
  auto const read = run(runtime, database->read([](Reader& r) {
    return r.query_one(kSelect, {}, [](Row const& row) { return row.string(0); });
  }));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::internal);
}

TEST_F(PostgresDatabase, SaysWhenThereIsNoServer) {
  auto const nothing = open_postgresql(runtime, "postgresql:///torg?host=/nonexistent");
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace torg::db
