#include "records/closing/reviews.hpp"

#include "governance/zone.hpp"
#include "records/escalation/escalations.hpp"
#include "records/rules/working_days.hpp"
#include "records/testing/office.hpp"

#include <gmock/gmock.h>

namespace torg::records {
namespace {

using enum ReviewVerdict;

/// A case of KS with a room of its own: small talk, a measured fact, and what another board wrote.
class ClosedCases : public Office {
 protected:
  void SetUp() override {
    Office::SetUp();
    auto const opened = run(runtime, world->records.open_case(world->sandra, world->ks, "Laxån", "1.4.1"));
    of_case = opened.value().id;
    room = room_within_ks();
    plan(room,
         R"({"level":"within","host":"KS","weed_after_days":0,"case":{"id":)" +
             std::to_string(of_case.value) + R"(,"number":"KS 2026/1","title":"Laxån"}})",
         {{world->ks, world->maja}});
    talk = say_in(room, world->maja, {{"msgtype", "m.text"}, {"body", "Ska vi ta det efter lunch?"}});
    fact = say_in(room, world->maja, {{"msgtype", "m.text"}, {"body", "Flödet är 3,2 m3/s."}});
  }
  Result<CaseView> close(ReviewVerdicts verdicts) {
    return run(runtime, world->reviews.close(world->maja, of_case, std::move(verdicts)));
  }
  ShownReview review() { return run(runtime, world->reviews.show(of_case)).value(); }
  /// As if the grace time were over since yesterday.
  void let_the_grace_time_pass() {
    auto const yesterday = world->governance.today() - std::chrono::days(1);
    database->write_now([&](db::Transaction& transaction) {
      static constexpr db::Statement kPast{"UPDATE closing_review SET due_day = $1"};
      transaction.execute(kPast, {static_cast<std::int64_t>(yesterday.time_since_epoch().count())});
    });
  }
  WeedingRun weed() {
    auto const runs = run(runtime, weeding->run(karin, room)).value();
    return runs.empty() ? WeedingRun{} : runs.front();
  }

  CaseId of_case;
  RoomNid room;
  matrix::RoomEvent talk, fact;
};
INSTANTIATE_TEST_SUITE_P(Db, ClosedCases, db::both_databases(), db::database_name);

TEST_P(ClosedCases, ShowBeforeClosingWhatWillBeAskedPrefilled) {
  auto const shown = review();
  EXPECT_FALSE(shown.review);
  ASSERT_EQ(shown.items.size(), 2u);
  EXPECT_EQ(shown.items[0].item.suggested, working);
  EXPECT_EQ(shown.items[1].item.suggested, record);
}

TEST_P(ClosedCases, MakeRecordsWithAClockOfWhatIsNoDraft) {
  ASSERT_TRUE(close({{talk.nid, working}, {fact.nid, record}}));
  EXPECT_TRUE(review().review->done_at);
  EXPECT_TRUE(rows(talk).empty());
  auto const found = rows(fact);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].basis, Basis::drawn_up_case_closed);
  EXPECT_EQ(found[0].rule, "R13");
  EXPECT_EQ(found[0].handling, Handling::unassessed);
  EXPECT_TRUE(found[0].matters);
  EXPECT_TRUE(found[0].due_day);
  EXPECT_TRUE(run(runtime, world->reviews.waiting({world->ks})).value().empty());
}

TEST_P(ClosedCases, WaitOnTheDeskForTheGraceTimeWithWhatHasNoVerdict) {
  ASSERT_TRUE(close({{fact.nid, record}}));
  auto const waiting = run(runtime, world->reviews.waiting({world->ks})).value();
  ASSERT_EQ(waiting.size(), 1u);
  EXPECT_EQ(waiting[0].left, 1);
  EXPECT_EQ(waiting[0].review.due_day, plus_working_days(world->governance.today(), 20));
  EXPECT_TRUE(run(runtime, world->reviews.waiting({world->bn})).value().empty());
  ASSERT_TRUE(run(runtime, world->reviews.decide(world->sandra, of_case, {{talk.nid, working}})));
  EXPECT_TRUE(run(runtime, world->reviews.waiting({world->ks})).value().empty());
}

TEST_P(ClosedCases, HaveTheGraceTimeTheirAuthorityHasSet) {
  ASSERT_TRUE(
      run(runtime, world->settings.change({world->ks, "working_days_to_review", "5", {}, karin, "§ 1"})));
  ASSERT_TRUE(close({}));
  EXPECT_EQ(review().review->due_day, plus_working_days(world->governance.today(), 5));
}

TEST_P(ClosedCases, AreNotWeededUntilEachItemHasItsVerdict) {
  ASSERT_TRUE(close({}));
  EXPECT_EQ(weed().items, 0);
  ASSERT_TRUE(run(runtime, world->reviews.decide(world->maja, of_case, {{talk.nid, working}})));
  EXPECT_EQ(weed().items, 1);
  EXPECT_TRUE(run(runtime, world->rooms.event(fact.nid)));
  // Weeded by now, it has left the list and the rest is still asked about.
  EXPECT_EQ(review().items.size(), 1u);
}

TEST_P(ClosedCases, MakeRecordsOfTheRestWhenTheGraceTimeIsOver) {
  ASSERT_TRUE(close({}));
  ASSERT_TRUE(run(runtime, world->reviews.settle_overdue()));
  EXPECT_TRUE(rows(talk).empty()) << "the grace time has just begun";
  let_the_grace_time_pass();
  ASSERT_TRUE(run(runtime, world->reviews.settle_overdue()));
  for (auto const& event : {talk, fact}) {
    auto const found = rows(event);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].basis, Basis::drawn_up_case_closed);
    EXPECT_EQ(found[0].handling, Handling::unassessed);
    EXPECT_FALSE(found[0].by) << "by rule, not by a person";
    EXPECT_GE(*found[0].due_day, world->governance.today());
  }
  EXPECT_TRUE(review().review->done_at);
  EXPECT_EQ(run(runtime, world->assessment.queue({world->ks})).value().left, 2);
  EXPECT_EQ(run(runtime, world->reviews.decide(world->maja, of_case, {{talk.nid, working}})).error().code,
            ErrorCode::bad_state);
}

TEST_P(ClosedCases, KeepWhatAPersonSaidWhenTheRestIsSettled) {
  ASSERT_TRUE(close({{talk.nid, working}}));
  let_the_grace_time_pass();
  ASSERT_TRUE(run(runtime, world->reviews.settle_overdue()));
  EXPECT_TRUE(rows(talk).empty());
  EXPECT_EQ(rows(fact).size(), 1u);
}

TEST_P(ClosedCases, RefuseAVerdictOnWhatIsNotTheirs) {
  auto const elsewhere =
      say_in(room_within_ks(), world->maja, {{"msgtype", "m.text"}, {"body", "Något annat"}});
  EXPECT_EQ(close({{elsewhere.nid, record}}).error().code, ErrorCode::not_found);
  EXPECT_FALSE(review().of_case.closed_day) << "nothing is closed by half";
  EXPECT_TRUE(rows(elsewhere).empty());
}

TEST_P(ClosedCases, AreClosedAndReviewedByTheirOwnPeople) {
  auto const foreign = run(runtime, world->reviews.close(world->ali, of_case, {}));
  EXPECT_EQ(foreign.error().code, ErrorCode::not_found) << "as if there were no such case";
  ASSERT_TRUE(close({}));
  EXPECT_EQ(run(runtime, world->reviews.decide(world->ali, of_case, {{talk.nid, working}})).error().code,
            ErrorCode::forbidden);
  EXPECT_EQ(close({}).error().code, ErrorCode::conflict);
}

TEST_P(ClosedCases, TellTheRegistrarOfTheLastDay) {
  ASSERT_TRUE(close({}));
  Escalations escalations(runtime, *database, world->governance, world->reviews);
  ASSERT_TRUE(run(runtime, escalations.round(review().review->due_day)));
  auto const told = run(runtime, escalations.notices_for(world->sandra)).value();
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].kind, NoticeKind::reviews);
  EXPECT_EQ(told[0].step, NoticeStep::due);
}

}  // namespace
}  // namespace torg::records
