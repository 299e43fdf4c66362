// The borders of what the worked cases show one example of.
#include "records/rules/duties.hpp"

#include "governance/zone.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace torg::records {
namespace {

using ::testing::Contains;
using ::testing::Not;

Day day(std::string_view text) { return governance::parse_day(text).value(); }
Matter matter(MatterAct act) {
  Matter made;
  made.act = act;
  return made;
}

TEST(CopyFee, StartsWithTheTenthPage) {
  EXPECT_EQ(copy_fee(0), 0);
  EXPECT_EQ(copy_fee(9), 0);
  EXPECT_EQ(copy_fee(10), 50);
  EXPECT_EQ(copy_fee(11), 52);
}

TEST(CopyFee, OfAnUnknownKindOfAuthorityIsNobodysGuess) {
  EXPECT_FALSE(advise(matter(MatterAct::fee), {}).fee_sek);
}

TEST(Appeal, EndsThreeWeeksLaterOnAnOrdinaryWeekday) {
  EXPECT_EQ(appeal_until(day("2026-12-03")), day("2026-12-28"));  // 24 December is an eve
  EXPECT_EQ(appeal_until(day("2026-11-02")), day("2026-11-23"));
}

TEST(Hiding, CriticismIsRefusedWhateverTheRulesOfThePageSay) {
  auto asked = matter(MatterAct::hide);
  asked.reason = HideReason::criticism;
  asked.rule_published = true;
  EXPECT_THAT(advise(asked, {}).refused, Contains("hide"));
}

TEST(Hiding, WithoutAPublishedRuleIsRefused) {
  auto asked = matter(MatterAct::hide);
  asked.reason = HideReason::off_topic;
  EXPECT_THAT(advise(asked, {}).refused, Contains("hide"));
}

TEST(Hiding, WhatIsNotPlainlyACrimeIsNoDuty) {
  auto asked = matter(MatterAct::hide);
  asked.offence = Offence::agitation_against_group;
  EXPECT_THAT(advise(asked, {}).actions, Contains("no_duty_under_act"));
  asked.obvious = true;
  EXPECT_THAT(advise(asked, {}).actions, Contains("remove_now"));
}

TEST(Logs, AreNeverReadToFindASourceNorWithoutAPurpose) {
  auto asked = matter(MatterAct::read_audit);
  EXPECT_THAT(advise(asked, {}).refused, Contains("show"));
  asked.purpose = LogPurpose::find_source;
  EXPECT_THAT(advise(asked, {}).refused, Contains("show"));
  asked.purpose = LogPurpose::incident;
  EXPECT_THAT(advise(asked, {}).refused, Not(Contains("show")));
}

TEST(Compilation, IsOwedWhenAnExportMakesItHoweverLongItWouldTakeByHand) {
  auto asked = matter(MatterAct::request_compilation);
  asked.effort_hours = 50;
  EXPECT_THAT(advise(asked, {}).actions, Contains("may_refuse_with_decision"));
  asked.built_in_export = true;
  EXPECT_THAT(advise(asked, {}).refused, Contains("refuse_as_not_kept"));
}

TEST(Request, ForAnElectronicCopyFollowsTheAuthoritysChoice) {
  auto asked = matter(MatterAct::request_record);
  asked.electronic_form = true;
  Settings on_paper;
  on_paper.electronic_copies = ElectronicCopies::on_paper;
  EXPECT_THAT(advise(asked, {}).actions, Contains("default:send_electronically_after_masking"));
  EXPECT_THAT(advise(asked, on_paper).actions, Contains("paper_suffices"));
  asked.mass_personal_data = true;  // the question about the purpose comes first
  EXPECT_THAT(advise(asked, {}).actions, Contains("may_ask_purpose_for_OSL_21_7"));
}

TEST(EveryAct, HasARuleInEachCountry) {
  for (int act = 0; act <= static_cast<int>(MatterAct::weed); ++act) {
    for (auto const law : {Law::se, Law::dk, Law::no}) {
      auto asked = matter(static_cast<MatterAct>(act));
      asked.law = law;
      EXPECT_FALSE(advise(asked, {}).rules.empty()) << act << " " << to_text(law);
    }
  }
}

}  // namespace
}  // namespace torg::records
