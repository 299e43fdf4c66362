#include "records/escalation/escalations.hpp"

#include "governance/zone.hpp"
#include "records/rules/working_days.hpp"
#include "records/testing/office.hpp"

#include <gmock/gmock.h>

namespace torg::records {
namespace {

using enum NoticeStep;

AuthorityId const kKs(1);
Day day(std::string_view text) { return governance::parse_day(text).value(); }

std::vector<std::pair<NoticeStep, std::int64_t>> told(DueCounts const& counts, std::string_view after,
                                                      std::string_view today,
                                                      NoticeKind kind = NoticeKind::items) {
  std::vector<std::pair<NoticeStep, std::int64_t>> found;
  for (auto const& notice : notices_of(kKs, kind, counts, day(after), day(today)))
    found.emplace_back(notice.step, notice.count);
  return found;
}

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

// 2026-11-23 is a Monday.
TEST(Notices, AreOfTheDayItselfThenOneAndThreeWorkingDaysAfter) {
  DueCounts const monday{{day("2026-11-23"), 4}};
  EXPECT_THAT(told(monday, "2026-11-20", "2026-11-23"), ElementsAre(Pair(due, 4)));
  EXPECT_THAT(told(monday, "2026-11-23", "2026-11-24"), ElementsAre(Pair(late, 4)));
  EXPECT_THAT(told(monday, "2026-11-24", "2026-11-25"), IsEmpty());
  EXPECT_THAT(told(monday, "2026-11-25", "2026-11-26"), ElementsAre(Pair(very_late, 4)));
  EXPECT_THAT(told(monday, "2026-11-26", "2026-11-27"), IsEmpty());
}

TEST(Notices, CountWorkingDaysAndRestOnTheOthers) {
  DueCounts const friday{{day("2026-11-20"), 1}};
  EXPECT_THAT(told(friday, "2026-11-20", "2026-11-21"), IsEmpty());
  EXPECT_THAT(told(friday, "2026-11-20", "2026-11-23"), ElementsAre(Pair(late, 1)));
  // Midsummer Eve is a Friday without work: one working day after Thursday is Monday.
  DueCounts const before_midsummer{{day("2026-06-18"), 2}};
  EXPECT_THAT(told(before_midsummer, "2026-06-18", "2026-06-19"), IsEmpty());
  EXPECT_THAT(told(before_midsummer, "2026-06-18", "2026-06-22"), ElementsAre(Pair(late, 2)));
}

TEST(Notices, OfWhatWasMissedWhileTheServerStoodStillAreToldOnceAtTheHighestStep) {
  DueCounts const counts{{day("2026-11-16"), 3}, {day("2026-11-20"), 1}, {day("2026-11-30"), 9}};
  EXPECT_THAT(told(counts, "2026-11-13", "2026-11-23"), ElementsAre(Pair(late, 1), Pair(very_late, 3)));
}

TEST(Notices, OfARequestPastItsLastDayComeEveryWorkingDay) {
  DueCounts const monday{{day("2026-11-23"), 1}};
  auto const requests = NoticeKind::requests;
  EXPECT_THAT(told(monday, "2026-11-24", "2026-11-25", requests), ElementsAre(Pair(late, 1)));
  EXPECT_THAT(told(monday, "2026-11-26", "2026-11-27", requests), ElementsAre(Pair(very_late, 1)));
}

TEST(Notices, SayHowManyInBothLanguages) {
  ClockNotice notice{{}, kKs, {}, NoticeKind::items, late, 1};
  EXPECT_EQ(to_words(notice).sv, "En handling skulle ha varit bedömd.");
  notice.count = 12;
  EXPECT_EQ(to_words(notice).en, "12 records should have been assessed.");
}

class EscalationOffice : public Office {
 protected:
  /// An item of KS whose clock ended `working_days` working days ago.
  void late_item(int working_days) {
    auto const post = say(world->ali, "Vi avstyrker förslaget.");
    auto due = monday();
    while (plus_working_days(due, working_days) > monday() || !is_working_day(due))
      due -= std::chrono::days(1);
    database->write_now([&](db::Transaction& transaction) {
      static constexpr db::Statement kDue{"UPDATE assessment SET due_day = $1 WHERE event = $2"};
      transaction.execute(kDue, {static_cast<std::int64_t>(due.time_since_epoch().count()), post.nid});
    });
  }
  std::vector<ClockNotice> notices(UserNid who) {
    return run(runtime, escalations->notices_for(who)).value();
  }
  void SetUp() override {
    Office::SetUp();
    share();
    escalations = std::make_unique<Escalations>(runtime, *database, world->governance, world->reviews);
  }
  /// A working day, whenever the test runs.
  Day monday() { return plus_working_days(world->governance.today(), 1); }

  std::unique_ptr<Escalations> escalations;
};
INSTANTIATE_TEST_SUITE_P(Db, EscalationOffice, db::both_databases(), db::database_name);

TEST_P(EscalationOffice, ARegistrarIsToldOnceAndPutsItAway) {
  late_item(1);
  ASSERT_TRUE(run(runtime, escalations->round(monday())));
  ASSERT_TRUE(run(runtime, escalations->round(monday())));
  auto const told = notices(world->sandra);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].step, late);
  EXPECT_EQ(told[0].count, 1);
  ASSERT_TRUE(run(runtime, escalations->see(world->sandra, told[0].id)));
  EXPECT_THAT(notices(world->sandra), IsEmpty());
}

TEST_P(EscalationOffice, TheArchivistIsToldOfThreeWorkingDaysAndAnOfficerOfNothing) {
  late_item(1);
  late_item(3);
  ASSERT_TRUE(run(runtime, escalations->round(monday())));
  EXPECT_EQ(notices(world->sandra).size(), 2u);
  ASSERT_EQ(notices(karin).size(), 1u);
  EXPECT_EQ(notices(karin)[0].step, very_late);
  EXPECT_THAT(notices(world->maja), IsEmpty());
  // The same clock runs for the other board, which has no registrar here; nobody sees another's.
  EXPECT_THAT(notices(world->ali), IsEmpty());
  auto const foreign = run(runtime, escalations->see(world->ali, notices(karin)[0].id));
  EXPECT_EQ(foreign.error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace torg::records
