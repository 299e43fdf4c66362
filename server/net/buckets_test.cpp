#include "net/buckets.hpp"

#include "net/testing/standing_clock.hpp"

#include <gtest/gtest.h>

namespace torg::net {
namespace {

using namespace std::chrono_literals;

class BucketsTest : public ::testing::Test {
 protected:
  testing::StandingClock clock;
  Buckets buckets{clock, {.burst = 3, .interval = 10s}};
};

TEST_F(BucketsTest, LetABurstThroughAndThenAskToWait) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(buckets.take("a"), 0s);
  EXPECT_EQ(buckets.take("a"), 10s);
  clock.time += 4s;
  EXPECT_EQ(buckets.take("a"), 6s);
}

TEST_F(BucketsTest, LetOneMoreThroughEachInterval) {
  for (int i = 0; i < 3; ++i) static_cast<void>(buckets.take("a"));
  clock.time += 10s;
  EXPECT_EQ(buckets.take("a"), 0s);
  EXPECT_GT(buckets.take("a"), 0s);
  clock.time += 1h;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(buckets.take("a"), 0s);
  EXPECT_GT(buckets.take("a"), 0s);
}

TEST_F(BucketsTest, CountEachNameForItself) {
  for (int i = 0; i < 3; ++i) static_cast<void>(buckets.take("a"));
  EXPECT_EQ(buckets.take("b"), 0s);
}

TEST_F(BucketsTest, TakeBackWhatWasNotUsed) {
  for (int i = 0; i < 3; ++i) static_cast<void>(buckets.take("a"));
  buckets.give_back("a");
  EXPECT_EQ(buckets.take("a"), 0s);
  EXPECT_GT(buckets.take("a"), 0s);
}

TEST_F(BucketsTest, ForgetTheNamesNotUsedForLongestWhenThereAreTooMany) {
  for (int i = 0; i < 3; ++i) static_cast<void>(buckets.take("first"));
  for (std::size_t i = 1; i < Buckets::kMostBuckets; ++i) static_cast<void>(buckets.take(std::to_string(i)));
  EXPECT_GT(buckets.take("first"), 0s) << "was just used";
  for (std::size_t i = 0; i < 5; ++i) static_cast<void>(buckets.take("new" + std::to_string(i)));
  EXPECT_EQ(buckets.size(), Buckets::kMostBuckets);
  EXPECT_GT(buckets.take("first"), 0s);
}

TEST_F(BucketsTest, CanBeWithoutLimit) {
  Buckets off(clock, {});
  for (int i = 0; i < 100; ++i) EXPECT_EQ(off.take("a"), 0s);
  EXPECT_EQ(off.size(), 0U);
}

TEST(Rate, IsReadAsPeopleWriteIt) {
  EXPECT_EQ(parse_rate("50 then 10/s"), (Rate{50, 100ms}));
  EXPECT_EQ(parse_rate("5 then 12/h"), (Rate{5, 5min}));
  EXPECT_EQ(parse_rate("1 then 1/min"), (Rate{1, 1min}));
  EXPECT_EQ(parse_rate("off"), Rate{});
}

TEST(Rate, IsRefusedWhenItSaysSomethingElse) {
  for (auto const* text : {"", "50", "50 then", "50 then 10", "50 then 10/", "50 then 10/day", "0 then 1/s",
                           "-1 then 1/s", "5 then 0/s", "5 then 1/s!", "99999999999999999999 then 1/s"})
    EXPECT_FALSE(parse_rate(text)) << text;
}

}  // namespace
}  // namespace torg::net
