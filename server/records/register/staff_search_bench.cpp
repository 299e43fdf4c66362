// The search of the register's own people over a register of a million records in twelve years, on a real
// SQLite file: questions as people ask them, p50 and p99 of each kind.
#include "db/testing/temporary_database.hpp"
#include "records/log/migrations/migrations.hpp"
#include "records/register/entry.hpp"
#include "records/register/migrations/migrations.hpp"
#include "records/register/staff_search.hpp"
#include "records/register/store.hpp"
#include "records/testing/record_builder.hpp"
#include "runtime/testing.hpp"

#include <benchmark/benchmark.h>
#include <cmath>
#include <random>

namespace torg::records {
namespace {

constexpr std::array kTypes{"Yttrande", "Ansökan", "Beslut", "Remiss", "Meddelande", "Synpunkt"};
constexpr std::array kEndings{"", "en", "arna", "ning", "ing"};

std::int64_t records_wanted() {
  auto const* text = std::getenv("TORG_BENCH_RECORDS");
  return text == nullptr ? 1'000'000 : std::atoll(text);
}

/// Made once: filling it takes minutes.
class Filled {
 public:
  static Filled& instance() {
    static Filled filled;
    return filled;
  }
  /// Words as they are spread in a language: few that are common, many that are rare.
  std::string word(std::mt19937_64& random) const {
    std::uniform_real_distribution<double> even(0, std::log(40'000.0));
    auto const rank = static_cast<unsigned>(std::exp(even(random)));
    std::string word;
    for (auto rest = rank; rest > 0 || word.empty(); rest /= 20) word += "bcdfghjklmnprstvaeou"[rest % 20];
    return word + kEndings[rank % kEndings.size()];
  }
  StaffPage ask(StaffQuery const& query) {
    StaffPage page;
    database_->read_now([&](db::Reader& reader) {
      page = register_store::staff_search(reader, db::Database::Kind::sqlite, query);
    });
    return page;
  }

 private:
  Filled() : database_(db::TemporaryDatabase::open(runtime_, db::Database::Kind::sqlite, db::Medium::disk)) {
    std::vector<db::Migration> all(log_migrations().begin(), log_migrations().end());
    all.insert(all.end(), register_migrations().begin(), register_migrations().end());
    if (!database_->migrate(all)) throw std::runtime_error("no schema");
    constexpr std::int64_t kAtOnce = 2000;
    for (std::int64_t n = 0; n < records_wanted(); n += kAtOnce) {
      database_->write_now([&](db::Transaction& transaction) {
        for (std::int64_t i = n; i < n + kAtOnce; ++i) add(transaction, i);
      });
    }
  }
  void add(db::Transaction& transaction, std::int64_t n) {
    auto record = a_record(static_cast<std::uint64_t>(n));
    auto const authority = static_cast<int>(n % 10);
    record.series = {AuthorityId(authority + 1), std::string("N") + std::to_string(authority),
                     NumberPattern::standard()};
    auto const days = std::chrono::days(n * 365 * 12 / records_wanted());
    record.at = kTestInstant - std::chrono::days(365 * 12) + days;
    record.today = kTestDay - std::chrono::days(365 * 12) + days;
    record.by = UserNid(static_cast<int>(7 + n % 50));
    record.direction = static_cast<Direction>(n % 3);
    record.record_type = kTypes[static_cast<std::size_t>(n) % kTypes.size()];
    record.title = record.record_type;
    for (int i = 0; i < 6; ++i) record.title += " " + word(random_);
    record.sender = word(random_) + " " + word(random_);
    auto& open = cases_[static_cast<std::size_t>(authority)];
    if (n % 80 >= 10 && open) record.of_case = open;
    open = register_record(transaction, record).value().case_id;
  }

  RealRuntime runtime_{1};
  db::TemporaryDatabase database_;
  std::mt19937_64 random_{7};
  std::array<CaseId, 10> cases_{};
};

/// Asks as many different questions as the benchmark iterates.
template <class Make>
void asked(benchmark::State& state, Make make) {
  auto& filled = Filled::instance();
  std::mt19937_64 random(11);
  std::vector<double> took;
  std::int64_t found = 0;
  for (auto _ : state) {
    StaffQuery query;
    query.authorities = {AuthorityId(1), AuthorityId(2)};
    make(filled, random, query);
    auto const start = std::chrono::steady_clock::now();
    found += static_cast<std::int64_t>(filled.ask(query).hits.size());
    took.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  std::ranges::sort(took);
  state.counters["p50_ms"] = took[took.size() / 2];
  state.counters["p99_ms"] = took[took.size() * 99 / 100];
  state.counters["worst_ms"] = took.back();
  state.counters["found"] = static_cast<double>(found) / static_cast<double>(took.size());
}

void one_word(benchmark::State& state) {
  asked(state, [](Filled& f, auto& random, StaffQuery& query) { query.text = f.word(random); });
}
void two_words(benchmark::State& state) {
  asked(state, [](Filled& f, auto& random, StaffQuery& query) {
    query.text = f.word(random) + " " + f.word(random);
  });
}
void common_type(benchmark::State& state) {
  asked(state, [](Filled& f, auto& random, StaffQuery& query) { query.text = "yttrande " + f.word(random); });
}
void beginning(benchmark::State& state) {
  asked(state, [](Filled& f, auto& random, StaffQuery& query) { query.text = f.word(random).substr(0, 3); });
}
void number(benchmark::State& state) {
  asked(state, [](Filled&, auto& random, StaffQuery& query) {
    query.text = "N0 2019/00" + std::to_string(100 + random() % 900);
  });
}
void only_facets(benchmark::State& state) {
  asked(state, [](Filled&, auto& random, StaffQuery& query) {
    query.types = {kTypes[random() % kTypes.size()]};
    query.directions = {static_cast<Direction>(random() % 3)};
    query.officer = UserNid(static_cast<int>(7 + random() % 50));
  });
}
void a_stretch_of_days(benchmark::State& state) {
  asked(state, [](Filled& f, auto& random, StaffQuery& query) {
    auto const start = kTestDay - std::chrono::days(random() % (365 * 11));
    query.from = start - std::chrono::days(100);
    query.to = start;
    query.text = f.word(random);
  });
}
void later_page(benchmark::State& state) {
  asked(state, [](Filled& f, auto& random, StaffQuery& query) {
    query.text = f.word(random);
    query.before =
        RecordId(static_cast<std::int64_t>(1 + random() % static_cast<std::uint64_t>(records_wanted())));
  });
}
BENCHMARK(one_word)->Iterations(1000);
BENCHMARK(two_words)->Iterations(1000);
BENCHMARK(common_type)->Iterations(1000);
BENCHMARK(beginning)->Iterations(1000);
BENCHMARK(number)->Iterations(1000);
BENCHMARK(only_facets)->Iterations(1000);
BENCHMARK(a_stretch_of_days)->Iterations(1000);
BENCHMARK(later_page)->Iterations(1000);

}  // namespace
}  // namespace torg::records
