// What it costs to take messages of 15 words into the index, and what they take there: one iteration is one
// batch.
#include "db/testing/temporary_database.hpp"
#include "matrix/room/migrations.hpp"
#include "matrix/room/store.hpp"
#include "matrix/search/store.hpp"
#include "runtime/testing.hpp"

#include <benchmark/benchmark.h>
#include <cmath>
#include <random>

namespace torg::matrix {
namespace {

constexpr db::Statement kPagesSqlite{
    "SELECT COALESCE(SUM(pgsize), 0) FROM dbstat WHERE name LIKE 'search_%' OR name = 'relation_by_event'"};

class Bench {
 public:
  Bench() : database_(db::TemporaryDatabase::open(runtime_, db::Database::Kind::sqlite, db::Medium::disk)) {
    if (!database_->migrate(room_migrations())) throw std::runtime_error("no schema");
    database_->write_now([](db::Transaction& transaction) {
      search_store::use_language(transaction, db::Database::Kind::sqlite, "swedish");
    });
  }
  void say(std::size_t count) {
    database_->write_now([&](db::Transaction& transaction) {
      for (std::size_t i = 0; i < count; ++i) write(transaction);
    });
  }
  void index(std::size_t count) {
    database_->write_now([&](db::Transaction& transaction) {
      benchmark::DoNotOptimize(search_store::index_next(transaction, db::Database::Kind::sqlite, count));
    });
  }
  [[nodiscard]] std::int64_t bytes() {
    std::int64_t bytes = 0;
    database_->read_now([&](db::Reader& reader) {
      bytes =
          reader.query_one(kPagesSqlite, {}, [](db::Row const& row) { return row.integer(0); }).value_or(0);
    });
    return bytes;
  }

 private:
  /// Words as they are spread in a language: few that are common, many that are rare.
  std::string word() {
    std::uniform_real_distribution<double> even(0, std::log(40'000.0));
    constexpr std::array kEndings{"", "en", "arna", "ning", "ing"};
    std::string word;
    auto const rank = static_cast<unsigned>(std::exp(even(random_)));
    for (auto rest = rank; rest > 0 || word.empty(); rest /= 20) word += "bcdfghjklmnprstvaeou"[rest % 20];
    return word + kEndings[rank % kEndings.size()];
  }
  void write(db::Transaction& transaction) {
    auto const n = ++last_;
    std::string body;
    for (int i = 0; i < 15; ++i) body += (i == 0 ? "" : " ") + word();
    EventRow row{.nid = EventNid(n),
                 .room = RoomNid(1),
                 .expected_head = EventNid(n - 1),
                 .depth = n,
                 .sender = UserNid(1),
                 .type = 1,
                 .type_name = n == 1 ? "m.room.message" : "",
                 .content = R"({"body":")" + body + R"(","msgtype":"m.text"})"};
    for (std::size_t i = 0; i < 8; ++i) row.id[i] = static_cast<unsigned char>(n >> (8 * i));
    if (n == 1) store::insert_room(transaction, row.room, RoomId("!r"));
    if (!store::insert_event(transaction, row)) throw std::runtime_error("not written");
  }

  RealRuntime runtime_{1};
  db::TemporaryDatabase database_;
  std::mt19937_64 random_{7};
  std::int64_t last_ = 0;
};

void index_messages(benchmark::State& state) {
  Bench bench;
  auto const batch = static_cast<std::size_t>(state.range(0));
  std::size_t total = 0;
  for (auto _ : state) {
    state.PauseTiming();
    bench.say(batch);
    state.ResumeTiming();
    bench.index(batch);
    total += batch;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(total));
  state.counters["us_per_message"] = benchmark::Counter(
      static_cast<double>(total) / 1e6, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["bytes_per_message"] = static_cast<double>(bench.bytes()) / static_cast<double>(total);
}
BENCHMARK(index_messages)->Arg(250)->Iterations(200);
BENCHMARK(index_messages)->Arg(10)->Iterations(2000);

}  // namespace
}  // namespace torg::matrix
