#include "db/testing/on_both_databases.hpp"

#include <algorithm>
#include <future>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <gmock/gmock.h>

namespace torg::db {
namespace {

using ::testing::ElementsAre;

constexpr Migration kMigrations[] = {
    {"note", 1,
     "CREATE TABLE note (id {id}, body TEXT, size INTEGER, sealed {bytes});\n"
     "CREATE UNIQUE INDEX note_body ON note (body);\n"},
    {"note", 2,
     "CREATE TABLE tag (note BIGINT NOT NULL REFERENCES note (id), name TEXT NOT NULL,"
     " PRIMARY KEY (note, name)) {rowless};\n"},
};
constexpr Statement kInsert{"INSERT INTO note (id, body) VALUES ($1, $2)"};
constexpr Statement kInsertAll{"INSERT INTO note (id, body, size, sealed) VALUES ($1, $2, $3, $4)"};
constexpr Statement kInsertTag{"INSERT INTO tag (note, name) VALUES ($1, $2)"};
constexpr Statement kSelectAll{"SELECT id, body, size, sealed FROM note ORDER BY id"};
constexpr Statement kCount{"SELECT count(*) FROM note"};
constexpr Statement kIds{"SELECT id FROM note ORDER BY id"};
constexpr Statement kSum{"SELECT sum(id) FROM note"};
constexpr Statement kBroken{"SELECT nothing FROM nowhere"};
constexpr Statement kDelete{"DELETE FROM note WHERE id > $1"};

class DatabaseTest : public OnBothDatabases {
 protected:
  void SetUp() override { ASSERT_TRUE(database->migrate(kMigrations)); }

  Task<Result<Position>> add(std::int64_t id, std::string body) {
    return database->write([id, body = std::move(body)](Transaction& t) -> Result<Position> {
      t.execute(kInsert, {id, body});
      return t.next_position();
    });
  }
  std::vector<std::int64_t> ids() {
    return *run(runtime, database->read([](Reader& r) {
      std::vector<std::int64_t> found;
      r.query(kIds, {}, [&](Row const& row) { found.push_back(row.integer(0)); });
      return found;
    }));
  }
  std::int64_t count() { return static_cast<std::int64_t>(ids().size()); }
};
INSTANTIATE_TEST_SUITE_P(Db, DatabaseTest, both_databases(), database_name);

/// Starts all tasks before the lane's first batch comes back, and waits for all.
template <class T>
std::vector<T> run_all(RealRuntime& runtime, std::vector<Task<T>> tasks) {
  std::vector<std::optional<T>> values(tasks.size());
  std::size_t left = tasks.size();
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    asio::co_spawn(runtime.executor(), std::move(tasks[i]), [&, i](std::exception_ptr, T value) {
      values[i] = std::move(value);
      if (--left == 0) runtime.stop();
    });
  }
  runtime.run();
  std::vector<T> result;
  for (auto& value : values) result.push_back(std::move(*value));
  return result;
}

TEST_P(DatabaseTest, ReadsWhatWasWritten) {
  std::string const zeros("\0\x01\xff", 3);
  auto const written = run(runtime, database->write([zeros](Transaction& t) -> Result<std::int64_t> {
    return t.execute(kInsertAll, {std::int64_t{1} << 40, "räksmörgås", -7, Bytes{zeros}}) +
           t.execute(kInsertAll, {(std::int64_t{1} << 40) + 1, nullptr, nullptr, nullptr});
  }));
  EXPECT_EQ(written, 2);
  std::vector<std::string> seen;
  auto const read = run(runtime, database->read([&](Reader& r) {
    r.query(kSelectAll, {}, [&](Row const& row) {
      seen.push_back(std::to_string(row.integer(0)) + "|" + row.string(1) + "|" +
                     std::to_string(row.integer(2)) + "|" + std::string(row.bytes(3)) + "|" +
                     (row.is_null(1) ? "null" : "value"));
    });
    return 1;
  }));
  EXPECT_TRUE(read);
  EXPECT_THAT(seen, ElementsAre("1099511627776|räksmörgås|-7|" + zeros + "|value", "1099511627777||0||null"));
}

TEST_P(DatabaseTest, SumsLargeNumbersAsIntegers) {
  run_all<Result<Position>>(runtime, [&] {
    std::vector<Task<Result<Position>>> tasks;
    for (auto const id : {std::int64_t{4'000'000'000'123}, std::int64_t{5'000'000'000'000}})
      tasks.push_back(add(id, std::to_string(id)));
    return tasks;
  }());
  auto const sum = run(runtime, database->read([](Reader& r) {
    return r.query_one(kSum, {}, [](Row const& row) { return row.integer(0); });
  }));
  EXPECT_EQ(**sum, 9'000'000'000'123);
}

TEST_P(DatabaseTest, HandsOutPositionsWithoutGapsInOrderOfSubmission) {
  std::vector<Task<Result<Position>>> tasks;
  for (int i = 1; i <= 100; ++i) tasks.push_back(add(i, std::to_string(i)));
  auto const positions = run_all(runtime, std::move(tasks));
  for (std::size_t i = 0; i < positions.size(); ++i)
    EXPECT_EQ(*positions[i], Position(static_cast<std::int64_t>(i + 1)));
  EXPECT_EQ(database->last_position(), Position(100));
}

TEST_P(DatabaseTest, FailsABadWriteAloneAndLeavesNoGap) {
  std::vector<Task<Result<Position>>> tasks;
  for (int i = 1; i <= 10; ++i) tasks.push_back(add(i, i == 4 || i == 7 ? "1" : std::to_string(i)));
  auto const positions = run_all(runtime, std::move(tasks));
  EXPECT_EQ(positions[3].error().code, ErrorCode::conflict);
  EXPECT_EQ(positions[6].error().code, ErrorCode::conflict);
  EXPECT_THAT(ids(), ElementsAre(1, 2, 3, 5, 6, 8, 9, 10));
  EXPECT_EQ(*positions[9], Position(8));
  EXPECT_EQ(database->last_position(), Position(8));
}

TEST_P(DatabaseTest, RollsBackTheWriteThatReturnsAnError) {
  std::vector<Task<Result<Position>>> tasks;
  tasks.push_back(add(1, "a"));
  tasks.push_back(database->write([](Transaction& t) -> Result<Position> {
    t.execute(kInsert, {2, "b"});
    (void)t.next_position();
    return fail(ErrorCode::user_in_use, "Taken.");
  }));
  tasks.push_back(add(3, "c"));
  auto const results = run_all(runtime, std::move(tasks));
  EXPECT_EQ(results[1].error().code, ErrorCode::user_in_use);
  EXPECT_THAT(ids(), ElementsAre(1, 3));
  EXPECT_EQ(*results[2], Position(2));
}

TEST_P(DatabaseTest, SpoilsAWriteThatGoesOnAfterAFailedStatement) {
  run(runtime, add(1, "a"));
  auto const result = run(runtime, database->write([](Transaction& t) -> Result<int> {
    try {
      t.execute(kInsert, {1, "again"});
    } catch (ConstraintViolation const&) {
    }
    return 1;
  }));
  EXPECT_EQ(result.error().code, ErrorCode::conflict);
}

TEST_P(DatabaseTest, RefusesARowThatPointsNowhere) {
  auto const result = run(runtime, database->write([](Transaction& t) -> Result<int> {
    t.execute(kInsertTag, {99, "lost"});
    return 1;
  }));
  EXPECT_EQ(result.error().code, ErrorCode::conflict);
}

TEST_P(DatabaseTest, AnswersInternalForBrokenSql) {
  auto const written =
      run(runtime,
          database->write([](Transaction& t) -> Result<std::int64_t> { return t.execute(kBroken, {}); }));
  EXPECT_EQ(written.error().code, ErrorCode::internal);
  auto const read = run(runtime, database->read([](Reader& r) {
    r.query(kBroken, {}, [](Row const&) {});
    return 0;
  }));
  EXPECT_EQ(read.error().code, ErrorCode::internal);
  EXPECT_TRUE(run(runtime, add(1, "the next write is fine")));
}

TEST_P(DatabaseTest, RunsJobsAfterTheCommitInOrderAndBeforeTheWriterResumes) {
  std::vector<std::string> log;
  auto const write = [&](int id) -> Task<Result<int>> {
    auto result = co_await database->write([id, &log](Transaction& t) -> Result<int> {
      t.execute(kInsert, {id, id == 2 ? "1" : std::to_string(id)});
      t.on_commit([id, &log] { log.push_back("job " + std::to_string(id)); });
      return id;
    });
    log.push_back((result ? "done " : "failed ") + std::to_string(id));
    co_return result;
  };
  std::vector<Task<Result<int>>> tasks;
  for (int id = 1; id <= 3; ++id) tasks.push_back(write(id));
  run_all(runtime, std::move(tasks));
  EXPECT_THAT(log, ElementsAre("job 1", "done 1", "failed 2", "job 3", "done 3"));
}

TEST_P(DatabaseTest, KeepsWhatWasAcknowledgedAfterARestart) {
  run(runtime, add(1, "a"));
  database.reopen();
  EXPECT_EQ(database->last_position(), Position(1));
  EXPECT_TRUE(database->migrate(kMigrations));
  EXPECT_EQ(count(), 1);
  EXPECT_EQ(*run(runtime, add(2, "b")), Position(2));
}

TEST_P(DatabaseTest, ReadsOneSnapshotAcrossStatements) {
  run(runtime, add(1, "a"));
  auto const counts = run(runtime, database->read([this](Reader& r) {
    auto const get = [](Row const& row) { return row.integer(0); };
    auto const before = r.query_one(kCount, {}, get);
    database->write_now([](Transaction& t) { t.execute(kInsert, {2, "b"}); });
    return std::pair{*before, *r.query_one(kCount, {}, get)};
  }));
  EXPECT_EQ(*counts, std::pair(std::int64_t{1}, std::int64_t{1}));
  EXPECT_EQ(count(), 2);
}

TEST_P(DatabaseTest, LetsARowCallbackRunTheSameStatement) {
  run(runtime, add(1, "a"));
  run(runtime, add(2, "b"));
  auto const pairs = run(runtime, database->read([](Reader& r) {
    int seen = 0;
    r.query(kIds, {}, [&](Row const&) { r.query(kIds, {}, [&](Row const&) { ++seen; }); });
    return seen;
  }));
  EXPECT_EQ(*pairs, 4);
}

TEST_P(DatabaseTest, CountsTheRowsThatAStatementChanged) {
  for (int i = 1; i <= 5; ++i) run(runtime, add(i, std::to_string(i)));
  auto const deleted =
      run(runtime,
          database->write([](Transaction& t) -> Result<std::int64_t> { return t.execute(kDelete, {2}); }));
  EXPECT_EQ(*deleted, 3);
}

TEST_P(DatabaseTest, WritesAtOnceAtStartUp) {
  int jobs = 0;
  database->write_now([&](Transaction& t) {
    t.execute(kInsert, {1, "a"});
    (void)t.next_position();
    t.on_commit([&] { ++jobs; });
  });
  EXPECT_EQ(jobs, 1);
  EXPECT_EQ(database->last_position(), Position(1));
  EXPECT_THROW(database->write_now([&](Transaction& t) { t.execute(kInsert, {2, "a"}); }),
               ConstraintViolation);
  std::int64_t seen = 0;
  database->read_now(
      [&](Reader& r) { seen = *r.query_one(kCount, {}, [](Row const& row) { return row.integer(0); }); });
  EXPECT_EQ(seen, 1);
}

TEST_P(DatabaseTest, AnswersUnavailableWhenTooManyWritesWait) {
  std::vector<Task<Result<int>>> tasks;
  for (int i = 0; i < 20'000; ++i)
    tasks.push_back(database->write([](Transaction&) -> Result<int> { return 1; }));
  // Nothing may leave the lane before everything has been submitted.
  std::vector<Result<int>> results;
  database->write_now([&](Transaction&) {
    for (auto& task : tasks)
      asio::co_spawn(runtime.executor(), std::move(task), [&](std::exception_ptr, Result<int> result) {
        results.push_back(std::move(result));
        if (results.size() == tasks.size()) runtime.stop();
      });
    runtime.poll();
  });
  if (results.size() < tasks.size()) runtime.run();
  auto const refused = std::ranges::count_if(results, [](auto const& r) { return !r; });
  EXPECT_GE(refused, 20'000 - 16'384 - 1'024);
  EXPECT_LT(refused, 20'000);
  for (auto const& result : results)
    if (!result) EXPECT_EQ(result.error().code, ErrorCode::unavailable);
}

TEST_P(DatabaseTest, DropsWaitingWritersWhenItIsClosed) {
  auto resumed = std::make_shared<bool>(false);
  database->write_now([&](Transaction&) {
    asio::co_spawn(runtime.executor(), add(1, "a"),
                   [resumed](std::exception_ptr, Result<Position>) { *resumed = true; });
    runtime.poll();
  });
  database.close();
  runtime.poll();
  EXPECT_FALSE(*resumed);
}

TEST_P(DatabaseTest, ReadsAsideWhileTheExecutorGoesOn) {
  ASSERT_TRUE(run(runtime, add(1, "a")));
  std::vector<Task<Result<std::int64_t>>> reads;
  for (int i = 0; i < 20; ++i) {
    reads.push_back(database->read_aside([this](Reader& r) {
      std::promise<void> others;
      runtime.post([&others] { others.set_value(); });
      EXPECT_EQ(others.get_future().wait_for(std::chrono::seconds(30)), std::future_status::ready);
      return r.query_one(kCount, {}, [](Row const& row) { return row.integer(0); }).value();
    }));
  }
  for (auto const& count : run_all(runtime, std::move(reads))) EXPECT_EQ(count, 1);
  EXPECT_EQ(run(runtime, database->read_aside([](Reader& r) {
              r.query(kBroken, {}, [](Row const&) {});
              return 0;
            }))
                .error()
                .code,
            ErrorCode::internal);
  ASSERT_TRUE(run(runtime, add(2, "b")));
  EXPECT_EQ(run(runtime, database->read_aside([](Reader& r) {
              return r.query_one(kCount, {}, [](Row const& row) { return row.integer(0); }).value();
            })),
            2)
      << "every acknowledged write is there, also after a failure";
}

}  // namespace
}  // namespace torg::db
