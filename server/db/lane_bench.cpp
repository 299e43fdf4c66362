// One write is what storing an event costs: a row of 650 bytes and its entry in an index over random ids.
#include "db/testing/temporary_database.hpp"
#include "runtime/testing.hpp"

#include <benchmark/benchmark.h>
#include <random>

namespace torg::db {
namespace {

constexpr Migration kMigration{
    "bench", 1,
    "CREATE TABLE event (nid {id}, position BIGINT NOT NULL, body {bytes} NOT NULL);\n"
    "CREATE TABLE event_id (id TEXT NOT NULL PRIMARY KEY, nid BIGINT NOT NULL) {rowless};\n"};
constexpr Statement kInsert{"INSERT INTO event (nid, position, body) VALUES ($1, $2, $3)"};
constexpr Statement kInsertId{"INSERT INTO event_id (id, nid) VALUES ($1, $2)"};
constexpr Statement kSelect{"SELECT body FROM event WHERE nid = $1"};

class Bench {
 public:
  explicit Bench(Database::Kind kind) : database_(TemporaryDatabase::open(runtime_, kind, Medium::disk)) {
    if (!database_->migrate({&kMigration, 1})) throw std::runtime_error("no schema");
  }

  /// `count` writers at once; returns when all have been answered.
  void write(std::int64_t count) {
    left_ = count;
    for (std::int64_t i = 0; i < count; ++i)
      asio::co_spawn(runtime_.executor(), write_one(++last_, random_id()),
                     [this](std::exception_ptr failure, bool done) {
                       if (failure || !done) std::abort();
                       if (--left_ == 0) runtime_.stop();
                     });
    runtime_.run();
  }
  void read() {
    auto const nid = 1 + static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(last_));
    database_->read_now([nid](Reader& r) {
      benchmark::DoNotOptimize(
          r.query_one(kSelect, {nid}, [](Row const& row) { return row.bytes(0).size(); }));
    });
  }

 private:
  Task<bool> write_one(std::int64_t nid, std::string id) {
    auto const written =
        co_await database_->write([nid, id = std::move(id), body = body_](Transaction& t) -> Result<bool> {
          t.execute(kInsert, {nid, t.next_position(), Bytes{body}});
          t.execute(kInsertId, {id, nid});
          return true;
        });
    co_return written.has_value();
  }
  std::string random_id() {
    std::string id(44, '$');
    for (auto& c : id) c = static_cast<char>('A' + random_() % 26);
    return id;
  }

  RealRuntime runtime_{1};
  TemporaryDatabase database_;
  std::mt19937_64 random_{1};
  std::string const body_ = std::string(650, 'x');
  std::int64_t last_ = 0;
  std::int64_t left_ = 0;
};

/// CPU is that of all threads of this process, so without PostgreSQL's own.
void write_batch(benchmark::State& state, Database::Kind kind) {
  Bench bench(kind);
  for (auto _ : state) bench.write(state.range(0));
  auto const writes = static_cast<double>(state.iterations() * state.range(0));
  state.counters["wall_per_write"] =
      benchmark::Counter(writes, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void read_row(benchmark::State& state, Database::Kind kind) {
  Bench bench(kind);
  bench.write(10'000);
  for (auto _ : state) bench.read();
}

BENCHMARK_CAPTURE(write_batch, sqlite, Database::Kind::sqlite)
    ->Arg(1)
    ->Arg(64)
    ->Arg(512)
    ->UseRealTime()
    ->MeasureProcessCPUTime();
BENCHMARK_CAPTURE(write_batch, postgresql, Database::Kind::postgresql)
    ->Arg(1)
    ->Arg(64)
    ->Arg(512)
    ->UseRealTime()
    ->MeasureProcessCPUTime();
BENCHMARK_CAPTURE(read_row, sqlite, Database::Kind::sqlite);
BENCHMARK_CAPTURE(read_row, postgresql, Database::Kind::postgresql);

}  // namespace
}  // namespace torg::db
