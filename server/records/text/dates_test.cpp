#include "records/text/dates.hpp"

#include <gtest/gtest.h>

namespace torg::records {
namespace {

constexpr Day kDay = std::chrono::sys_days{std::chrono::year{2026} / 11 / 24};

TEST(Dates, AreWrittenAsPeopleReadThem) {
  EXPECT_EQ(long_day(kDay, "sv"), "24 november 2026");
  EXPECT_EQ(long_day(kDay, "en"), "24 November 2026");
  EXPECT_EQ(week_day(kDay, "sv"), "tisdag 24 november");
  EXPECT_EQ(week_day(kDay, "en"), "Tuesday 24 November");
}

TEST(Dates, AreInTheAuthoritysZone) {
  Instant const late = Instant(kDay) + std::chrono::hours(23) + std::chrono::minutes(5);
  EXPECT_EQ(long_time(late, "sv"), "25 november 2026 kl. 00.05");
  EXPECT_EQ(long_time(late, "en"), "25 November 2026 at 00:05");
}

TEST(Dates, NearOnesHaveWords) {
  EXPECT_EQ(near_day(kDay, kDay, "sv"), "I dag");
  EXPECT_EQ(near_day(kDay, kDay + std::chrono::days(1), "en"), "Yesterday");
  EXPECT_EQ(near_day(kDay, kDay + std::chrono::days(2), "sv"), "24 november 2026");
}

}  // namespace
}  // namespace torg::records
