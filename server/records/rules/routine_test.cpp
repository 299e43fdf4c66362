#include "records/rules/routine.hpp"

#include "governance/zone.hpp"
#include "records/rules/secrecy_hints.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace torg::records {
namespace {
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<Exception> exceptions(std::string_view text) {
  return exceptions_from_routine({.text = text}, governance::parse_day("2026-11-24").value());
}

TEST(Routine, TalkIsKeptWithoutAQuestion) {
  EXPECT_THAT(exceptions("Hej! Ska vi ses på torsdag kl. 10 i stora salen?"), IsEmpty());
  EXPECT_THAT(exceptions("Tack, jag tittar på det i eftermiddag och återkommer."), IsEmpty());
  EXPECT_THAT(exceptions("I uploaded the new agenda yesterday, have a look."), IsEmpty());
}

TEST(Routine, AMeasuredFactIsAskedAbout) {
  EXPECT_THAT(exceptions("Flödet vid bron var 3,2 m3/s i morse."), ElementsAre(Exception::states_fact));
  EXPECT_THAT(exceptions("Kostnaden blir 450 000 kr."), ElementsAre(Exception::states_fact));
  EXPECT_THAT(exceptions("We measured it again"), ElementsAre(Exception::states_fact));
}

TEST(Routine, AnOfficialNoteIsAskedAbout) {
  EXPECT_THAT(exceptions_from_routine({.text = "Ingen kommer.", .official_note = true}, {}),
              ElementsAre(Exception::states_fact));
}

TEST(Routine, WhatWasToldIsKnownByItsWords) {
  for (auto const* text :
       {"Karin Sjöholm ringde: brandposten är avstängd till fredag.", "Han sa att brunnen är rensad.",
        "Fick det på telefon i går.", "The owner told us that the well is closed."})
    EXPECT_TRUE(tells_of_speech(text)) << text;
  for (auto const* text : {"Ring mig när du hinner.", "Här är yttrandet som pdf.", "Vi ses på torsdag."})
    EXPECT_FALSE(tells_of_speech(text)) << text;
}

TEST(Routine, APositionIsAskedAbout) {
  EXPECT_THAT(exceptions("Byggnadsnämnden tillstyrker förslaget."), ElementsAre(Exception::takes_position));
  EXPECT_THAT(exceptions("We object to the new road"), ElementsAre(Exception::takes_position));
}

TEST(Routine, ConsentIsAskedAbout) {
  EXPECT_THAT(exceptions("Vi GODKÄNNER tidplanen."), ElementsAre(Exception::gives_consent));
}

TEST(Routine, AWordInsideAnotherIsNoCue) {
  EXPECT_THAT(exceptions("Ogodkända ritningar ligger kvar i mappen."), IsEmpty());
}

TEST(Routine, SecrecyAndPersonalNumbersAreAskedAbout) {
  EXPECT_THAT(exceptions("Hon har fått en diagnos."), ElementsAre(Exception::may_be_secret));
  EXPECT_THAT(exceptions("Det gäller 900101-2385."), ElementsAre(Exception::personal_number));
  EXPECT_THAT(exceptions("Ring 040-628 04 04."), IsEmpty());
}

TEST(Routine, WhatSurroundsThePostCountsToo) {
  Post const post{
      .text = "Se bilaga", .has_attachment = true, .answers_registered = true, .outsider_takes_part = true};
  EXPECT_THAT(exceptions_from_routine(post, {}),
              ElementsAre(Exception::attachment, Exception::answers_registered, Exception::outsider));
}

TEST(SecrecyHints, NameTheProvisionAndTheWord) {
  auto const hints = secrecy_hints("Enligt läkarintyget och elevhälsans plan");
  ASSERT_EQ(hints.size(), 2u);
  EXPECT_EQ(hints[0].provision, "21 kap. 1 § OSL");
  EXPECT_EQ(hints[0].why.sv, "Ordet \"läkarintyg\" kan röra hälsa.");
  EXPECT_EQ(hints[1].provision, "23 kap. 2 § OSL");
}

}  // namespace
}  // namespace torg::records
