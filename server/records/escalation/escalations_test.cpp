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

class TellingOffice : public EscalationOffice {
 protected:
  void SetUp() override {
    EscalationOffice::SetUp();
    ClockTellers tellers;
    tellers.rooms = &world->rooms;
    tellers.service_user = [this] { return world->service; };
    tellers.mail = [this](AuthorityId authority, std::string, std::string text) -> Task<Result<>> {
      if (!mail_works) co_return fail(ErrorCode::unavailable, "No mail server.");
      letters.emplace_back(authority, std::move(text));
      co_return Result<>{};
    };
    escalations = std::make_unique<Escalations>(runtime, *database, world->governance, world->reviews,
                                                std::move(tellers));
  }
  std::vector<std::string> clock_notices() {
    auto const all =
        run(runtime, world->rooms.timeline(world->room, Position(), database->last_position(), 100)).value();
    std::vector<std::string> found;
    for (auto const& event : all) {
      if (event.content.find("org.torg.clock") != std::string::npos) found.push_back(event.content);
    }
    return found;
  }
  bool tell() { return run(runtime, escalations->tell()); }

  bool mail_works = true;
  std::vector<std::pair<AuthorityId, std::string>> letters;
};
INSTANTIATE_TEST_SUITE_P(Db, TellingOffice, db::both_databases(), db::database_name);

TEST_P(TellingOffice, TheRoomIsToldOnceOfWhatIsLateInIt) {
  late_item(1);
  late_item(1);
  for (int times = 0; times < 2; ++times) {
    ASSERT_TRUE(run(runtime, escalations->round(monday())));
    EXPECT_TRUE(tell());
  }
  auto const told = clock_notices();
  ASSERT_EQ(told.size(), 2u);  // one for each board
  EXPECT_THAT(told[0], testing::HasSubstr("2 records in this room should have been assessed."));
  EXPECT_THAT(told[0], testing::Not(testing::HasSubstr("avstyrker")));
}

TEST_P(TellingOffice, TheNoticeInTheRoomIsNoRecordItself) {
  late_item(1);
  ASSERT_TRUE(run(runtime, escalations->round(monday())));
  EXPECT_TRUE(tell());
  EXPECT_EQ(run(runtime, world->assessment.queue({world->ks})).value().left, 1);
}

TEST_P(TellingOffice, ALetterWithCountsGoesToTheAuthority) {
  late_item(1);
  ASSERT_TRUE(run(runtime, escalations->round(monday())));
  EXPECT_TRUE(tell());
  ASSERT_EQ(letters.size(), 2u);
  EXPECT_EQ(letters[0].first, world->ks);
  EXPECT_THAT(letters[0].second, testing::HasSubstr("En handling skulle ha varit bedömd."));
  EXPECT_THAT(letters[0].second, testing::HasSubstr("One record should have been assessed."));
}

TEST_P(TellingOffice, ALetterThatIsNotTakenIsSentLaterAndTheRoomIsNotToldAgain) {
  late_item(1);
  mail_works = false;
  ASSERT_TRUE(run(runtime, escalations->round(monday())));
  EXPECT_FALSE(tell());
  mail_works = true;
  EXPECT_TRUE(tell());
  EXPECT_TRUE(tell());
  EXPECT_EQ(letters.size(), 2u);
  EXPECT_EQ(clock_notices().size(), 2u);
}

}  // namespace
}  // namespace torg::records
