// Runs seeds of the simulated world from the command line.
#include "base/log.hpp"
#include "runtime/real_runtime.hpp"
#include "simulation/simulation.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>

#include <fmt/format.h>

namespace {

using namespace torg::simulation;

struct Wanted {
  std::int64_t seconds = 0;
  std::optional<std::uint64_t> seed;
  std::string seeds;
  bool planted = false;
  bool verbose = false;
};

/// Runs seeds until the time is over or one fails. @return the process's exit status
class Runner {
 public:
  explicit Runner(Wanted wanted) : wanted_(std::move(wanted)) {
    plan_.faults.acknowledge_before_commit = wanted_.planted;
    founding_ = found_for(plan_);
  }

  int run(std::uint64_t first, std::uint64_t last) {
    auto const started = clock_.steady_now();
    auto const elapsed = [&] { return static_cast<double>((clock_.steady_now() - started).count()) / 1000; };
    std::uint64_t count = 0;
    for (auto seed = first; seed <= last; ++seed) {
      if (wanted_.seconds > 0 && elapsed() >= static_cast<double>(wanted_.seconds)) break;
      ++count;
      if (!run_one(seed)) return 1;
    }
    fmt::print(
        "{} seeds kept every promise: {} boots, {} messages, {} lifts, {} steps; {:.1f} seeds a second\n",
        count, boots_, messages_, lifts_, steps_, static_cast<double>(count) / std::max(elapsed(), 0.001));
    return 0;
  }

 private:
  bool run_one(std::uint64_t seed) {
    auto const outcome = simulate(founding_, plan_, seed);
    boots_ += outcome.boots;
    messages_ += outcome.messages;
    lifts_ += outcome.lifts;
    steps_ += outcome.steps;
    if (wanted_.verbose || wanted_.seed || !outcome.failures.empty()) fmt::print("{}\n", to_text(outcome));
    if (outcome.failures.empty()) return true;
    fmt::print("Replay it: script/simulate{} --seed {}\n", wanted_.planted ? " --planted" : "", seed);
    return false;
  }

  Wanted wanted_;
  Plan plan_;
  Founding founding_;
  torg::RealRuntime clock_{1};
  std::uint64_t boots_ = 0, messages_ = 0, lifts_ = 0, steps_ = 0;
};

int run(Wanted const& wanted) {
  Runner runner(wanted);
  if (wanted.seed) return runner.run(*wanted.seed, *wanted.seed);
  auto const dots = wanted.seeds.find("..");
  if (dots != std::string::npos)
    return runner.run(std::stoull(wanted.seeds), std::stoull(wanted.seeds.substr(dots + 2)));
  return runner.run(1, std::numeric_limits<std::uint64_t>::max() - 1);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "Runs whole Torg servers on seeded schedules with crashes and lost writes, until stopped or as told."};
  Wanted wanted;
  app.add_option("--seconds", wanted.seconds, "Stop after this time; without it, go on until a seed fails")
      ->check(CLI::PositiveNumber);
  app.add_option("--seed", wanted.seed, "Run this one seed and print its trace");
  app.add_option("--seeds", wanted.seeds, "Run these seeds: FIRST..LAST");
  app.add_flag("--planted", wanted.planted,
               "With a planted fault: the disk acknowledges before it has committed");
  app.add_flag("--verbose", wanted.verbose, "Print a line for each seed");
  CLI11_PARSE(app, argc, argv);
  torg::set_log_level(torg::LogLevel::off);
  return run(wanted);
}
