#include "governance/zone.hpp"

#include <gtest/gtest.h>

namespace torg::governance {
namespace {
using namespace std::chrono;

TEST(Zone, ADayEndsAtLocalMidnight) {
  auto const late_evening_utc = sys_days{2026y / November / 22} + hours(23) + minutes(30);
  EXPECT_EQ(to_text(day_of(late_evening_utc)), "2026-11-23");
  EXPECT_EQ(local_time_of_day(late_evening_utc), minutes(30));
}

TEST(Zone, ADaysEndFollowsSummerTime) {
  EXPECT_EQ(end_of(sys_days{2026y / June / 22}),
            Instant{sys_days{2026y / June / 22} + hours(21) + minutes(59)});
  EXPECT_EQ(end_of(sys_days{2026y / November / 24}),
            Instant{sys_days{2026y / November / 24} + hours(22) + minutes(59)});
}

TEST(Zone, AnImpossibleDayIsRefused) {
  EXPECT_FALSE(parse_day("2026-02-29"));
  EXPECT_FALSE(parse_day("2026-2-9"));
  EXPECT_FALSE(parse_day("2026-11-24x"));
  EXPECT_EQ(parse_day("2026-11-24"), sys_days{2026y / November / 24});
}

}  // namespace
}  // namespace torg::governance
