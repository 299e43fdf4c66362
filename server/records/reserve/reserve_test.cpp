#include "records/reserve/reserve.hpp"

#include "records/reserve/reservations.hpp"
#include "records/testing/world.hpp"
#include "records/verify/directory.hpp"

#include <gmock/gmock.h>

namespace torg::records {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ReservedNumbers : public db::OnBothDatabases {
 protected:
  void SetUp() override {
    migrate_world(*database);
    world = std::make_unique<World>(runtime, *database, folder);
    world->found();
    People const people{
        .find = [this](std::string_view id) { return world->identity.find(id); },
        .user_id = [this](UserNid user) { return world->identity.user_id(user); },
        .name = [this](UserNid user) { return world->identity.account(user)->profile.displayname; }};
    reservations =
        std::make_unique<Reservations>(runtime, *database, world->governance, world->records, people);
  }
  void TearDown() override { world->stop(); }

  Reservation reserve(std::string key, int count) {
    auto done = run(runtime, reservations->reserve({.by = world->sandra,
                                                    .key = std::move(key),
                                                    .authority = world->ks,
                                                    .count = count,
                                                    .record_type = {},
                                                    .reason = "Strömavbrott"}));
    EXPECT_TRUE(done) << done.error().message;
    return done.value_or(Reservation{});
  }
  Result<> make_void(std::vector<std::string> numbers, std::string reason = "Ingen använde det") {
    return run(runtime,
               reservations->declare_void(world->sandra, world->ks, std::move(numbers), std::move(reason)));
  }
  /// As a paper that got its number by hand, a week ago.
  Result<Registered> enter(std::string number, std::uint64_t n = 1) {
    Draft draft;
    draft.title = draft.internal_title = "Skrivelse över disk";
    draft.sender = "Granviks kommun";
    draft.came_or_made_day = governance::day_of(runtime.now()) - std::chrono::days{7};
    auto record = world->lifts.new_record(world->sandra, world->ks, draft);
    record.reserved = std::move(number);
    record.manifest = "{}";
    record.items = {EventNid(static_cast<std::int64_t>(1'000'000 + n))};
    return run(runtime, database->write([record](db::Transaction& t) { return register_record(t, record); }));
  }
  std::string next() { return run(runtime, world->records.next_number(world->ks, {}, "")).value(); }
  VerifyReport verified() {
    DirectoryRequest request;
    request.log = "alvhamn.example";
    request.blobs = folder.path() / "blobs";
    request.kept.push_back({"huvud.json", run(runtime, world->log.head()).value()});
    request.key = world->log.public_key();
    VerifyReport report;
    database->read_now([&](db::Reader& reader) { report = verify_directory(reader, request); });
    return report;
  }
  void tamper(db::Statement const& statement) {
    database->write_now([&](db::Transaction& t) { ASSERT_GT(t.execute(statement, {}), 0); });
  }
  static auto says(FindingKind kind, std::string const& text) {
    return Contains(AllOf(Field(&Finding::kind, kind), Field(&Finding::text, HasSubstr(text))));
  }

  db::TemporaryFolder folder;
  std::unique_ptr<World> world;
  std::unique_ptr<Reservations> reservations;
};
INSTANTIATE_TEST_SUITE_P(Db, ReservedNumbers, db::both_databases(), db::database_name);

TEST_P(ReservedNumbers, AreTheNextOnesAndNobodyElseGetsThem) {
  auto const first = next();
  auto const kept = reserve("k1", 3);
  ASSERT_THAT(kept.numbers, SizeIs(3));
  EXPECT_EQ(kept.numbers[0].number, first);
  auto const lifted = world->lift_now(
      world->request("lift", {world->say(world->ali, "Vi tillstyrker.")}, world->maja, world->ks));
  ASSERT_TRUE(lifted);
  for (auto const& one : kept.numbers) EXPECT_NE(one.number, lifted->number);
  EXPECT_TRUE(lifted->number.ends_with("00004-1")) << lifted->number;
}

TEST_P(ReservedNumbers, AreTheSameUnderTheSameKey) {
  auto const once = reserve("k1", 3);
  auto const again = reserve("k1", 3);
  EXPECT_EQ(again.id, once.id);
  EXPECT_EQ(again.numbers[0].number, once.numbers[0].number);
}

TEST_P(ReservedNumbers, AreARegistrarsToKeep) {
  auto const by = [&](UserNid user, int count) {
    return run(runtime, reservations->reserve({.by = user,
                                               .key = "k",
                                               .authority = world->ks,
                                               .count = count,
                                               .record_type = {},
                                               .reason = {}}));
  };
  EXPECT_EQ(by(world->maja, 1).error().code, ErrorCode::forbidden);
  EXPECT_EQ(by(world->ali, 1).error().code, ErrorCode::forbidden);
  EXPECT_EQ(by(world->sandra, 0).error().code, ErrorCode::invalid_param);
  EXPECT_EQ(by(world->sandra, 101).error().code, ErrorCode::invalid_param);
  auto const kept = reserve("k1", 1);
  EXPECT_TRUE(run(runtime, reservations->find(world->maja, kept.id)));
  EXPECT_EQ(run(runtime, reservations->find(world->ali, kept.id)).error().code, ErrorCode::not_found);
}

TEST_P(ReservedNumbers, BecomeRecordsWithTheirTrueDay) {
  auto const kept = reserve("k1", 2);
  auto const entered = enter(kept.numbers[1].number);
  ASSERT_TRUE(entered) << entered.error().message;
  EXPECT_EQ(entered->number, kept.numbers[1].number);
  auto const view = run(runtime, world->records.record(entered->id)).value();
  EXPECT_EQ(view.came_or_made_day, governance::day_of(runtime.now()) - std::chrono::days{7});
  EXPECT_EQ(view.case_number, kept.numbers[1].case_number);
  auto const now = run(runtime, reservations->find(world->sandra, kept.id)).value();
  EXPECT_EQ(now.numbers[0].state, ReservedState::open);
  EXPECT_EQ(now.numbers[1].state, ReservedState::used);
  EXPECT_EQ(now.numbers[1].record, entered->id);
}

TEST_P(ReservedNumbers, AreUsedOnceOnly) {
  auto const kept = reserve("k1", 1);
  ASSERT_TRUE(enter(kept.numbers[0].number));
  EXPECT_EQ(enter(kept.numbers[0].number, 2).error().code, ErrorCode::conflict);
  EXPECT_EQ(make_void({kept.numbers[0].number}).error().code, ErrorCode::conflict);
  EXPECT_EQ(enter("KS 1999/00001-1", 3).error().code, ErrorCode::not_found);
}

TEST_P(ReservedNumbers, AreDeclaredVoidTogetherOrNotAtAll) {
  auto const kept = reserve("k1", 3);
  ASSERT_TRUE(enter(kept.numbers[2].number));
  EXPECT_FALSE(make_void({kept.numbers[0].number, kept.numbers[2].number}));
  EXPECT_FALSE(make_void({kept.numbers[0].number, kept.numbers[0].number}));
  EXPECT_EQ(make_void({kept.numbers[0].number}, " ").error().code, ErrorCode::missing_param);
  auto const still = run(runtime, reservations->find(world->sandra, kept.id)).value();
  EXPECT_EQ(still.numbers[0].state, ReservedState::open);
  ASSERT_TRUE(make_void({kept.numbers[0].number, kept.numbers[1].number}));
  auto const now = run(runtime, reservations->find(world->sandra, kept.id)).value();
  EXPECT_EQ(now.numbers[0].state, ReservedState::voided);
  EXPECT_EQ(now.numbers[0].reason, "Ingen använde det");
  EXPECT_EQ(enter(kept.numbers[0].number, 2).error().code, ErrorCode::conflict);
}

TEST_P(ReservedNumbers, AreListedByWhatBecameOfThem) {
  auto const kept = reserve("k1", 3);
  ASSERT_TRUE(enter(kept.numbers[0].number));
  ASSERT_TRUE(make_void({kept.numbers[1].number}));
  reserve("k2", 1);
  auto const open =
      run(runtime, reservations->list(world->maja, world->ks, ReservedState::open, INT64_MAX)).value();
  ASSERT_THAT(open, SizeIs(2));
  EXPECT_THAT(open[0].numbers, SizeIs(1));
  EXPECT_EQ(open[1].numbers.at(0).number, kept.numbers[2].number);
  EXPECT_FALSE(run(runtime, reservations->list(world->ali, world->ks, std::nullopt, INT64_MAX)));
}

TEST_P(ReservedNumbers, ExplainTheGapsToAVerification) {
  auto const kept = reserve("k1", 3);
  ASSERT_TRUE(enter(kept.numbers[0].number));
  ASSERT_TRUE(make_void({kept.numbers[1].number}));
  auto const report = verified();
  EXPECT_THAT(report.findings, IsEmpty()) << human_text(report);
  EXPECT_EQ(report.directory->reserved, 1);
  EXPECT_EQ(report.directory->voided, 1);
}

TEST_P(ReservedNumbers, AreHeldAgainstTheLog) {
  auto const kept = reserve("k1", 3);
  ASSERT_TRUE(make_void({kept.numbers[1].number}));
  constexpr static db::Statement kReopen{
      "UPDATE register_reserved SET state = 0, void_log_index = NULL WHERE state = 2"};
  tamper(kReopen);
  EXPECT_THAT(verified().findings, says(FindingKind::missing, "declares void"));
}

TEST_P(ReservedNumbers, AreMissedWhereARowIsGone) {
  auto const kept = reserve("k1", 3);
  constexpr static db::Statement kDrop{"DELETE FROM register_reserved WHERE n = 2"};
  tamper(kDrop);
  EXPECT_THAT(verified().findings, says(FindingKind::missing, "number " + kept.numbers[1].number));
}

TEST_P(ReservedNumbers, AreNotUsedBehindTheRegistersBack) {
  auto const kept = reserve("k1", 2);
  ASSERT_TRUE(enter(kept.numbers[0].number));
  constexpr static db::Statement kForget{
      "UPDATE register_reserved SET state = 0, record = 0 WHERE state = 1"};
  tamper(kForget);
  EXPECT_THAT(verified().findings, says(FindingKind::changed, "a record bears it"));
}

TEST_P(ReservedNumbers, StandInTheExportedRegister) {
  auto const kept = reserve("k1", 2);
  ASSERT_TRUE(enter(kept.numbers[0].number));
  ASSERT_TRUE(make_void({kept.numbers[1].number}));
  std::string lines;
  ASSERT_TRUE(run(runtime, world->records.export_register([&](std::string_view line) {
    lines += line;
    lines += '\n';
  })));
  EXPECT_THAT(lines, HasSubstr(kept.numbers[1].number));
  EXPECT_THAT(lines, ::testing::Not(HasSubstr("Ingen använde det")));
  VerifyRequest request;
  request.register_lines = lines;
  auto const report = verify(request);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_THAT(report->findings, IsEmpty()) << human_text(*report);
}

}  // namespace
}  // namespace torg::records
