#include "records/rules/working_days.hpp"

#include "governance/zone.hpp"
#include "records/rules/test_data.hpp"

#include <gtest/gtest.h>

namespace torg::records {
namespace {

Day day(json::value const& text) { return governance::parse_day(text.as_string()).value(); }

TEST(WorkingDays, AgreeWithTheHolidaysOfThreeYears) {
  auto const data = read_test_data("public-holidays-se.json");
  int checked = 0;
  for (auto const& [year, holidays] : data.at("check_dates").as_object()) {
    for (auto const& [id, date] : holidays.as_object()) {
      EXPECT_EQ(holiday(day(date)), std::string_view(id)) << date;
      EXPECT_FALSE(is_working_day(day(date))) << id << " " << date;
      ++checked;
    }
  }
  EXPECT_EQ(checked, 48);
}

TEST(WorkingDays, CountTheVectors) {
  auto const data = read_test_data("public-holidays-se.json");
  for (auto const& vector : data.at("vectors").as_array()) {
    auto const from = day(vector.at("from"));
    EXPECT_EQ(is_working_day(from), vector.at("is_working_day").as_bool()) << vector;
    EXPECT_EQ(plus_working_days(from, 1), day(vector.at("next_working_day"))) << vector;
    EXPECT_EQ(plus_working_days(from, 3), day(vector.at("plus_3_working_days"))) << vector;
  }
}

TEST(WorkingDays, OfNoCountIsTheDayItselfOrTheNext) {
  EXPECT_EQ(plus_working_days(day("2026-11-23"), 0), day("2026-11-23"));
  EXPECT_EQ(plus_working_days(day("2026-11-22"), 0), day("2026-11-23"));
}

}  // namespace
}  // namespace torg::records
