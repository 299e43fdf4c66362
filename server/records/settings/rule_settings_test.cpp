#include "records/settings/rule_settings.hpp"

#include "governance/zone.hpp"
#include "records/testing/office.hpp"

#include <gmock/gmock.h>

namespace torg::records {
namespace {

TEST(SettingsCatalogue, TheFirstReadingOfEachIsItsDefault) {
  for (auto const& setting : all_settings()) {
    Settings const defaults;
    if (setting.kind != Setting::Kind::reading) continue;
    EXPECT_GE(setting.readings.size(), 2u) << setting.key;
    EXPECT_EQ(value_of(setting, defaults), setting.readings.front().name) << setting.key;
  }
}

TEST(SettingsCatalogue, EveryValueIsPutAndReadBack) {
  for (auto const& setting : all_settings()) {
    for (auto const& one : setting.readings) {
      Settings settings;
      ASSERT_TRUE(put_value(setting, settings, one.name)) << setting.key;
      EXPECT_EQ(value_of(setting, settings), one.name) << setting.key;
      EXPECT_FALSE(one.words.sv.empty() || one.words.en.empty()) << setting.key;
    }
  }
  Settings settings;
  ASSERT_TRUE(put_value(*find_setting("closing_time"), settings, "15:00"));
  EXPECT_EQ(settings.closing_time, std::chrono::hours(15));
  ASSERT_TRUE(put_value(*find_setting("working_days_to_review"), settings, "10"));
  EXPECT_EQ(settings.working_days_to_review, 10);
}

TEST(SettingsCatalogue, WhatIsOutOfRangeOrNoReadingIsRefusedInWords) {
  Settings settings;
  auto const refused = put_value(*find_setting("working_days_to_assess"), settings, "3");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, testing::HasSubstr("a number from 0 to 2"));
  for (auto const* wrong : {"", "-1", "1,5", "1x"})
    EXPECT_FALSE(put_value(*find_setting("working_days_to_assess"), settings, wrong)) << wrong;
  for (auto const* wrong : {"25:00", "9:00", "16.30", "16:60", "08:00"})
    EXPECT_FALSE(put_value(*find_setting("closing_time"), settings, wrong)) << wrong;
  EXPECT_FALSE(put_value(*find_setting("internal_talk"), settings, "perhaps"));
  EXPECT_EQ(settings.working_days_to_assess, 1);
}

class AuthoritySettings : public Office {
 protected:
  Result<> set(std::string key, std::string value, UserNid by, AuthorityId authority,
               std::string decision = "KS § 20") {
    return run(runtime, world->settings.change(
                            {authority, std::move(key), std::move(value), {}, by, std::move(decision)}));
  }
};
INSTANTIATE_TEST_SUITE_P(Db, AuthoritySettings, db::both_databases(), db::database_name);

TEST_P(AuthoritySettings, AreTheArchivistsToChangeWithADecision) {
  EXPECT_EQ(set("internal_talk", "finalised_when_sent", world->maja, world->ks).error().code,
            ErrorCode::forbidden);
  EXPECT_EQ(set("internal_talk", "finalised_when_sent", karin, world->bn).error().code, ErrorCode::forbidden);
  EXPECT_EQ(set("internal_talk", "finalised_when_sent", karin, world->ks, " ").error().code,
            ErrorCode::missing_param);
  EXPECT_EQ(set("no_such", "1", karin, world->ks).error().code, ErrorCode::not_found);
  ASSERT_TRUE(set("internal_talk", "finalised_when_sent", karin, world->ks));
  auto const changes = run(runtime, world->settings.changes(world->ks)).value();
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].by, karin);
  EXPECT_EQ(changes[0].decision, "KS § 20");
}

TEST_P(AuthoritySettings, HoldForOneAuthorityAndStayAfterAStart) {
  ASSERT_TRUE(set("working_days_to_assess", "2", karin, world->ks));
  ASSERT_TRUE(set("working_days_to_assess", "0", karin, world->ks));
  ASSERT_TRUE(set("closing_time", "15:00", karin, world->ks));
  RuleSettings again(runtime, *database, world->governance);
  again.load();
  EXPECT_EQ(again.values().of(world->ks).working_days_to_assess, 0);
  EXPECT_EQ(again.values().of(world->ks).closing_time, std::chrono::hours(15));
  EXPECT_EQ(again.values().of(world->bn).working_days_to_assess, 1);
}

TEST_P(AuthoritySettings, TheDaysToAssessAreEachBoardsOwn) {
  share();
  ASSERT_TRUE(set("working_days_to_assess", "2", karin, world->ks));
  auto const found = rows(say(world->ali, "Byggnadsnämnden tillstyrker vallen."));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_GT(*found[0].due_day, *found[1].due_day);
}

TEST_P(AuthoritySettings, ABoardThatUsesNoStandingDecisionIsAskedAboutEveryPost) {
  share();
  ASSERT_TRUE(set("standing_decisions", "not_used", karin, world->ks));
  auto const found = rows(say(world->ali, "Ska vi ses på torsdag?"));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].handling, Handling::unassessed);
  EXPECT_EQ(found[1].handling, Handling::kept_ordered);
}

TEST_P(AuthoritySettings, TalkThatHasItsFinalFormWhenSentGetsAClock) {
  auto const room = room_within_ks();
  auto const before = say_in(room, world->maja, {{"msgtype", "m.text"}, {"body", "Ska vi äta lunch?"}});
  ASSERT_TRUE(set("internal_talk", "finalised_when_sent", karin, world->ks));
  auto const after = say_in(room, world->maja, {{"msgtype", "m.text"}, {"body", "Ska vi äta lunch?"}});
  EXPECT_TRUE(rows(before).empty());
  auto const found = rows(after);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].basis, Basis::drawn_up_final);
  EXPECT_EQ(found[0].handling, Handling::unassessed);
  EXPECT_TRUE(found[0].due_day);
  // What was said before stays what it was then.
  auto const shown = run(runtime, world->assessment.assessments_of(room, {before}, {world->ks})).value();
  EXPECT_EQ(shown.at(0).row.status, Status::not_record);
}

TEST_P(AuthoritySettings, AssessingCanBeKeptToTheRegistrars) {
  share();
  auto const post = say(world->ali, "Vi avstyrker förslaget.");
  ASSERT_TRUE(set("assessors", "registrars_only", karin, world->ks));
  auto const officer = assess(post, world->maja, world->ks, "kept_ordered");
  ASSERT_FALSE(officer);
  EXPECT_EQ(officer.error().error.code, ErrorCode::forbidden);
  EXPECT_TRUE(assess(post, world->sandra, world->ks, "kept_ordered"));
}

}  // namespace
}  // namespace torg::records
