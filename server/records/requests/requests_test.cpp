#include "records/requests/requests.hpp"

#include "db/testing/on_both_databases.hpp"
#include "governance/migrations/migrations.hpp"
#include "governance/service.hpp"
#include "governance/zone.hpp"
#include "records/requests/open_requests.hpp"
#include "records/rules/test_data.hpp"

#include <date/date.h>
#include <sstream>

#include <gmock/gmock.h>

namespace torg::records {
namespace {

constexpr Day kTuesday = std::chrono::sys_days{std::chrono::year{2026} / 11 / 24};
Instant local(Day day, int hour) { return governance::start_of(day) + std::chrono::hours(hour); }

TEST(AnswerDays, AreTheSameDayAndTwoWorkingDaysLater) {
  EXPECT_EQ(answer_days(local(kTuesday, 9), RequestKind::disclosure, {}),
            (AnswerDays{kTuesday, kTuesday + std::chrono::days(2)}));
}

TEST(AnswerDays, StartTheNextWorkingDayAfterClosingTime) {
  auto const friday = kTuesday + std::chrono::days(3);
  EXPECT_EQ(answer_days(local(friday, 18), RequestKind::disclosure, {}).due, kTuesday + std::chrono::days(6));
  EXPECT_EQ(answer_days(local(friday + std::chrono::days(1), 9), RequestKind::disclosure, {}).due,
            kTuesday + std::chrono::days(6));
}

TEST(AnswerDays, LeaveWeekendsOut) {
  auto const friday = kTuesday + std::chrono::days(3);
  EXPECT_EQ(answer_days(local(friday, 9), RequestKind::disclosure, {}).latest,
            kTuesday + std::chrono::days(7));
}

TEST(AnswerDays, AreFiveForReportsOnAccessibility) {
  EXPECT_EQ(answer_days(local(kTuesday, 9), RequestKind::accessibility, {}).latest,
            kTuesday + std::chrono::days(7));
}

class DisclosureRequests : public db::OnBothDatabases {
 protected:
  void SetUp() override {
    std::vector<db::Migration> all(governance::migrations().begin(), governance::migrations().end());
    all.insert(all.end(), requests_migrations().begin(), requests_migrations().end());
    ASSERT_TRUE(database->migrate(all));
    governance_.start();
    governance::Authority board;
    board.code = "KS";
    board.name_sv = "Kommunstyrelsen";
    ks_ = run(runtime, governance_.add_authority(board, UserNid(1))).value();
    governance::Assignment assignment{kRegistrar,          ks_, "", governance::Role::registrar,
                                      governance_.today(), {}};
    ASSERT_TRUE(run(runtime, governance_.assign(assignment, UserNid(1))));
  }
  Result<DisclosureRequest> ask(RecordId record, std::string text) {
    return run(runtime, requests_.ask({ks_, record, record ? "KS 2026/00123-8" : "", std::move(text), "",
                                       RequestKind::disclosure}));
  }
  bool keeps(RecordId record, Instant at) {
    bool found = false;
    database->read_now([&](db::Reader& reader) { found = open_requests::concerns(reader, ks_, record, at); });
    return found;
  }

  static constexpr UserNid kRegistrar{7};
  AuthorityId ks_;
  governance::GovernanceService governance_{runtime, *database};
  SettingsByAuthority settings_;
  Requests requests_{runtime, *database, governance_, settings_};
};
INSTANTIATE_TEST_SUITE_P(Db, DisclosureRequests, db::both_databases(), db::database_name);

TEST_P(DisclosureRequests, GetNumbersOfTheirOwnWithoutGap) {
  auto const first = ask(RecordId(8), ""), second = ask({}, "alla mejl om vallen");
  ASSERT_TRUE(first && second);
  auto const year = first->number.substr(5, 4);
  EXPECT_EQ(first->number, "KS B " + year + "/1");
  EXPECT_EQ(second->number, "KS B " + year + "/2");
  EXPECT_GE(first->latest_day, first->due_day);
}

TEST_P(DisclosureRequests, NeedToSayWhatIsWanted) {
  auto const empty = ask({}, "  \n");
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().code, ErrorCode::missing_param);
}

TEST_P(DisclosureRequests, FreezeTheRecordTheyName) {
  ASSERT_TRUE(ask(RecordId(8), ""));
  EXPECT_TRUE(keeps(RecordId(8), runtime.now()));
  EXPECT_FALSE(keeps(RecordId(9), runtime.now()));
}

TEST_P(DisclosureRequests, FreezeEverythingWhenTheyNameNoRecord) {
  ASSERT_TRUE(ask({}, "allt om vallen"));
  EXPECT_TRUE(keeps(RecordId(9), runtime.now()));
}

TEST_P(DisclosureRequests, LetGoWhenReleasedButKeepForAnAppealWhenRefused) {
  auto const released = ask(RecordId(8), ""), refused = ask(RecordId(9), "");
  ASSERT_TRUE(run(runtime, requests_.answer(kRegistrar, released->id, Outcome::released, "")));
  ASSERT_TRUE(
      run(runtime, requests_.answer(kRegistrar, refused->id, Outcome::refused, "Diagnosen, OSL 21:1")));
  EXPECT_FALSE(keeps(RecordId(8), runtime.now()));
  EXPECT_TRUE(keeps(RecordId(9), runtime.now() + std::chrono::days(20)));
  EXPECT_FALSE(keeps(RecordId(9), runtime.now() + std::chrono::days(30)));
}

TEST_P(DisclosureRequests, AreNotRefusedWithoutAReason) {
  auto const request = ask(RecordId(8), "");
  auto const answer = run(runtime, requests_.answer(kRegistrar, request->id, Outcome::refused, " "));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::rule_refuses);
}

TEST_P(DisclosureRequests, AreNotRefusedByAMarkingAlone) {
  auto const request = ask(RecordId(8), "");
  for (auto const* marking : {"OSL 21:1", "21 kap. 1 § OSL", "OSL-21-1"}) {
    auto const answer = run(runtime, requests_.answer(kRegistrar, request->id, Outcome::refused, marking));
    ASSERT_FALSE(answer) << marking;
    EXPECT_EQ(answer.error().code, ErrorCode::rule_refuses);
  }
}

TEST_P(DisclosureRequests, AreAnsweredOnceByARegistrar) {
  auto const request = ask(RecordId(8), "");
  auto const stranger = run(runtime, requests_.answer(UserNid(99), request->id, Outcome::released, ""));
  ASSERT_FALSE(stranger);
  EXPECT_EQ(stranger.error().code, ErrorCode::not_found);
  EXPECT_TRUE(run(runtime, requests_.answer(kRegistrar, request->id, Outcome::released, "skickad")));
  auto const again = run(runtime, requests_.answer(kRegistrar, request->id, Outcome::withdrawn, ""));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::conflict);
  EXPECT_EQ(run(runtime, requests_.list({ks_})).value().at(0).note, "skickad");
}

json::object worked_case(std::string_view id) {
  auto const data = read_test_data("assessment-cases.json");
  for (auto const& c : data.at("cases").as_array()) {
    if (c.at("id").as_string() == id) return c.as_object();
  }
  throw std::runtime_error("no case " + std::string(id));
}

Instant instant(json::object const& c) {
  std::istringstream in{std::string(c.at("inputs").at("at").as_string())};
  date::sys_time<std::chrono::milliseconds> time;
  in >> date::parse("%FT%T%Ez", time);
  return Instant{time.time_since_epoch()};
}

/// DI01 and DI02: the same day as a rule; where secrecy must be looked at, two working days more.
TEST(AnswerDays, AgreeWithTheWorkedCases) {
  auto const open = worked_case("DI01"), looked_at = worked_case("DI02");
  EXPECT_EQ(governance::to_text(answer_days(instant(open), RequestKind::disclosure, {}).due),
            std::string_view(open.at("expected").at("due_date").as_string()));
  EXPECT_EQ(governance::to_text(answer_days(instant(looked_at), RequestKind::disclosure, {}).latest),
            std::string_view(looked_at.at("expected").at("due_date").as_string()));
}

TEST(AnswerDays, AreTheAuthoritysOwnNumbers) {
  Settings settings;
  settings.working_days_to_answer = 0;
  auto const days = answer_days(instant(worked_case("DI01")), RequestKind::disclosure, settings);
  EXPECT_EQ(days.due, days.latest);
}

/// DI04: an officer's refusal isn't the end of it: the person is told of the decision that can be appealed,
/// and until then nothing that was asked for goes.
TEST_P(DisclosureRequests, ThatAreRefusedAreNotOver) {
  auto const expected = worked_case("DI04").at("expected").as_object();
  auto const asked = ask(RecordId(9), "");
  ASSERT_TRUE(run(runtime, requests_.answer(kRegistrar, asked->id, Outcome::refused, "Diagnosen, OSL 21:1")));
  ASSERT_EQ(expected.at("refuse").as_array().at(0), "close_request");
  EXPECT_TRUE(keeps(RecordId(9), runtime.now()));
  auto const told = refusal_text();
  for (auto const* word : {"skriftligt beslut", "överklaga"}) EXPECT_THAT(told.sv, testing::HasSubstr(word));
  for (auto const* word : {"written decision", "appeal"}) EXPECT_THAT(told.en, testing::HasSubstr(word));
}

}  // namespace
}  // namespace torg::records
