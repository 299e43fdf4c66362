// Adding to and proving from a large log. The log is made in one go, as rows, and then used as always.
#include "crypto/merkle.hpp"
#include "db/testing/temporary_database.hpp"
#include "records/log/log.hpp"
#include "records/log/log_service.hpp"
#include "records/log/migrations/migrations.hpp"
#include "records/log/store.hpp"
#include "runtime/testing.hpp"

#include <benchmark/benchmark.h>
#include <cstdlib>
#include <fstream>

namespace torg::records {
namespace {

constexpr db::Statement kLeaf{"INSERT INTO log_entry (idx, record, leaf_hash, leaf) VALUES ($1, $2, $3, $4)"};
constexpr db::Statement kOpening{"INSERT INTO log_opening (idx, fields, salts) VALUES ($1, $2, $3)"};
constexpr db::Statement kNode{"INSERT INTO log_node (level, idx, hash) VALUES ($1, $2, $3)"};
constexpr db::Statement kEdge{"INSERT INTO log_edge (one, size, hashes, at) VALUES (1, $1, $2, 0)"};
constexpr std::uint64_t kBatch = 100'000;

/// TORG_LOG_LEAVES says another size than ten million.
std::uint64_t leaves() {
  auto const* wanted = std::getenv("TORG_LOG_LEAVES");
  return wanted == nullptr ? 10'000'000 : std::strtoull(wanted, nullptr, 10);
}

Entry entry_of(std::uint64_t n) {
  SaltSeed seed;
  for (std::size_t at = 0; at < 8; ++at) seed.bytes[at] = static_cast<unsigned char>(n >> (8 * at));
  return {"record",
          instant_from_ms(static_cast<std::int64_t>(n)),
          RecordId(static_cast<std::int64_t>(n + 1)),
          {{"number", "KS 2026/00001-1"}, {"title", "Yttrande över provisorisk vall"}},
          {},
          seed};
}

/// A log of `leaves()` entries. Only every thousandth leaf has bytes of its own: making ten million is the
/// test's time, not the log's.
class LargeLog {
 public:
  LargeLog() {
    if (!database_->migrate(log_migrations())) std::abort();
    std::string edge;
    crypto::MerkleAppender tree;
    std::string const leaf = "{}\n";
    auto const hash = crypto::leaf_hash(leaf);
    for (std::uint64_t from = 0; from < leaves(); from += kBatch) {
      database_->write_now([&](db::Transaction& t) {
        for (auto n = from; n < std::min(from + kBatch, leaves()); ++n) {
          t.execute(kLeaf, {n, n + 1, db::Bytes{crypto::view(hash)}, db::Bytes{leaf}});
          t.execute(kOpening, {n, "[[],[]]", db::Bytes{""}});
          auto const completed = tree.append(hash);
          for (auto const& node : completed) {
            if (node.level > 0)
              t.execute(kNode, {node.level, node.index, db::Bytes{crypto::view(node.hash)}});
          }
          edge.resize(edge.size() - (completed.size() - 1) * completed[0].hash.size());
          edge += crypto::view(completed.back().hash);
        }
      });
    }
    database_->write_now([&](db::Transaction& t) { t.execute(kEdge, {leaves(), db::Bytes{edge}}); });
  }
  db::Database& database() { return *database_; }

 private:
  RealRuntime runtime_{1};
  db::TemporaryDatabase database_ = db::TemporaryDatabase::open(runtime_, db::Database::Kind::sqlite);
};

LargeLog& large_log() {
  static LargeLog log;
  return log;
}

double resident_mib() {
  std::ifstream statm("/proc/self/statm");
  long pages = 0, resident = 0;
  statm >> pages >> resident;
  return static_cast<double>(resident) * 4096 / (1 << 20);
}

void add_to_a_large_log(benchmark::State& state) {
  auto& database = large_log().database();
  auto const before = resident_mib();
  std::uint64_t n = leaves();
  for (auto _ : state) {
    database.write_now([&](db::Transaction& t) {
      for (int i = 0; i < 100; ++i) LogAppender::append(t, entry_of(n++));
    });
  }
  state.SetItemsProcessed(state.iterations() * 100);
  state.counters["grown_mib"] = resident_mib() - before;
}
BENCHMARK(add_to_a_large_log)->Unit(benchmark::kMillisecond);

void prove_from_a_large_log(benchmark::State& state) {
  auto& database = large_log().database();
  auto const before = resident_mib();
  std::uint64_t chosen = 1;
  for (auto _ : state) {
    chosen = (chosen * 6364136223846793005U + 1442695040888963407U);
    auto const index = static_cast<std::int64_t>((chosen >> 20) % leaves());
    database.read_now([&](db::Reader& reader) {
      benchmark::DoNotOptimize(log_store::inclusion(reader, index, log_store::size(reader)));
    });
  }
  state.counters["grown_mib"] = resident_mib() - before;
}
BENCHMARK(prove_from_a_large_log)->Unit(benchmark::kMicrosecond);

void prove_that_a_large_log_only_grew(benchmark::State& state) {
  auto& database = large_log().database();
  std::uint64_t chosen = 1;
  for (auto _ : state) {
    chosen = (chosen * 6364136223846793005U + 1442695040888963407U);
    auto const from = static_cast<std::int64_t>((chosen >> 20) % leaves()) + 1;
    database.read_now([&](db::Reader& reader) {
      benchmark::DoNotOptimize(log_store::consistency(reader, from, log_store::size(reader)));
    });
  }
}
BENCHMARK(prove_that_a_large_log_only_grew)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace torg::records
