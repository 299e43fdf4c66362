#include "records/lift/lifts.hpp"

#include "records/register/store.hpp"
#include "records/testing/world.hpp"

#include <algorithm>
#include <set>

#include <boost/asio/co_spawn.hpp>
#include <gmock/gmock.h>

namespace torg::records {
namespace {

using ::testing::HasSubstr;

class Lift : public db::OnBothDatabases {
 protected:
  void SetUp() override {
    migrate_world(*database);
    world = std::make_unique<World>(runtime, *database, folder);
    world->found();
  }
  void TearDown() override {
    if (world) world->stop();
  }
  void restart() {
    world->stop();
    auto const room = world->room;
    world.reset();
    database.reopen();
    world = std::make_unique<World>(runtime, *database, folder);
    world->room = room;
    world->start();
  }
  RecordView record(RecordId id) { return run(runtime, world->records.record(id)).value(); }
  std::string manifest(RecordId id) { return run(runtime, world->records.manifest(id)).value(); }
  Result<LiftOutcome> lift_later(LiftRequest request) {
    return run(runtime, world->lifts.lift(std::move(request), CommitWhen::after, {}));
  }

  /// An officer of KS who comes into the room now.
  UserNid newcomer() {
    identity::NewAccount account{.localpart = "nora", .password = "", .displayname = "Nora Ny"};
    auto const nora = run(runtime, world->identity.create_user(std::move(account))).value();
    auto const since = std::chrono::sys_days(std::chrono::year(2020) / 1 / 1);
    auto const role = governance::Role::officer;
    run(runtime, world->governance.assign({nora, world->ks, "Enheten", role, since, std::nullopt}, UserNid()))
        .value();
    for (auto const& [by, membership] :
         {std::pair(world->service, matrix::Membership::invite), std::pair(nora, matrix::Membership::join)}) {
      run(runtime, world->rooms.set_membership(world->room, by, nora, membership, "")).value();
    }
    return nora;
  }

  db::TemporaryFolder folder;
  std::unique_ptr<World> world;
};
INSTANTIATE_TEST_SUITE_P(Db, Lift, db::both_databases(), db::database_name);

TEST_P(Lift, GivesTheFirstNumberOfTheYear) {
  auto const item = world->say(world->ali, "Vi tillstyrker vallen.");
  auto const intent = world->lift_now(world->request("k1", {item}, world->maja, world->ks));
  ASSERT_TRUE(intent) << intent.error().message;
  EXPECT_EQ(intent->state, IntentState::committed);
  auto const year = std::chrono::year_month_day(governance::day_of(runtime.now())).year();
  EXPECT_EQ(intent->number, "KS " + std::to_string(static_cast<int>(year)) + "/00001-1");
}

TEST_P(Lift, IsOneRecordHoweverOftenItIsAskedFor) {
  auto const item = world->say(world->ali, "Vi tillstyrker vallen.");
  auto const request = world->request("k1", {item}, world->maja, world->ks);
  auto const first = world->lift_now(request).value();
  auto const again = world->lift_now(request).value();
  EXPECT_EQ(again.record, first.record);
  EXPECT_EQ(again.number, first.number);
  EXPECT_EQ(run(runtime, world->records.records_of(*record(first.record).case_id))->size(), 1u);
}

TEST_P(Lift, KeepsTheEditsOfALiftedMessage) {
  auto const item = world->say(world->ali, "Första lydelsen");
  world->send(world->ali, "m.room.message",
              {{"msgtype", "m.text"},
               {"body", "* Andra lydelsen"},
               {"m.new_content", json::object{{"msgtype", "m.text"}, {"body", "Andra lydelsen"}}},
               {"m.relates_to", json::object{{"rel_type", "m.replace"}, {"event_id", item}}}});
  world->send(
      world->maja, "m.reaction",
      {{"m.relates_to", json::object{{"rel_type", "m.annotation"}, {"event_id", item}, {"key", "👍"}}}});
  auto const intent = world->lift_now(world->request("k1", {item}, world->maja, world->ks)).value();
  auto const kept = manifest(intent.record);
  EXPECT_THAT(kept, HasSubstr("Första lydelsen"));
  EXPECT_THAT(kept, HasSubstr("Andra lydelsen"));
  EXPECT_THAT(kept, HasSubstr("👍"));
}

TEST_P(Lift, IsNotChangedByALaterRedaction) {
  auto const item = world->say(world->ali, "Vi tillstyrker vallen.");
  auto const intent = world->lift_now(world->request("k1", {item}, world->maja, world->ks)).value();
  auto const before = manifest(intent.record);
  auto const event = run(runtime, world->rooms.event(EventId(item))).value();
  ASSERT_TRUE(run(runtime, world->rooms.redact(world->room, world->ali, event.nid, "", 0, "")));
  EXPECT_EQ(manifest(intent.record), before);
  EXPECT_THAT(before, HasSubstr("Vi tillstyrker vallen."));
}

TEST_P(Lift, StillFindsWhatItsAuthorTookAwayBefore) {
  auto const item = world->say(world->ali, "Vi tillstyrker vallen.");
  auto const event = run(runtime, world->rooms.event(EventId(item))).value();
  ASSERT_TRUE(run(runtime, world->rooms.redact(world->room, world->ali, event.nid, "", 0, "")));
  auto const intent = world->lift_now(world->request("k1", {item}, world->maja, world->ks)).value();
  EXPECT_THAT(manifest(intent.record), HasSubstr("Vi tillstyrker vallen."));
  EXPECT_THAT(manifest(intent.record), HasSubstr("\"redacted\":true"));
}

TEST_P(Lift, IsOfWhatTheRoomsHistoryShowsTheLifterOnly) {
  matrix::SendEvent from_now_on;
  from_now_on.room = world->room;
  from_now_on.sender = world->service;
  from_now_on.type = "m.room.history_visibility";
  from_now_on.state_key = "";
  from_now_on.content = {{"history_visibility", "joined"}};
  ASSERT_TRUE(run(runtime, world->rooms.send(std::move(from_now_on))));
  auto const before = world->say(world->ali, "Sagt innan Nora kom in.");
  auto const nora = newcomer();
  auto const after = world->say(world->ali, "Sagt när Nora var där.");
  auto const seen = run(runtime, world->lifts.preview(nora, world->room, std::vector{after}, world->ks));
  EXPECT_TRUE(seen) << seen.error().message;
  auto const hidden = run(runtime, world->lifts.preview(nora, world->room, std::vector{before}, world->ks));
  ASSERT_FALSE(hidden);
  EXPECT_EQ(hidden.error().code, ErrorCode::not_found);
  auto const lifted = world->lift_now(world->request("k1", {before}, nora, world->ks));
  ASSERT_FALSE(lifted);
  EXPECT_EQ(lifted.error().code, ErrorCode::not_found);
  EXPECT_TRUE(world->lift_now(world->request("k2", {before}, world->maja, world->ks)));
}

TEST_P(Lift, CopiesAttachmentsByTheirHash) {
  auto const mxc =
      run(runtime, world->media.upload_bytes(world->ali, "%PDF-1.7 vall", "application/pdf", "vall.pdf"))
          .value();
  auto const item =
      world->send(world->ali, "m.room.message", {{"msgtype", "m.file"}, {"body", "vall.pdf"}, {"url", mxc}});
  auto const intent = world->lift_now(world->request("k1", {item}, world->maja, world->ks)).value();
  auto const files = record(intent.record).files;
  ASSERT_EQ(files.size(), 2u);
  EXPECT_TRUE(files[0].in_manifest);
  EXPECT_EQ(files[1].name, "vall.pdf");
  EXPECT_EQ(files[1].blob.value, run(runtime, world->media.find_mxc(mxc))->blob.value);
}

TEST_P(Lift, MakesTwoRecordsOfOneItemForTwoBoards) {
  auto const item = world->say(world->ali, "Vi tillstyrker vallen.");
  auto const ks = world->lift_now(world->request("k1", {item}, world->maja, world->ks)).value();
  auto const bn = world->lift_now(world->request("k1", {item}, world->ali, world->bn)).value();
  EXPECT_NE(ks.record, bn.record);
  EXPECT_TRUE(bn.number.starts_with("BN "));
}

TEST_P(Lift, RefusesASecondRecordOfOneItemForTheSameBoard) {
  auto const item = world->say(world->ali, "Vi tillstyrker vallen.");
  ASSERT_TRUE(world->lift_now(world->request("k1", {item}, world->maja, world->ks)));
  auto const second = world->lift_now(world->request("k2", {item}, world->sandra, world->ks));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::conflict);
}

TEST_P(Lift, IsForThoseWithARoleInTheAuthority) {
  auto const item = world->say(world->ali, "Vi tillstyrker vallen.");
  auto const foreign = world->lift_now(world->request("k1", {item}, world->ali, world->ks));
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error().code, ErrorCode::forbidden);
}

TEST_P(Lift, AsksOnceMoreAboutSecrecyNewCasesAndPersonalNumbers) {
  auto const item = world->say(world->ali, "Vi tillstyrker vallen.");
  auto request = world->request("k1", {item}, world->maja, world->ks);
  request.draft.of_case = std::string("Ny vall");
  request.draft.title = "Om 19121212-1212";
  request.draft.secrecy = Secrecy{"18 kap. 1 § OSL", governance::day_of(runtime.now()), ""};
  auto const outcome = lift_later(request).value();
  EXPECT_THAT(std::get<NeedsConfirmation>(outcome).what,
              ::testing::ElementsAre("secrecy", "personal_number", "new_case"));
}

TEST_P(Lift, WaitsTenSecondsAndCommitsOnEnter) {
  auto const item = world->say(world->ali, "Vi tillstyrker vallen.");
  auto const intent =
      std::get<Intent>(lift_later(world->request("k1", {item}, world->maja, world->ks)).value());
  EXPECT_EQ(intent.state, IntentState::pending);
  EXPECT_TRUE(intent.number.empty());
  EXPECT_EQ(world->lifts.waiting(), 1u);
  auto const done = run(runtime, world->lifts.commit_now(intent.key)).value();
  EXPECT_EQ(done.state, IntentState::committed);
  EXPECT_FALSE(done.number.empty());
  EXPECT_EQ(world->lifts.waiting(), 0u);
}

TEST_P(Lift, CanBeCancelledBeforeButNotAfter) {
  auto const item = world->say(world->ali, "Vi tillstyrker vallen.");
  auto const intent =
      std::get<Intent>(lift_later(world->request("k1", {item}, world->maja, world->ks)).value());
  EXPECT_EQ(run(runtime, world->lifts.cancel(intent.key))->state, IntentState::cancelled);
  EXPECT_FALSE(run(runtime, world->lifts.commit_now(intent.key)));
  auto const done = world->lift_now(world->request("k2", {item}, world->maja, world->ks)).value();
  auto const late = run(runtime, world->lifts.cancel(done.key));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::conflict);
}

TEST_P(Lift, SurvivesARestartWhilePending) {
  auto const item = world->say(world->ali, "Vi tillstyrker vallen.");
  auto const intent =
      std::get<Intent>(lift_later(world->request("k1", {item}, world->maja, world->ks)).value());
  restart();
  auto const done = run(runtime, world->lifts.commit_now(intent.key));
  ASSERT_TRUE(done) << done.error().message;
  // The start takes up pending lifts in the background; whether it was there already or not, it is pending or
  // done.
  EXPECT_NE(done->state, IntentState::cancelled);
}

TEST_P(Lift, LeavesNoGapAndNoDoubleAmongSixtyFour) {
  auto const first =
      world->lift_now(world->request("case", {world->say(world->ali, "Ärendet")}, world->maja, world->ks))
          .value();
  auto const of_case = record(first.record).case_id.value();
  constexpr std::size_t kLifters = 64;
  std::vector<LiftRequest> requests;
  for (std::size_t n = 0; n < kLifters; ++n) {
    auto const item = world->say(world->ali, "Inlägg " + std::to_string(n));
    requests.push_back(world->request("k" + std::to_string(n), {item}, world->maja, world->ks));
    requests.back().draft.of_case = of_case;
  }
  std::multiset<std::string> numbers;
  std::size_t left = kLifters;
  for (auto& request : requests) {
    asio::co_spawn(runtime.executor(), world->lifts.lift(std::move(request), CommitWhen::now, {}),
                   [&](std::exception_ptr, Result<LiftOutcome> outcome) {
                     if (outcome) numbers.insert(std::get<Intent>(*outcome).number);
                     if (--left == 0) runtime.stop();
                   });
  }
  runtime.run();
  EXPECT_EQ(std::set<std::string>(numbers.begin(), numbers.end()).size(), kLifters);
  auto const all = run(runtime, world->records.records_of(of_case)).value();
  ASSERT_EQ(all.size(), kLifters + 1);
  for (std::size_t n = 0; n < all.size(); ++n) EXPECT_EQ(all[n].document, static_cast<std::int64_t>(n + 1));
}

TEST_P(Lift, TellsTheRoom) {
  auto const item = world->say(world->ali, "Vi tillstyrker vallen.");
  auto const intent = world->lift_now(world->request("k1", {item}, world->maja, world->ks)).value();
  world->stop();  // waits for the notice
  auto const event = run(runtime, world->rooms.event(EventId(item))).value();
  auto const after =
      run(runtime, world->rooms.timeline(world->room, event.position, database->last_position(), 10)).value();
  ASSERT_EQ(after.size(), 1u);
  EXPECT_EQ(after[0].type, "org.torg.record");
  EXPECT_THAT(after[0].content, HasSubstr(intent.number));
  world.reset();
}

TEST_P(Lift, FillsInTheDraft) {
  ASSERT_TRUE(run(runtime, world->records.open_case(world->sandra, world->ks,
                                                    "Provisorisk vall vid Strandängen", "1.4.1")));
  auto const item = world->say(
      world->ali, "Här är vårt yttrande om den provisoriska vallen vid Strandängen. Vi tillstyrker.");
  auto const preview =
      run(runtime, world->lifts.preview(world->maja, world->room, std::vector{item}, world->ks));
  ASSERT_TRUE(preview) << preview.error().message;
  EXPECT_EQ(preview->prefilled.draft.record_type, "Yttrande");
  EXPECT_EQ(preview->prefilled.draft.direction, Direction::in);
  EXPECT_EQ(preview->prefilled.draft.sender, "Byggnadsnämnden");
  EXPECT_EQ(preview->prefilled.draft.title,
            "Här är vårt yttrande om den provisoriska vallen vid Strandängen");
  ASSERT_EQ(preview->prefilled.cases.size(), 1u);
  EXPECT_TRUE(preview->next_number.ends_with("/00001-1"));
}

TEST_P(Lift, OfTenThousandItemsIsRefusedBeforeAnythingIsLookedUp) {
  std::vector<std::string> many;
  for (int n = 0; n < 10'000; ++n) many.push_back("$" + std::to_string(n));
  auto const outcome = lift_later(world->request("k1", many, world->maja, world->ks));
  ASSERT_FALSE(outcome);
  EXPECT_THAT(outcome.error().message, HasSubstr("Lift between 1 and 200 items at once."));
  auto const preview = run(runtime, world->lifts.preview(world->maja, world->room, many, world->ks));
  ASSERT_FALSE(preview);
  EXPECT_THAT(preview.error().message, HasSubstr("Lift between 1 and 200 items at once."));
  EXPECT_EQ(world->lifts.waiting(), 0u);
}

TEST_P(Lift, TwoPeopleAtOnceMakeOneRecordAndBothAreTold) {
  auto const item = world->say(world->ali, "Vi tillstyrker vallen.");
  std::vector<Result<LiftOutcome>> outcomes;
  for (auto const& [key, who] : {std::pair("k1", world->maja), std::pair("k2", world->sandra)}) {
    auto request = world->request(key, {item}, who, world->ks);
    asio::co_spawn(runtime.executor(), world->lifts.lift(std::move(request), CommitWhen::now, {}),
                   [&](std::exception_ptr, Result<LiftOutcome> outcome) {
                     outcomes.push_back(std::move(outcome));
                     if (outcomes.size() == 2) runtime.stop();
                   });
  }
  runtime.run();
  auto const first = std::ranges::find_if(outcomes, [](auto const& outcome) { return outcome.has_value(); });
  ASSERT_NE(first, outcomes.end());
  auto const number = std::get<Intent>(**first).number;
  auto const second =
      std::ranges::find_if(outcomes, [](auto const& outcome) { return !outcome.has_value(); });
  ASSERT_NE(second, outcomes.end());
  EXPECT_EQ(second->error().code, ErrorCode::conflict);
  EXPECT_THAT(second->error().message, HasSubstr(number));
}

TEST_P(Lift, OfAWholeThreadFindsItsRootAndWhatWasSaidInIt) {
  auto const root = world->say(world->ali, "Hur högt blir vattnet?");
  world->say(world->maja, "Utanför tråden");
  auto const in_thread = [&](UserNid who, std::string text) {
    return world->send(who, "m.room.message",
                       {{"msgtype", "m.text"},
                        {"body", std::move(text)},
                        {"m.relates_to", {{"rel_type", "m.thread"}, {"event_id", root}}}});
  };
  auto const answer = in_thread(world->maja, "Tre meter");
  world->send(
      world->maja, "m.reaction",
      {{"m.relates_to", json::object{{"rel_type", "m.annotation"}, {"event_id", root}, {"key", "👍"}}}});
  auto const preview =
      run(runtime, world->lifts.preview(world->maja, world->room, WholeThread{root}, world->ks));
  ASSERT_TRUE(preview) << preview.error().message;
  ASSERT_EQ(preview->items.size(), 2u);
  EXPECT_EQ(preview->items[0].event_id, root);
  EXPECT_EQ(preview->items[1].event_id, answer);
}

TEST_P(Lift, OfASpanOfTimeFindsWhatWasSaidInIt) {
  auto const first = world->say(world->ali, "Ett");
  auto const second = world->say(world->maja, "Två");
  auto const event = [&](std::string const& id) {
    return run(runtime, world->rooms.event(EventId(id))).value();
  };
  SpanOfTime const span{instant_from_ms(event(first).origin_server_ts),
                        instant_from_ms(event(second).origin_server_ts)};
  auto const preview = run(runtime, world->lifts.preview(world->maja, world->room, span, world->ks));
  ASSERT_TRUE(preview) << preview.error().message;
  ASSERT_EQ(preview->items.size(), 2u);
  EXPECT_EQ(preview->items[0].event_id, first);
  SpanOfTime const before{Instant{}, span.from - std::chrono::hours(1)};
  auto const nothing = run(runtime, world->lifts.preview(world->maja, world->room, before, world->ks));
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code, ErrorCode::not_found);
}

TEST_P(Lift, OfASpanWithTooMuchInItSaysSo) {
  for (int n = 0; n <= 200; ++n) world->say(world->ali, "Inlägg " + std::to_string(n));
  SpanOfTime const all{Instant{}, runtime.now() + std::chrono::hours(1)};
  auto const preview = run(runtime, world->lifts.preview(world->maja, world->room, all, world->ks));
  ASSERT_FALSE(preview);
  EXPECT_EQ(preview.error().code, ErrorCode::too_large);
}

TEST_P(Lift, TellsThatTheSameFileIsRegisteredAlready) {
  auto const file = [&](UserNid who, std::string name) {
    auto const mxc =
        run(runtime, world->media.upload_bytes(who, "%PDF-1.7 vall", "application/pdf", name)).value();
    return world->send(who, "m.room.message", {{"msgtype", "m.file"}, {"body", name}, {"url", mxc}});
  };
  auto request = world->request("k1", {file(world->ali, "vall.pdf")}, world->maja, world->ks);
  request.draft.title = "Något helt annat";
  auto const number = world->lift_now(request).value().number;
  auto const preview = run(
      runtime,
      world->lifts.preview(world->maja, world->room, std::vector{file(world->maja, "kopia.pdf")}, world->ks));
  ASSERT_TRUE(preview) << preview.error().message;
  ASSERT_EQ(preview->prefilled.duplicates.size(), 1u);
  EXPECT_EQ(preview->prefilled.duplicates[0].number, number);
}

}  // namespace
}  // namespace torg::records
