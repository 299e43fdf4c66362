// What every request pays before anything else: finding the session behind its token.
#include "db/testing/temporary_database.hpp"
#include "identity/identity.hpp"
#include "identity/migrations.hpp"
#include "runtime/testing.hpp"

#include <benchmark/benchmark.h>

namespace torg::identity {
namespace {

void authenticate_a_request(benchmark::State& state) {
  RealRuntime runtime{1};
  auto database = db::TemporaryDatabase::open(runtime, db::Database::Kind::sqlite);
  if (!database->migrate(migrations())) return state.SkipWithError("no database");
  Identity identity(runtime, *database, {.server_name = "torg.example", .password_cost = {1, 8'192}});
  auto const user =
      run(runtime, identity.create_user({.localpart = "anna", .password = {}, .displayname = {}})).value();
  std::string token;
  for (int i = 0; i < state.range(0); ++i) {
    token = run(runtime, identity.sessions().open({.user = user, .device_id = {}, .display_name = {}}))
                ->access_token;
  }
  net::Request request;
  request.headers = {{"host", "torg.example"}, {"user-agent", "bench"}, {"authorization", "Bearer " + token}};
  for (auto _ : state) benchmark::DoNotOptimize(identity.authenticate(request));
}
BENCHMARK(authenticate_a_request)->Arg(1)->Arg(1'000);

}  // namespace
}  // namespace torg::identity
