#include "records/assessment/service.hpp"

#include "governance/zone.hpp"
#include "records/testing/office.hpp"

#include <set>

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

TEST_P(AssessmentOffice, APlanThatSaysSoAllowsEncryption) {
  plan(world->room, R"({"level":"shared","host":"KS","parties":["KS","BN"],"end_to_end":true})",
       {{world->ks, world->maja}, {world->bn, world->ali}});
  auto const sent = run(runtime, world->rooms.send({.room = world->room,
                                                    .sender = world->service,
                                                    .type = "m.room.encryption",
                                                    .state_key = "",
                                                    .content = {{"algorithm", "m.megolm.v1.aes-sha2"}},
                                                    .device_key = 0,
                                                    .transaction_id = {},
                                                    .redacts = std::nullopt}));
  EXPECT_TRUE(sent) << sent.error().message;
}

class ManyDecisions : public AssessmentOffice {
 protected:
  AssessRequest request(matrix::RoomEvent const& event, UserNid by, std::string handling) {
    AssessRequest made;
    made.by = by;
    made.room = event.room;
    made.event = event.nid;
    made.authority = world->ks;
    made.handling = std::move(handling);
    made.reason = "rutin";
    return made;
  }
  std::vector<Ruled<ShownAssessment>> decide(std::vector<AssessRequest> requests, Bulk bulk = Bulk::each) {
    return run(runtime, world->assessment.assess_many(std::move(requests), bulk));
  }
  /// A position: it can be kept ordered or registered, and is never trivial.
  matrix::RoomEvent position(int n) {
    return say(world->ali, "Byggnadsnämnden tillstyrker förslag " + std::to_string(n) + ".");
  }
  std::size_t steps(matrix::RoomEvent const& event) {
    std::size_t count = 0;
    database->read_now([&](db::Reader& reader) {
      count = assessment::history(reader, event.room, event.nid, world->ks).size();
    });
    return count;
  }
};
INSTANTIATE_TEST_SUITE_P(Db, ManyDecisions, db::both_databases(), db::database_name);

TEST_P(ManyDecisions, AreMadeTogetherAndLeaveTheQueue) {
  share();
  std::vector<AssessRequest> requests;
  for (int n = 0; n < 5; ++n) requests.push_back(request(position(n), world->sandra, "kept_ordered"));
  for (auto const& answer : decide(requests)) ASSERT_TRUE(answer) << answer.error().error.message;
  EXPECT_EQ(run(runtime, world->assessment.queue({world->ks})).value().left, 0);
}

TEST_P(ManyDecisions, NameWhatTheRulesRefuseAndMakeTheRest) {
  share();
  auto const file =
      say_in(world->room, world->ali,
             {{"msgtype", "m.file"}, {"body", "karta.pdf"}, {"url", "mxc://alvhamn.example/a"}});
  auto const answers =
      decide({request(file, world->sandra, "trivial"), request(position(1), world->sandra, "trivial")});
  EXPECT_TRUE(answers[0]) << answers[0].error().error.message;
  ASSERT_FALSE(answers[1]);
  EXPECT_EQ(answers[1].error().error.code, ErrorCode::rule_refuses);
  EXPECT_TRUE(answers[1].error().why);
}

TEST_P(ManyDecisions, AllOrNoneMakeNoneWhenOneIsRefused) {
  share();
  auto const file =
      say_in(world->room, world->ali,
             {{"msgtype", "m.file"}, {"body", "karta.pdf"}, {"url", "mxc://alvhamn.example/a"}});
  auto const answers =
      decide({request(file, world->sandra, "trivial"), request(position(1), world->sandra, "trivial")},
             Bulk::all_or_none);
  ASSERT_FALSE(answers[0]);
  EXPECT_EQ(answers[0].error().error.code, ErrorCode::conflict);
  EXPECT_EQ(answers[1].error().error.code, ErrorCode::rule_refuses);
  EXPECT_EQ(run(runtime, world->assessment.queue({world->ks})).value().left, 2);
}

TEST_P(ManyDecisions, SentAgainChangeNothing) {
  share();
  auto const post = position(1);
  for (int times = 0; times < 3; ++times)
    ASSERT_TRUE(decide({request(post, world->sandra, "kept_ordered")}).front());
  EXPECT_EQ(steps(post), 2u);  // how it was, and what was decided
}

TEST_P(ManyDecisions, AreAtMostFiveHundred) {
  std::vector<AssessRequest> const many(501, request(say(world->ali, "Hej"), world->sandra, "kept_ordered"));
  auto const answers = decide(many);
  ASSERT_EQ(answers.size(), 501u);
  EXPECT_EQ(answers.front().error().error.code, ErrorCode::too_large);
}

TEST_P(ManyDecisions, NeverMakeAReceivedItemWorkingMaterial) {
  share();
  auto const answer = decide({request(position(1), world->sandra, "working")}).front();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().error.code, ErrorCode::rule_refuses);
}

TEST_P(AssessmentOffice, TheQueueComesInPagesThatHoldEveryLineOnce) {
  share();
  for (int n = 0; n < 7; ++n)
    say(world->ali, "Byggnadsnämnden tillstyrker förslag " + std::to_string(n) + ".");
  std::set<std::pair<EventNid, AuthorityId>> seen;
  std::optional<assessment::QueuePlace> from;
  int pages = 0;
  do {
    auto const page = run(runtime, world->assessment.queue({world->ks, world->bn}, from, 4)).value();
    EXPECT_EQ(page.left, 14);
    for (auto const& line : page.lines) EXPECT_TRUE(seen.emplace(line.row.event, line.row.authority).second);
    from = page.next;
    ++pages;
  } while (from);
  EXPECT_EQ(seen.size(), 14u);
  EXPECT_EQ(pages, 4);
}

TEST_P(AssessmentOffice, WhatIsSharedForCommentsKeepsItsStatusAtBothBoards) {
  share();
  auto const draft = [&](std::string shared_for) {
    return json::object{{"msgtype", "m.file"},
                        {"body", "utkast.odt"},
                        {"url", "mxc://alvhamn.example/b"},
                        {"org.torg.shared_for", std::move(shared_for)}};
  };
  EXPECT_TRUE(rows(say_in(world->room, world->ali, draft("comments"))).empty());
  EXPECT_EQ(rows(say_in(world->room, world->ali, draft("information"))).size(), 2u);
}

}  // namespace
}  // namespace torg::records
