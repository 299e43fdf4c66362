#include "records/assessment/service.hpp"

#include "governance/zone.hpp"
#include "records/testing/office.hpp"

#include <gmock/gmock.h>

namespace torg::records {
namespace {

class AssessmentOffice : public Office {};
INSTANTIATE_TEST_SUITE_P(Db, AssessmentOffice, db::both_databases(), db::database_name);

json::object edit_of(matrix::RoomEvent const& event, std::string text) {
  return {{"msgtype", "m.text"},
          {"body", "* " + text},
          {"m.new_content", {{"msgtype", "m.text"}, {"body", text}}},
          {"m.relates_to", {{"rel_type", "m.replace"}, {"event_id", event.id.value}}}};
}

json::object reply_to(matrix::RoomEvent const& event, std::string text) {
  return {{"msgtype", "m.text"},
          {"body", text},
          {"m.relates_to", {{"m.in_reply_to", {{"event_id", event.id.value}}}}}};
}

TEST_P(AssessmentOffice, ARoutinePostIsSentForOneBoardAndReceivedForTheOtherWithoutAClock) {
  share();
  auto const found = rows(say(world->ali, "Ska vi ses på torsdag?"));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].authority, world->ks);
  EXPECT_EQ(found[0].basis, Basis::received);
  EXPECT_EQ(found[1].basis, Basis::drawn_up_sent);
  for (auto const& row : found) {
    EXPECT_EQ(row.handling, Handling::kept_ordered);
    EXPECT_EQ(row.rule, "R17");
    EXPECT_FALSE(row.due_day);
  }
}

TEST_P(AssessmentOffice, APositionMakesTwoRecordsWithTwoClocks) {
  share();
  auto const found = rows(say(world->ali, "Byggnadsnämnden tillstyrker den provisoriska vallen."));
  ASSERT_EQ(found.size(), 2u);
  for (auto const& row : found) {
    EXPECT_EQ(row.handling, Handling::unassessed);
    EXPECT_TRUE(row.due_day);
  }
  auto const queue = run(runtime, world->assessment.queue({world->ks, world->bn})).value();
  EXPECT_EQ(queue.left, 2);
}

TEST_P(AssessmentOffice, AnAnswerToARegisteredRecordIsAskedAbout) {
  share();
  auto const first = say(world->ali, "Ska vi ses på torsdag?");
  ASSERT_TRUE(world->lift_now(world->request("k1", {first.id.value}, world->maja, world->ks)));
  auto const found = rows(say_in(world->room, world->maja, reply_to(first, "Ja, det blir bra.")));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].handling, Handling::unassessed);
  auto const other = rows(say_in(world->room, world->maja, reply_to(say(world->ali, "Hej"), "Hej själv")));
  EXPECT_EQ(other[0].handling, Handling::kept_ordered);
}

TEST_P(AssessmentOffice, AnEditThatAddsAFactStartsTheClockOfTheOriginal) {
  share();
  auto const post = say(world->ali, "Jag mäter i eftermiddag.");
  EXPECT_EQ(rows(post)[0].handling, Handling::kept_ordered);
  auto const edit = say_in(world->room, world->ali, edit_of(post, "Flödet är 3,2 m3/s."));
  EXPECT_EQ(rows(post)[0].handling, Handling::unassessed);
  EXPECT_TRUE(rows(edit).empty());
}

TEST_P(AssessmentOffice, WithinOneBoardThereIsNoRowAndItShowsAsWorkingMaterial) {
  auto const post =
      say_in(room_within_ks(), world->maja, {{"msgtype", "m.text"}, {"body", "Vi beslutar i morgon."}});
  EXPECT_TRUE(rows(post).empty());
  auto const shown = run(runtime, world->assessment.assessments_of(post.room, {post}, {world->ks})).value();
  ASSERT_EQ(shown.size(), 1u);
  EXPECT_EQ(shown[0].row.status, Status::not_record);
  EXPECT_EQ(shown[0].row.handling, Handling::working);
}

TEST_P(AssessmentOffice, AReceivedItemCanNeverBeWorkingMaterialAndTheReasonIsSaid) {
  share();
  auto const post = say(world->ali, "Vi avstyrker förslaget.");
  auto const refused = assess(post, world->maja, world->ks, "working");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error.code, ErrorCode::rule_refuses);
  ASSERT_TRUE(refused.error().why);
  EXPECT_THAT(refused.error().why->sv, testing::HasSubstr("inkommen"));
}

TEST_P(AssessmentOffice, ADecisionStopsTheClockForOneBoardOnly) {
  share();
  auto const post = say(world->ali, "Vi avstyrker förslaget.");
  auto const done = assess(post, world->maja, world->ks, "kept_ordered");
  ASSERT_TRUE(done) << done.error().error.message;
  EXPECT_EQ(done->row.by, world->maja);
  auto const found = rows(post);
  EXPECT_EQ(found[0].handling, Handling::kept_ordered);
  EXPECT_EQ(found[1].handling, Handling::unassessed);
}

TEST_P(AssessmentOffice, OnlyTheAuthoritysOwnOfficersDecide) {
  share();
  auto const post = say(world->ali, "Vi avstyrker förslaget.");
  auto const refused = assess(post, world->ali, world->ks, "kept_ordered");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error.code, ErrorCode::forbidden);
}

TEST_P(AssessmentOffice, WhatMayBeSecretIsTrivialOnlyWithAColleague) {
  share();
  auto const post = say(world->ali, "Det gäller 900101-2385.");
  auto const alone = assess(post, world->maja, world->ks, "trivial");
  ASSERT_FALSE(alone);
  EXPECT_EQ(alone.error().error.code, ErrorCode::needs_second_person);
  EXPECT_FALSE(assess(post, world->maja, world->ks, "trivial", world->maja));
  EXPECT_FALSE(assess(post, world->maja, world->ks, "kept_ordered"));
  EXPECT_TRUE(assess(post, world->maja, world->ks, "trivial", world->sandra));
}

TEST_P(AssessmentOffice, WhatItsAuthorRemovedCanStillBeAssessed) {
  share();
  auto const post = say(world->ali, "Vi avstyrker förslaget.");
  run(runtime, world->rooms.redact(world->room, world->ali, post.nid, "", 0, "t1")).value();
  auto const queue = run(runtime, world->assessment.queue({world->ks})).value();
  ASSERT_EQ(queue.lines.size(), 1u);
  auto const sealed = run(runtime, world->rooms.event(post.nid)).value();
  EXPECT_TRUE(sealed.redacted_by);
  EXPECT_EQ(read_item(sealed)->text, "Vi avstyrker förslaget.");
  EXPECT_TRUE(assess(post, world->maja, world->ks, "kept_ordered"));
}

TEST_P(AssessmentOffice, MarkedAsSentStartsTheClockOfWorkingMaterial) {
  auto const post =
      say_in(room_within_ks(), world->maja, {{"msgtype", "m.text"}, {"body", "Svar till Granvik"}});
  auto const today = world->governance.today();
  auto const sent = run(runtime, world->assessment.mark_sent(world->maja, post.room, post.nid, world->ks,
                                                             "Granviks kommun", today));
  ASSERT_TRUE(sent) << sent.error().message;
  EXPECT_EQ(sent->row.basis, Basis::drawn_up_sent);
  EXPECT_EQ(sent->row.handling, Handling::unassessed);
  EXPECT_EQ(sent->row.reason, "Granviks kommun");
  EXPECT_FALSE(assess(post, world->maja, world->ks, "working"));
}

TEST_P(AssessmentOffice, OpeningARoomsHistoryToAnotherBoardSendsWhatIsInIt) {
  auto const lena =
      run(runtime, world->identity.create_user({.localpart = "lena", .password = "", .displayname = "Lena"}));
  assign(*lena, world->ks, governance::Role::officer);
  auto const room = run(runtime, world->rooms.create({.creator = *lena,
                                                      .name = "Utan plan",
                                                      .topic = "",
                                                      .alias_localpart = "",
                                                      .preset = "private_chat",
                                                      .visibility = "",
                                                      .invite = {world->identity.user_id(world->ali)},
                                                      .is_direct = false,
                                                      .creation_content = {},
                                                      .power_level_content_override = {},
                                                      .initial_state = {}}));
  ASSERT_TRUE(room) << room.error().message;
  auto const post = say_in(*room, *lena, {{"msgtype", "m.text"}, {"body", "Utkast"}});
  EXPECT_TRUE(rows(post).empty());
  run(runtime, world->rooms.set_membership(*room, world->ali, world->ali, matrix::Membership::join, ""))
      .value();
  run(runtime, world->assessment.stop());
  auto const found = rows(post);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].basis, Basis::drawn_up_sent);
  EXPECT_EQ(found[1].basis, Basis::received);
  EXPECT_EQ(found[1].handling, Handling::unassessed);
}

TEST_P(AssessmentOffice, AnOutsiderMayNotJoinARoomOfInternalInformation) {
  share();
  auto const stranger =
      run(runtime, world->identity.create_user({.localpart = "kim", .password = "", .displayname = "Kim"}))
          .value();
  auto const invited = run(runtime, world->rooms.set_membership(world->room, world->service, stranger,
                                                                matrix::Membership::invite, ""));
  ASSERT_FALSE(invited);
  EXPECT_EQ(invited.error().code, ErrorCode::forbidden);
}

TEST_P(AssessmentOffice, ThePlanForbidsEncryption) {
  share();
  auto const sent = run(runtime, world->rooms.send({.room = world->room,
                                                    .sender = world->service,
                                                    .type = "m.room.encryption",
                                                    .state_key = "",
                                                    .content = {{"algorithm", "m.megolm.v1.aes-sha2"}},
                                                    .device_key = 0,
                                                    .transaction_id = {},
                                                    .redacts = std::nullopt}));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ErrorCode::rule_refuses);
}

}  // namespace
}  // namespace torg::records
