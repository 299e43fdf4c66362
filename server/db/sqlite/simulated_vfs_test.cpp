#include "db/sqlite/simulated_vfs.hpp"

#include "db/sqlite/sqlite_connection.hpp"
#include "runtime/testing.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace torg::db {
namespace {

constexpr Statement kInsert{"INSERT INTO note (id, body) VALUES ($1, $2)"};
constexpr Statement kIds{"SELECT id FROM note ORDER BY id"};
constexpr Statement kCount{"SELECT count(*) FROM note"};
constexpr Statement kCheck{"PRAGMA integrity_check"};
constexpr Statement kRandom{"SELECT hex(randomblob(16))"};
constexpr Statement kNow{"SELECT strftime('%Y-%m-%d %H:%M', 'now')"};
constexpr char const* kNotes = "CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY, body TEXT);";
constexpr Migration kMigration{"note", 1, kNotes};

std::string one_text(SqliteConnection& connection, Statement const& statement) {
  std::string found;
  connection.run(statement, {}, [&](Row const& row) { found = row.string(0); });
  return found;
}

std::vector<std::int64_t> ids_in(SqliteConnection& connection) {
  std::vector<std::int64_t> ids;
  connection.run(kIds, {}, [&](Row const& row) { ids.push_back(row.integer(0)); });
  return ids;
}

/// One computer that writes numbered rows until its power goes, several times over.
class Computer {
 public:
  Computer(std::uint64_t seed, std::string synchronous)
      : vfs("computer", seed), synchronous_(std::move(synchronous)) {
    vfs.make_default();
  }

  void run_until_crash() {
    vfs.disk().crash_after(1 + vfs.disk().draw() % 1'500);
    try {
      SqliteConnection connection({.path = "/torg.db", .vfs = "computer"}, SqliteRole::writer);
      connection.run_script(kLaneSchema);
      connection.run_script(kNotes);
      connection.run_script("PRAGMA wal_autocheckpoint = 100; PRAGMA synchronous = " + synchronous_);
      for (;;) write_one(connection);
    } catch (Failure const&) {
      EXPECT_TRUE(vfs.disk().is_down());
    }
    vfs.disk().reboot();
  }
  /// Boots and looks: `acknowledged` is how many rows must be there, `attempted` how many may.
  bool has_all_that_was_acknowledged() {
    SqliteConnection connection({.path = "/torg.db", .vfs = "computer"}, SqliteRole::writer);
    connection.run_script(kLaneSchema);
    connection.run_script(kNotes);
    EXPECT_EQ(one_text(connection, kCheck), "ok");
    auto const ids = ids_in(connection);
    for (std::size_t i = 0; i < ids.size(); ++i)
      EXPECT_EQ(ids[i], static_cast<std::int64_t>(i + 1)) << "half a write";
    auto const last = connection.begin_write();
    connection.rollback();
    EXPECT_EQ(last.value, static_cast<std::int64_t>(ids.size()));
    EXPECT_LE(last.value, attempted_);
    auto const all = last.value >= acknowledged_;
    acknowledged_ = attempted_ = last.value;
    return all;
  }

  SimulatedVfs vfs;

 private:
  void write_one(SqliteConnection& connection) {
    auto const position = connection.begin_write();
    std::string const body(vfs.disk().draw() % 20'000, 'x');
    ++attempted_;
    Value const row[] = {attempted_, body};
    connection.run(kInsert, row, nullptr);
    connection.commit_write(Position(position.value + 1));
    ++acknowledged_;
  }

  std::string synchronous_;
  std::int64_t attempted_ = 0;
  std::int64_t acknowledged_ = 0;
};

int seeds_that_lose_writes(int seeds, std::string const& synchronous) {
  int losing = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    Computer computer(static_cast<std::uint64_t>(seed), synchronous);
    bool lost = false;
    for (int boot = 0; boot < 3; ++boot) {
      computer.run_until_crash();
      lost |= !computer.has_all_that_was_acknowledged();
    }
    losing += lost;
  }
  return losing;
}

TEST(SimulatedVfs, LosesNothingAcknowledgedWhenEveryCommitIsSynced) {
  EXPECT_EQ(seeds_that_lose_writes(30, "FULL"), 0);
}

TEST(SimulatedVfs, FindsAcknowledgementsThatCameBeforeTheSync) {
  EXPECT_GT(seeds_that_lose_writes(10, "NORMAL"), 5);
}

TEST(SimulatedVfs, ReplaysASeedExactly) {
  auto const live = [](std::uint64_t seed) {
    Computer computer(seed, "FULL");
    computer.run_until_crash();
    computer.run_until_crash();
    return computer.vfs.disk().image();
  };
  auto const first = live(5);
  EXPECT_NE(live(6), first);
  EXPECT_EQ(live(5), first);
}

TEST(SimulatedVfs, StartsFromAnImage) {
  SimulatedDisk::Image image;
  {
    Computer computer(1, "FULL");
    SqliteConnection connection({.path = "/torg.db", .vfs = "computer"}, SqliteRole::writer);
    connection.run_script(
        "CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT); INSERT INTO note VALUES (7, 'x')");
    connection.truncate_log();
    image = computer.vfs.disk().image();
  }
  SimulatedVfs copy("copy", 2, image);
  SqliteConnection connection({.path = "/torg.db", .vfs = "copy"}, SqliteRole::writer);
  EXPECT_THAT(ids_in(connection), ::testing::ElementsAre(7));
}

TEST(SimulatedVfs, GivesSqliteItsRandomNumbersAndTime) {
  auto const ask = [](std::uint64_t seed) {
    SimulatedVfs vfs("asked", seed, {}, [] { return std::int64_t{1'700'000'000'000}; });
    vfs.make_default();
    SqliteConnection connection({.path = "/torg.db"}, SqliteRole::writer);
    EXPECT_EQ(one_text(connection, kNow), "2023-11-14 22:13");
    return one_text(connection, kRandom);
  };
  auto const first = ask(1);
  EXPECT_NE(ask(2), first);
  EXPECT_EQ(ask(1), first);
}

TEST(SimulatedVfs, LetsNobodyFromBeforeTheCrashTouchTheNextBoot) {
  SimulatedVfs vfs("reborn", 1);
  SqliteConnection before({.path = "/torg.db", .vfs = "reborn"}, SqliteRole::writer);
  before.run_script(kNotes);
  vfs.disk().crash();
  EXPECT_THROW(SqliteConnection({.path = "/torg.db", .vfs = "reborn"}, SqliteRole::writer), Failure);
  vfs.disk().reboot();
  SqliteConnection after({.path = "/torg.db", .vfs = "reborn"}, SqliteRole::writer);
  after.run_script(kNotes);
  EXPECT_THROW(before.run_script("INSERT INTO note VALUES (1, 'ghost')"), Failure);
  after.run_script("INSERT INTO note VALUES (2, 'new')");
  EXPECT_THAT(ids_in(after), ::testing::ElementsAre(2));
}

/// The whole database on a faulty disk, its lane on its own thread or not.
class FaultyDisk : public ::testing::TestWithParam<LaneThread> {
 protected:
  void SetUp() override {
    auto opened = open_sqlite(runtime, {.path = "/torg.db", .vfs = "faulty", .lane = GetParam()});
    ASSERT_TRUE(opened);
    database = std::move(*opened);
    ASSERT_TRUE(database->migrate({&kMigration, 1}));
  }
  Result<int> add(std::int64_t id, std::size_t size) {
    return run(runtime, database->write([id, size](Transaction& t) -> Result<int> {
      t.execute(kInsert, {id, std::string(size, 'x')});
      return 1;
    }));
  }
  Result<std::int64_t> count() {
    return run(runtime, [](Database& db) -> Task<Result<std::int64_t>> {
      co_return co_await db.read(
          [](Reader& r) { return *r.query_one(kCount, {}, [](Row const& row) { return row.integer(0); }); });
    }(*database));
  }

  RealRuntime runtime{2};
  SimulatedVfs vfs{"faulty", 1};
  std::unique_ptr<Database> database;
};
INSTANTIATE_TEST_SUITE_P(Db, FaultyDisk, ::testing::Values(LaneThread::own, LaneThread::offload),
                         [](auto const& info) { return info.param == LaneThread::own ? "Own" : "Offload"; });

TEST_P(FaultyDisk, AnswersStorageFullReadsOnAndRecovers) {
  ASSERT_TRUE(add(1, 100));
  std::uint64_t used = 0;
  for (auto const& [path, bytes] : vfs.disk().image()) used += bytes.size();
  vfs.disk().set_faults({.capacity = used + 20'000});
  auto const refused = add(2, 100'000);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::storage_full);
  EXPECT_EQ(*count(), 1);
  EXPECT_TRUE(add(3, 100)) << "what fits is written";
  vfs.disk().set_faults({});
  EXPECT_TRUE(add(4, 100'000));
  EXPECT_EQ(*count(), 3);
}

TEST_P(FaultyDisk, GoesOnWhenTheLogCannotBeCheckpointedForLackOfSpace) {
  std::int64_t id = 0;
  while (vfs.disk().find("/torg.db-wal")->bytes().size() < 3'000'000) ASSERT_TRUE(add(++id, 3'000));
  std::uint64_t used = 0;
  for (auto const& [path, bytes] : vfs.disk().image()) used += bytes.size();
  vfs.disk().set_faults({.capacity = used + 1'500'000});
  Result<int> last = 1;
  while (last) last = add(++id, 3'000);
  EXPECT_EQ(last.error().code, ErrorCode::storage_full);
  EXPECT_EQ(*count(), id - 1);
  vfs.disk().set_faults({});
  for (int i = 0; i < 1'000; ++i) ASSERT_TRUE(add(++id, 3'000));
  EXPECT_EQ(*count(), id - 1);
}

TEST_P(FaultyDisk, AnswersUnavailableWhileTheDiskFailsAndRecovers) {
  vfs.disk().set_faults({.write_errors = 1});
  EXPECT_EQ(add(1, 100).error().code, ErrorCode::unavailable);
  vfs.disk().set_faults({.sync_errors = 1});
  EXPECT_EQ(add(2, 100).error().code, ErrorCode::unavailable);
  vfs.disk().set_faults({});
  EXPECT_TRUE(add(3, 100));
  vfs.disk().crash();
  EXPECT_FALSE(add(4, 100));
  database.reset();
  vfs.disk().reboot();
  SetUp();
  EXPECT_EQ(*count(), 1);
}

TEST_P(FaultyDisk, FailsOnlyTheLargeWriteOfABatch) {
  vfs.disk().set_faults({.capacity = 200'000});
  std::vector<Result<int>> results;
  for (std::int64_t id = 1; id <= 20; ++id)
    asio::co_spawn(runtime.executor(), database->write([id](Transaction& t) -> Result<int> {
      t.execute(kInsert, {id, std::string(id == 10 ? 300'000 : 100, 'x')});
      return 1;
    }),
                   [&](std::exception_ptr, Result<int> result) {
                     results.push_back(std::move(result));
                     if (results.size() == 20) runtime.stop();
                   });
  runtime.run();
  EXPECT_EQ(std::ranges::count_if(results, [](auto const& r) { return r.has_value(); }), 19);
  EXPECT_EQ(results[9].error().code, ErrorCode::storage_full);
}

}  // namespace
}  // namespace torg::db
