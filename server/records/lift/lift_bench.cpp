// The lift's floor: 64 lifters, each with one item, over a real SQLite file; what is measured is the write
// lane's part – number, record, manifest, log leaf, intent, notice, rendition job, assessment – without HTTP.
#include "db/testing/temporary_database.hpp"
#include "governance/migrations/migrations.hpp"
#include "records/assessment/migrations/migrations.hpp"
#include "records/external/handover.hpp"
#include "records/lift/lifts.hpp"
#include "records/log/migrations/migrations.hpp"
#include "records/register/migrations/migrations.hpp"
#include "records/rendition/jobs.hpp"
#include "records/testing/record_builder.hpp"
#include "runtime/testing.hpp"

#include <benchmark/benchmark.h>

#include <boost/asio/co_spawn.hpp>

namespace torg::records {
namespace {

constexpr std::size_t kLifters = 64;

LiftCommit a_commit(Runtime& runtime, std::int64_t n, CaseId of_case) {
  LiftCommit commit;
  commit.record = a_record(static_cast<std::uint64_t>(n));
  commit.record.of_case = of_case;
  commit.record.seed = draw_salt_seed(runtime);
  commit.request = {
      {UserNid(7), "key" + std::to_string(n)}, RoomNid(3), AuthorityId(1), commit.record.item_ids, {}};
  return commit;
}

void lifts_committed(benchmark::State& state) {
  RealRuntime runtime{1};
  auto database = db::TemporaryDatabase::open(runtime, db::Database::Kind::sqlite);
  std::vector<db::Migration> all;
  for (auto const some :
       {log_migrations(), register_migrations(), assessment_migrations(), rendition_migrations(),
        lift_migrations(), external_migrations(), governance::migrations()}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  if (!database->migrate(all)) throw std::runtime_error("no schema");
  std::int64_t n = 0;
  auto first = a_record();
  auto const of_case = run(runtime, database->write([first](db::Transaction& t) {
                         return register_record(t, first);
                       }))->case_id;
  auto const one = [&](std::int64_t item) -> Task<> {
    auto commit = a_commit(runtime, item, of_case);
    auto done = co_await database->write(
        [work = std::move(commit)](db::Transaction& t) { return commit_lift(t, work); });
    if (!done) throw std::runtime_error(done.error().message);
  };
  for (auto _ : state) {
    auto left = kLifters;
    for (std::size_t lifter = 0; lifter < kLifters; ++lifter) {
      asio::co_spawn(runtime.executor(), one(++n), [&](std::exception_ptr failed) {
        if (failed) std::rethrow_exception(failed);
        if (--left == 0) runtime.stop();
      });
    }
    runtime.run();
  }
  state.counters["lifts"] = benchmark::Counter(static_cast<double>(n), benchmark::Counter::kIsRate);
}
BENCHMARK(lifts_committed)->UseRealTime()->MeasureProcessCPUTime();

}  // namespace
}  // namespace torg::records
