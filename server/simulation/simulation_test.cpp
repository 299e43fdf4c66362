#include "simulation/simulation.hpp"

#include "base/log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace torg::simulation {
namespace {

using ::testing::IsEmpty;

constexpr std::uint64_t kSeeds = 24;
constexpr std::uint64_t kSeedsForTheFault = 100;

class Simulation : public ::testing::Test {
 protected:
  void SetUp() override { set_log_level(LogLevel::off); }

  Plan plan;
  Founding founding = found_for(plan);
};

TEST_F(Simulation, KeepsEveryPromiseThroughCrashes) {
  unsigned boots = 0;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    auto const outcome = simulate(founding, plan, seed);
    EXPECT_THAT(outcome.failures, IsEmpty()) << to_text(outcome);
    EXPECT_EQ(outcome.messages, plan.senders * static_cast<std::size_t>(plan.messages));
    EXPECT_EQ(outcome.lifts, plan.lifters * static_cast<std::size_t>(plan.lifts));
    boots += outcome.boots;
  }
  EXPECT_GT(boots, 2 * kSeeds) << "too few crashes to show anything";
}

TEST_F(Simulation, ReplaysASeedStepByStep) {
  auto const first = simulate(founding, plan, 7);
  static_cast<void>(simulate(founding, plan, 8));
  auto const again = simulate(founding, plan, 7);
  EXPECT_EQ(first.trace, again.trace);
  EXPECT_EQ(first.steps, again.steps);
  EXPECT_NE(first.trace, simulate(founding, plan, 9).trace);
}

TEST_F(Simulation, FindsAnAcknowledgementBeforeTheCommitAndReplaysIt) {
  plan.faults.acknowledge_before_commit = true;
  for (std::uint64_t seed = 1; seed <= kSeedsForTheFault; ++seed) {
    auto const outcome = simulate(founding, plan, seed);
    if (outcome.failures.empty()) continue;
    std::cout << "found with " << to_text(outcome) << '\n';
    auto const replayed = simulate(founding, plan, seed);
    EXPECT_EQ(replayed.trace, outcome.trace);
    EXPECT_EQ(replayed.failures, outcome.failures);
    return;
  }
  FAIL() << "the planted fault was not found in " << kSeedsForTheFault << " seeds";
}

}  // namespace
}  // namespace torg::simulation
