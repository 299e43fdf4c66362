#include "identity/interactive_auth.hpp"

#include "runtime/simulated_runtime.hpp"

#include <gtest/gtest.h>

namespace torg::identity {
namespace {

class InteractiveAuthTest : public ::testing::Test {
 protected:
  SimulatedSchedule schedule{1};
  SimulatedRuntime runtime{schedule, 1};
  InteractiveAuth auth{runtime};
  InteractiveAuth::Wanted wanted{UserNid(1), "POST /x", {{"a", "b"}, {"c"}}};
};

TEST_F(InteractiveAuthTest, IsDoneWhenAllStagesOfOneFlowAre) {
  auto const session = auth.session("", wanted);
  EXPECT_FALSE(auth.complete(session, "a", wanted));
  EXPECT_EQ(json::serialize(auth.challenge(session, wanted).at("completed")), R"(["a"])");
  EXPECT_EQ(auth.session(session, wanted), session);
  EXPECT_TRUE(auth.complete(session, "b", wanted));
  EXPECT_EQ(auth.size(), 0U);
  EXPECT_FALSE(auth.complete(session, "c", wanted)) << "a session is used once";
}

TEST_F(InteractiveAuthTest, TakesNoSessionOfAnotherUserOrOperation) {
  auto const session = auth.session("", wanted);
  EXPECT_FALSE(auth.complete(session, "a", wanted));
  auto other = wanted;
  other.user = UserNid(2);
  EXPECT_NE(auth.session(session, other), session);
  other = wanted;
  other.operation = "POST /y";
  EXPECT_NE(auth.session(session, other), session);
}

TEST_F(InteractiveAuthTest, ForgetsASessionAfterAQuarterOfAnHour) {
  auto const session = auth.session("", wanted);
  runtime.schedule(runtime.steady_now() + InteractiveAuth::kLife, [] {});
  while (schedule.step()) {
  }
  EXPECT_NE(auth.session(session, wanted), session);
  EXPECT_EQ(auth.size(), 1U);
}

TEST_F(InteractiveAuthTest, KeepsABoundedNumberOfSessions) {
  auto const first = auth.session("", wanted);
  for (std::size_t i = 0; i < InteractiveAuth::kMaxSessions; ++i) (void)auth.session("", wanted);
  EXPECT_EQ(auth.size(), InteractiveAuth::kMaxSessions);
  EXPECT_NE(auth.session(first, wanted), first);
}

}  // namespace
}  // namespace torg::identity
