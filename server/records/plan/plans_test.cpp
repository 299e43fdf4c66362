#include "records/plan/plans.hpp"

#include "records/lift/plan_defaults.hpp"
#include "records/testing/office.hpp"

#include <gmock/gmock.h>

namespace torg::records {
namespace {

constexpr std::string_view kClasses =
    "code,parent,level,title_sv,title_en\n"
    "1,,1,Leda,Lead\n"
    "1.4,1,2,Trygghet,Safety\n"
    "1.4.1,1.4,3,Analysera risker,Analyse risks\n";
constexpr std::string_view kHead =
    "process_code,record_type_sv,where,disposition,period,trigger,decision_ref,secrecy_provision,mandatory_"
    "fields\n";

class Plans : public Office {
 protected:
  void SetUp() override {
    Office::SetUp();
    today = world->governance.today();
  }
  static PlanTexts texts(std::string_view rows) {
    return {std::string(kClasses), std::string(kHead) + std::string(rows)};
  }
  Result<std::shared_ptr<PlanVersion const>> import(std::string_view rows) {
    return run(runtime, world->plans.import(karin, world->ks, texts(rows), today));
  }
  std::shared_ptr<PlanVersion const> adopted(std::string_view rows) {
    auto const version = import(rows);
    EXPECT_TRUE(version) << version.error().message;
    return run(runtime, world->plans.adopt(karin, world->ks, (*version)->id, today, "KS § 7")).value();
  }
  Result<Intent> lift(std::string key, std::string type) {
    auto request = world->request(key, {world->say(world->maja, "Vi bedömer att vallen håller " + key)},
                                  world->maja, world->ks);
    request.draft.record_type = std::move(type);
    return world->lift_now(std::move(request));
  }
  std::optional<PlanUse> use_of(RecordId id) {
    std::optional<PlanUse> use;
    database->read_now([&](db::Reader& reader) { use = plan_store::use_of(reader, id); });
    return use;
  }

  Day today;
};
INSTANTIATE_TEST_SUITE_P(Db, Plans, db::both_databases(), db::database_name);

TEST_P(Plans, HoldFromTheirDayOnWhenAnArchivistHasAdoptedThem) {
  auto const version = import("1.4.1,Yttrande,registered,preserve,,,,,\n").value();
  EXPECT_EQ(world->plans.in_force(world->ks, today), nullptr);
  EXPECT_EQ(
      run(runtime, world->plans.adopt(world->sandra, world->ks, version->id, today, "KS § 7")).error().code,
      ErrorCode::forbidden);
  EXPECT_EQ(run(runtime, world->plans.adopt(karin, world->ks, version->id, today, " ")).error().code,
            ErrorCode::missing_param);
  auto const yesterday = today - std::chrono::days(1);
  EXPECT_EQ(run(runtime, world->plans.adopt(karin, world->ks, version->id, yesterday, "KS § 7")).error().code,
            ErrorCode::rule_refuses);
  auto const tomorrow = today + std::chrono::days(1);
  ASSERT_TRUE(run(runtime, world->plans.adopt(karin, world->ks, version->id, tomorrow, "KS § 7")));
  EXPECT_EQ(world->plans.in_force(world->ks, today), nullptr);
  EXPECT_EQ(world->plans.in_force(world->ks, tomorrow)->id, version->id);
  EXPECT_EQ(world->plans.in_force(world->bn, tomorrow), nullptr);
  EXPECT_EQ(run(runtime, world->plans.adopt(karin, world->ks, version->id, tomorrow, "KS § 7")).error().code,
            ErrorCode::conflict);
}

TEST_P(Plans, AreNotKeptWhenTheyContradictThemselves) {
  EXPECT_EQ(import("1.4.1,Yttrande,registered,,,,,,\n").error().code, ErrorCode::rule_refuses);
  EXPECT_TRUE(world->plans.versions(world->ks).empty());
  EXPECT_EQ(run(runtime, world->plans.import(world->maja, world->ks, texts(""), today)).error().code,
            ErrorCode::forbidden);
}

TEST_P(Plans, AreThereAfterARestart) {
  auto const version = adopted("1.4.1,Yttrande,registered,preserve,,,,,\n");
  world->plans.load();
  auto const again = world->plans.in_force(world->ks, today);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->id, version->id);
  EXPECT_EQ(again->decision, "KS § 7");
  EXPECT_EQ(again->tables.rows.size(), 1u);
}

TEST_P(Plans, KeepForEachRecordTheVersionAndRowItWasRegisteredUnder) {
  auto const first = adopted("1.4.1,Yttrande,registered,preserve,,,,,\n");
  auto const early = lift("a", "Yttrande").value();
  auto const second = adopted(
      "1.4.1,Analys,registered,preserve,,,,,\n"
      "1.4.1,Yttrande,registered,dispose,2 years,case_closed,GB 1,,\n");
  auto const late = lift("b", "Yttrande").value();
  EXPECT_EQ(use_of(early.record)->version, first->id);
  EXPECT_EQ(use_of(early.record)->row, 2);
  EXPECT_EQ(use_of(late.record)->version, second->id);
  EXPECT_EQ(use_of(late.record)->row, 3);
  EXPECT_FALSE(use_of(lift("c", "Skrivelse")->record)) << "the plan doesn't name this type";
}

TEST_P(Plans, SayWhichRoomsAndOpenItemsAChangeConcerns) {
  adopted("1.4.1,Yttrande,registered,preserve,,,,,\n");
  share();
  say(world->ali, "Vi tillstyrker förslaget");
  auto const changed = texts("1.4.1,Yttrande,registered,dispose,2 years,case_closed,GB 1,,\n");
  auto const report = run(runtime, world->plans.check(world->ks, changed, today)).value();
  EXPECT_EQ(report.changes.changed.size(), 1u);
  ASSERT_EQ(report.rooms.size(), 1u);
  EXPECT_EQ(report.rooms[0].room, world->room);
  EXPECT_EQ(report.rooms[0].open_items, 1);
  EXPECT_EQ(world->plans.versions(world->ks).size(), 1u) << "a dry run keeps nothing";
}

TEST_P(Plans, FillTheTypeAndTheProvisionIntoADraftAndMarkNothing) {
  adopted("1.4.1,Yttrande från myndighet,registered,preserve,,,,OSL 18:13,\n");
  Prefilled prefilled;
  prefilled.draft.classification = "1.4.1";
  prefilled.draft.record_type = "Yttrande";
  fill_from_plan(world->plans, world->ks, prefilled);
  EXPECT_EQ(prefilled.draft.record_type, "Yttrande från myndighet");
  EXPECT_TRUE(prefilled.plan);
  ASSERT_EQ(prefilled.secrecy_hints.size(), 1u);
  EXPECT_EQ(prefilled.secrecy_hints[0].first, "18 kap. 13 § OSL");
  EXPECT_FALSE(prefilled.draft.secrecy);
}

TEST_P(Plans, NameTheFieldThatADraftLacks) {
  adopted("1.4.1,Yttrande,registered,preserve,,,,,sender recipient\n");
  Draft draft;
  draft.classification = "1.4.1";
  draft.record_type = "Yttrande";
  draft.sender = "Granviks kommun";
  auto const missing = missing_field(world->plans, world->ks, draft);
  ASSERT_TRUE(missing);
  EXPECT_EQ(missing->field, "recipient");
  EXPECT_THAT(missing->why.sv, testing::HasSubstr("mottagare"));
  draft.recipient = "Kommunstyrelsen";
  EXPECT_FALSE(missing_field(world->plans, world->ks, draft));
}

}  // namespace
}  // namespace torg::records
