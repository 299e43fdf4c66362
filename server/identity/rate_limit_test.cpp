#include "identity/rate_limit.hpp"

#include "runtime/runtime.hpp"

#include <gtest/gtest.h>

namespace torg::identity {
namespace {

using namespace std::chrono_literals;

/// A clock that stands still until it is set; nothing else of a runtime is needed here.
class StandingClock final : public Runtime {
 public:
  SteadyTime time{};
  asio::any_io_executor executor() override { return {}; }
  Instant now() override { return {}; }
  SteadyTime steady_now() override { return time; }
  TimerId schedule(SteadyTime, Job) override { return {}; }
  void cancel(TimerId) override {}
  void fill_random(std::span<unsigned char>) override {}
  void offload(Job, Job) override {}
  void post(Job) override {}
};

class RateLimiterTest : public ::testing::Test {
 protected:
  StandingClock clock;
  RateLimiter limiter{clock, {.burst = 3, .interval = 10s}, RateLimits::on};
};

TEST_F(RateLimiterTest, LetsABurstThroughAndThenAsksToWait) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limiter.take("a"), 0s);
  EXPECT_EQ(limiter.take("a"), 10s);
  clock.time += 4s;
  EXPECT_EQ(limiter.take("a"), 6s);
}

TEST_F(RateLimiterTest, LetsOneMoreThroughEachInterval) {
  for (int i = 0; i < 3; ++i) static_cast<void>(limiter.take("a"));
  clock.time += 10s;
  EXPECT_EQ(limiter.take("a"), 0s);
  EXPECT_GT(limiter.take("a"), 0s);
  clock.time += 1h;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limiter.take("a"), 0s);
  EXPECT_GT(limiter.take("a"), 0s);
}

TEST_F(RateLimiterTest, CountsEachNameForItself) {
  for (int i = 0; i < 3; ++i) static_cast<void>(limiter.take("a"));
  EXPECT_EQ(limiter.take("b"), 0s);
}

TEST_F(RateLimiterTest, ForgetsNamesThatHaveNotBeenUsedForLong) {
  for (int i = 0; i < 10'000; ++i) static_cast<void>(limiter.take(std::to_string(i)));
  clock.time += 1h;
  static_cast<void>(limiter.take("new"));
  EXPECT_EQ(limiter.size(), 1U);
}

TEST_F(RateLimiterTest, CanBeSwitchedOff) {
  RateLimiter off(clock, {.burst = 1, .interval = 10s}, RateLimits::off);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(off.take("a"), 0s);
}

}  // namespace
}  // namespace torg::identity
