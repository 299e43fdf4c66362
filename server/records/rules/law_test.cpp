// Denmark and Norway (R80, R81): what differs, and that nothing else does.
#include "records/rules/law.hpp"

#include "governance/zone.hpp"
#include "records/rules/assess.hpp"

#include <gtest/gtest.h>

namespace torg::records {
namespace {

Day day(std::string_view text) { return governance::parse_day(text).value(); }
Instant at(std::string_view text) { return governance::start_of(day(text)) + std::chrono::hours(10); }
Settings by(Law law) {
  Settings settings;
  settings.law = law;
  return settings;
}

TEST(Law, DanishRequestsAreAnsweredInSevenWorkingDays) {
  EXPECT_EQ(answer_time(at("2026-11-23"), by(Law::dk)).latest, day("2026-12-02"));
}

TEST(Law, NorwegianSilenceOfFiveWorkingDaysIsARefusal) {
  EXPECT_EQ(answer_time(at("2026-11-23"), by(Law::no)).latest, day("2026-11-30"));
  EXPECT_EQ(variant(Law::no).silence, Silence::is_refusal);
}

TEST(Law, SwedishRequestsAreAnsweredTheSameDayAndTwoWorkingDaysLaterAtMost) {
  auto const time = answer_time(at("2026-11-23"), by(Law::se));
  EXPECT_EQ(time.due, day("2026-11-23"));
  EXPECT_EQ(time.latest, day("2026-11-25"));
}

TEST(Law, HolidaysAreTheCountrysOwn) {
  EXPECT_TRUE(is_working_day(day("2028-05-17"), Law::dk));
  EXPECT_FALSE(is_working_day(day("2028-05-17"), Law::no));
  EXPECT_FALSE(is_working_day(day("2028-06-06"), Law::se));
  EXPECT_TRUE(is_working_day(day("2028-06-06"), Law::dk));
  EXPECT_FALSE(is_working_day(day("2026-04-02"), Law::dk));  // Maundy Thursday
  EXPECT_TRUE(is_working_day(day("2026-04-02"), Law::se));
}

TEST(Law, AClockRunsByTheCountrysCalendar) {
  EXPECT_EQ(due_day(at("2026-04-01"), by(Law::se)), day("2026-04-02"));
  EXPECT_EQ(due_day(at("2026-04-01"), by(Law::dk)), day("2026-04-07"));  // after Easter Monday
}

TEST(Law, BoardsOfADanishMunicipalityAreOneAuthority) {
  Inputs item;
  item.actor = Actor::official_other_board;
  item.act = Act::send;
  item.case_state = CaseState::open;
  EXPECT_EQ(status(item, by(Law::se)).basis, Basis::sent_and_received);
  EXPECT_EQ(status(item, by(Law::dk)).status, Status::not_record);
  EXPECT_EQ(status(item, by(Law::dk)).rule, "R80");
}

TEST(Law, AnotherAuthorityIsAnotherAuthorityEverywhere) {
  Inputs item;
  item.actor = Actor::official_other_authority;
  for (auto const law : {Law::se, Law::dk, Law::no})
    EXPECT_EQ(status(item, by(law)).basis, Basis::received) << to_text(law);
}

TEST(Law, ADanishInternalDocumentGivenToAnOutsiderIsSentWhateverItWasMarked) {
  Inputs item;
  item.act = Act::share_access;
  item.audience.outsider = true;
  item.for_comment_only = true;
  EXPECT_EQ(status(item, by(Law::se)).basis, Basis::sharing_exception);
  EXPECT_EQ(status(item, by(Law::dk)).basis, Basis::drawn_up_sent);
  EXPECT_EQ(status(item, by(Law::dk)).rule, "R80");
}

TEST(Law, IsNamedAsItIsSet) {
  for (auto const law : {Law::se, Law::dk, Law::no}) EXPECT_EQ(parse_law(to_text(law)), law);
  EXPECT_FALSE(parse_law("fi"));
}

}  // namespace
}  // namespace torg::records
