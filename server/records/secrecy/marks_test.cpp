#include "records/secrecy/marks.hpp"

#include "records/secrecy/http.hpp"
#include "records/testing/world.hpp"

#include <gmock/gmock.h>

namespace torg::records {
namespace {

/// The world's two boards, and a record that its registrar registered herself, so that the web shows it.
class Markings : public db::OnBothDatabases {
 protected:
  void SetUp() override {
    migrate_world(*database);
    world = std::make_unique<World>(runtime, *database, folder);
    world->found();
    marks = std::make_unique<SecrecyMarks>(
        runtime, *database, world->governance, world->records,
        People{.find = [](std::string_view) { return UserNid(); },
               .user_id = [this](UserNid user) { return world->identity.user_id(user); },
               .name = [](UserNid) { return std::string(); }});
    record = registered("a", std::nullopt);
    of_case = *view(record).case_id;
  }
  void TearDown() override { world->stop(); }

  RecordId registered(std::string key, std::optional<CaseId> into,
                      std::optional<Secrecy> own = std::nullopt) {
    auto wanted =
        world->request(key, {world->say(world->ali, "Vi tillstyrker " + key)}, world->sandra, world->ks);
    if (into) wanted.draft.of_case = *into;
    wanted.draft.secrecy = std::move(own);
    auto const done = world->lift_now(std::move(wanted));
    EXPECT_TRUE(done) << done.error().message;
    return done ? done->record : RecordId();
  }
  RecordView view(RecordId id) { return run(runtime, world->records.record(id)).value(); }
  Secrecy health() {
    return {"21 kap. 1 § OSL", governance::day_of(runtime.now()), "rör hälsa", "OSL-21-1", ""};
  }
  Result<Mark> mark(UserNid by, ShownTitles titles = ShownTitles::check_again) {
    return run(runtime, marks->mark_case(by, of_case, health(), titles));
  }

  db::TemporaryFolder folder;
  std::unique_ptr<World> world;
  std::unique_ptr<SecrecyMarks> marks;
  RecordId record;
  CaseId of_case;
};
INSTANTIATE_TEST_SUITE_P(Db, Markings, db::both_databases(), db::database_name);

TEST_P(Markings, OfACaseHoldForItsRecordsAndTheirFiles) {
  EXPECT_TRUE(secrecy_of(view(record)).empty());
  ASSERT_TRUE(mark(world->maja));
  auto const seen = view(record);
  EXPECT_FALSE(seen.secrecy);
  ASSERT_TRUE(seen.case_secrecy);
  EXPECT_EQ(seen.case_secrecy->authority, "KS");
  EXPECT_TRUE(public_view(seen).secrecy_marked);
  auto const of_file = secrecy_of(seen, seen.files.front());
  ASSERT_EQ(of_file.size(), 1u);
  EXPECT_EQ(of_file[0].at("from"), "case");
  EXPECT_EQ(of_file[0].at("listed"), true);
  auto const later = view(registered("b", of_case));
  EXPECT_TRUE(later.case_secrecy);
}

TEST_P(Markings, OfARecordStayWhenTheCasesEnds) {
  auto const own =
      registered("b", of_case, Secrecy{"OSL 18:1", governance::day_of(runtime.now()), "", "", ""});
  ASSERT_TRUE(mark(world->maja));
  ASSERT_EQ(secrecy_of(view(own)).size(), 2u);
  ASSERT_TRUE(run(runtime, marks->end_case(world->sandra, of_case, "fel ärende")));
  auto const seen = view(own);
  EXPECT_FALSE(seen.case_secrecy);
  ASSERT_TRUE(seen.secrecy);
  EXPECT_EQ(seen.secrecy->authority, "KS");
  EXPECT_TRUE(secrecy_of(view(record)).empty());
  auto const history = run(runtime, marks->of_case(world->maja, of_case)).value();
  ASSERT_EQ(history.size(), 1u);
  EXPECT_TRUE(history[0].ended_at);
  EXPECT_EQ(history[0].reason, "fel ärende");
}

TEST_P(Markings, TakeShownTitlesOffTheWebUntilTheyAreCheckedAgain) {
  ASSERT_EQ(view(record).publication, Publication::full);
  ASSERT_TRUE(mark(world->maja));
  EXPECT_EQ(view(record).publication, Publication::waiting);
  EXPECT_FALSE(view(record).case_public_title);
  ASSERT_TRUE(run(runtime, world->records.publish(world->sandra, record, Publication::full, std::nullopt)));
  EXPECT_TRUE(public_view(view(record)).title);
  EXPECT_FALSE(view(record).case_public_title)
      << "a record that is shown does not show its marked case's title";
}

TEST_P(Markings, LeaveTitlesWhereWhoMarksHasLookedAtThem) {
  ASSERT_TRUE(mark(world->sandra, ShownTitles::keep));
  EXPECT_EQ(view(record).publication, Publication::full);
}

TEST_P(Markings, LetNothingOfAMarkedCaseOnlineByItself) {
  ASSERT_TRUE(mark(world->maja));
  EXPECT_EQ(view(registered("b", of_case)).publication, Publication::waiting);
}

TEST_P(Markings, OfAFileHoldForThatFileAlone) {
  auto const n = view(record).files.front().n;
  ASSERT_TRUE(run(runtime, marks->mark_file(world->maja, record, n, health())));
  auto const seen = view(record);
  EXPECT_TRUE(secrecy_of(seen).empty());
  auto const of_file = secrecy_of(seen, seen.files.front());
  ASSERT_EQ(of_file.size(), 1u);
  EXPECT_EQ(of_file[0].at("from"), "file");
  EXPECT_FALSE(public_view(seen).secrecy_marked);
  EXPECT_FALSE(run(runtime, marks->mark_file(world->maja, record, 99, health())));
}

TEST_P(Markings, AreMadeByOfficersAndRegistrarsOfTheAuthorityAlone) {
  EXPECT_EQ(mark(world->ali).error().code, ErrorCode::not_found);
  EXPECT_TRUE(mark(world->sandra));
  EXPECT_EQ(run(runtime, marks->end_case(world->ali, of_case, "nej")).error().code, ErrorCode::not_found);
  EXPECT_EQ(run(runtime, marks->end_case(world->sandra, of_case, " ")).error().code,
            ErrorCode::missing_param);
}

TEST_P(Markings, AreReplacedByANewOneAndBothAreKept) {
  ASSERT_TRUE(mark(world->maja));
  ASSERT_TRUE(mark(world->sandra));
  auto const history = run(runtime, marks->of_case(world->maja, of_case)).value();
  ASSERT_EQ(history.size(), 2u);
  EXPECT_FALSE(history[0].ended_at);
  EXPECT_TRUE(history[1].ended_at);
}

}  // namespace
}  // namespace torg::records
