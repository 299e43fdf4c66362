#include "records/rules/explain.hpp"

#include "governance/zone.hpp"

#include <gtest/gtest.h>

namespace torg::records {
namespace {

Day day(std::string_view text) { return governance::parse_day(text).value(); }
Instant at(std::string_view text, std::chrono::minutes time) {
  return governance::start_of(day(text)) + time;
}

TEST(Explain, AReceivedItemSaysWhyItCantBeWorkingMaterial) {
  Verdict const verdict{Status::record, Basis::received, "R9"};
  auto const why =
      why_refused(Handling::working, verdict, {Basis::received, at("2026-11-24", std::chrono::minutes(521))});
  EXPECT_EQ(why.sv, "Går inte att välja: inkommen 24 november 08.41, därför allmän handling.");
  EXPECT_EQ(why.en, "Not available: received 24 November 08.41, so a public record.");
}

TEST(Clock, HasThreeLooks) {
  auto const now = at("2026-11-24", std::chrono::hours(9));
  EXPECT_EQ(clock(std::nullopt, now, {}).look, ClockLook::none);
  EXPECT_EQ(clock(day("2026-11-25"), now, {}).text.sv, "I morgon");
  EXPECT_EQ(clock(day("2026-11-24"), now, {}).text.sv, "I dag 16.30");
  EXPECT_EQ(clock(day("2026-11-23"), now, {}).text.en, "Should have been done yesterday");
  EXPECT_EQ(clock(day("2026-11-23"), now, {}).look, ClockLook::late);
  EXPECT_EQ(clock(day("2026-11-30"), now, {}).text.sv, "På måndag");
}

TEST(Clock, IsNotLateBeforeMidnight) {
  auto const evening = at("2026-11-24", std::chrono::hours(23) + std::chrono::minutes(58));
  EXPECT_EQ(clock(day("2026-11-24"), evening, {}).look, ClockLook::today);
}

TEST(Clock, RunsToTheNextWorkingDayAcrossMidsummer) {
  auto const thursday = at("2026-06-18", std::chrono::hours(16) + std::chrono::minutes(55));
  EXPECT_EQ(due_day(thursday, {}), day("2026-06-22"));
  EXPECT_EQ(due_day(thursday, {.working_days_to_assess = 0}), day("2026-06-18"));
}

}  // namespace
}  // namespace torg::records
