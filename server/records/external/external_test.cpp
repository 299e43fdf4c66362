#include "base/file.hpp"
#include "records/external/folder_way.hpp"
#include "records/external/registers.hpp"
#include "records/testing/world.hpp"

#include <fstream>

#include <gmock/gmock.h>

namespace torg::records {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

/// KS keeps its register in a system that watches a folder.
class ExternalRegister : public db::OnBothDatabases {
 protected:
  void SetUp() override {
    migrate_world(*database);
    world = std::make_unique<World>(runtime, *database, folder);
    world->found();
    fs::create_directories(root());
    open_way();
    auto const karin = world->hire("karin", "Karin Holm", world->ks, governance::Role::archivist);
    keep_register("external", karin);
  }
  void TearDown() override {
    if (world) world->stop();
  }
  void open_way() {
    world->external.add_way("KS", std::make_unique<FolderWay>(runtime, world->blobs, root()));
  }
  void keep_register(std::string where, UserNid by) {
    ASSERT_TRUE(
        run(runtime, world->settings.change({world->ks, "register", std::move(where), {}, by, "KS § 9"})));
  }
  void restart() {
    world->stop();
    auto const room = world->room;
    world.reset();
    database.reopen();
    world = std::make_unique<World>(runtime, *database, folder);
    world->room = room;
    open_way();
    world->start();
    idle();
  }
  void idle() { run(runtime, world->external.idle()); }
  [[nodiscard]] fs::path root() const { return folder.path() / "register"; }
  [[nodiscard]] fs::path out(std::string const& key) const { return root() / "out" / key; }

  Intent lift(std::string key, std::string const& item) {
    auto intent = world->lift_now(world->request(std::move(key), {item}, world->maja, world->ks));
    EXPECT_TRUE(intent) << intent.error().message;
    idle();
    return look(intent->key);
  }
  Intent look(IntentKey const& key) { return run(runtime, world->lifts.intent(key)).value(); }
  /// The register writes its answer, and Torg looks at once.
  void answer(Intent const& intent, std::string const& text) {
    std::ofstream(root() / "in" / (intent.handover->key + ".json")) << text;
    static_cast<void>(run(runtime, world->external.retry(intent.handover->key)));
    idle();
  }
  Assessment row(std::string const& item) {
    auto const event = run(runtime, world->rooms.event(EventId(item))).value();
    std::optional<Assessment> found;
    database->read_now(
        [&](db::Reader& reader) { found = assessment::row_of(reader, world->room, event.nid, world->ks); });
    return found.value();
  }
  std::int64_t queued() { return run(runtime, world->assessment.queue({world->ks})).value().left; }
  /// What the room was told of records, oldest first.
  std::vector<std::string> notices() {
    std::vector<std::string> found;
    auto const events =
        run(runtime, world->rooms.timeline(world->room, Position(), database->last_position(), 1000)).value();
    for (auto const& event : events) {
      if (event.type == "org.torg.record") found.push_back(event.content);
    }
    return found;
  }

  db::TemporaryFolder folder;
  std::unique_ptr<World> world;
};
INSTANTIATE_TEST_SUITE_P(Db, ExternalRegister, db::both_databases(), db::database_name);

TEST_P(ExternalRegister, GetsTheRecordWholeOrNotAtAll) {
  auto const mxc =
      run(runtime, world->media.upload_bytes(world->ali, "%PDF-1.7 vall", "application/pdf", "vall.pdf"))
          .value();
  auto const item =
      world->send(world->ali, "m.room.message", {{"msgtype", "m.file"}, {"body", "vall.pdf"}, {"url", mxc}});
  auto const intent = lift("k1", item);
  EXPECT_EQ(intent.state, IntentState::committed);
  EXPECT_FALSE(intent.record);
  EXPECT_EQ(intent.number, "");
  ASSERT_TRUE(intent.handover);
  EXPECT_EQ(intent.handover->state, "sent");
  auto const folder_of = out(intent.handover->key);
  EXPECT_EQ(read_file(folder_of / "files" / "003-vall.pdf", 100).value(), "%PDF-1.7 vall");
  EXPECT_THAT(read_file(folder_of / "manifest.json", 1 << 20).value(), HasSubstr(item));
  EXPECT_THAT(read_file(folder_of / "ERMS.xml", 1 << 20).value(), HasSubstr("003-vall.pdf"));
  auto const record = parse_json_object(read_file(folder_of / "record.json", 1 << 20).value()).value();
  EXPECT_EQ(record.at("key").as_string(), intent.handover->key);
  EXPECT_EQ(std::ranges::distance(fs::directory_iterator(root() / "out")), 1);
}

TEST_P(ExternalRegister, TakesTheItemOutOfTheQueueAndNoNumberHere) {
  auto const item = world->say(world->ali, "Vi tillstyrker vallen.");
  auto const before = queued();
  auto const intent = lift("k1", item);
  EXPECT_EQ(queued(), before - 1);
  EXPECT_EQ(row(item).handling, Handling::registered);
  EXPECT_FALSE(row(item).record);
  EXPECT_TRUE(run(runtime, world->records.recent(world->ks)).value().empty());
  EXPECT_TRUE(notices().empty());
}

TEST_P(ExternalRegister, GivesTheNumberAndTheRoomIsTold) {
  auto const item = world->say(world->ali, "Vi tillstyrker vallen.");
  auto const intent = lift("k1", item);
  answer(intent, R"({"number":"Dnr 2026-17","url":"https://diarium.example/17"})");
  auto const now = look(intent.key);
  EXPECT_EQ(now.number, "Dnr 2026-17");
  EXPECT_EQ(now.handover->state, "registered");
  EXPECT_EQ(now.handover->place, "https://diarium.example/17");
  ASSERT_EQ(notices().size(), 1u);
  EXPECT_THAT(notices()[0], HasSubstr("Dnr 2026-17"));
  EXPECT_THAT(notices()[0], HasSubstr(item));
  EXPECT_FALSE(fs::exists(root() / "in" / (intent.handover->key + ".json")));
}

TEST_P(ExternalRegister, RefusesAndTheItemWaitsAgainWithTheClockItHad) {
  auto const item = world->say(world->ali, "Vi tillstyrker vallen.");
  auto const due_day = row(item).due_day;
  auto const before = queued();
  auto const intent = lift("k1", item);
  answer(intent, R"({"refused":"Klassen finns inte."})");
  EXPECT_EQ(look(intent.key).handover->state, "refused");
  EXPECT_EQ(look(intent.key).handover->problem, "Klassen finns inte.");
  EXPECT_EQ(queued(), before);
  EXPECT_EQ(row(item).handling, Handling::unassessed);
  EXPECT_EQ(row(item).due_day, due_day);
  EXPECT_EQ(row(item).reason, "Klassen finns inte.");
  auto const again = lift("k2", item);
  EXPECT_NE(again.handover->key, intent.handover->key);
}

TEST_P(ExternalRegister, IsAskedOnceHoweverOftenTheLiftIsSent) {
  auto const item = world->say(world->ali, "Vi tillstyrker vallen.");
  auto const first = lift("k1", item);
  auto const again = lift("k1", item);
  EXPECT_EQ(again.handover->key, first.handover->key);
  EXPECT_EQ(std::ranges::distance(fs::directory_iterator(root() / "out")), 1);
}

TEST_P(ExternalRegister, TakesOneOfTwoPeopleWhoLiftTheSameItem) {
  auto const item = world->say(world->ali, "Vi tillstyrker vallen.");
  lift("k1", item);
  auto const second = world->lift_now(world->request("k2", {item}, world->sandra, world->ks));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::conflict);
  idle();
  EXPECT_EQ(std::ranges::distance(fs::directory_iterator(root() / "out")), 1);
}

TEST_P(ExternalRegister, SaysTheSameTwiceAndNothingChanges) {
  auto const item = world->say(world->ali, "Vi tillstyrker vallen.");
  auto const intent = lift("k1", item);
  ExternalAnswer said;
  said.kind = ExternalAnswer::Kind::registered;
  said.number = "Dnr 1";
  for (int n = 0; n < 2; ++n) {
    EXPECT_TRUE(run(runtime, world->external.answer(intent.handover->key, said, {})));
    idle();
  }
  EXPECT_EQ(notices().size(), 1u);
  said.number = "Dnr 2";
  auto const other = run(runtime, world->external.answer(intent.handover->key, said, {}));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::conflict);
  EXPECT_EQ(look(intent.key).number, "Dnr 1");
}

TEST_P(ExternalRegister, MayThinkBetterOfARefusalUntilSomebodyLiftsTheItemAnew) {
  auto const item = world->say(world->ali, "Vi tillstyrker vallen.");
  auto const other_item = world->say(world->ali, "Och brunnen.");
  auto const intent = lift("k1", item);
  auto const other = lift("k2", other_item);
  answer(intent, R"({"refused":"Klassen finns inte."})");
  answer(other, R"({"refused":"Klassen finns inte."})");
  lift("k3", other_item);
  ExternalAnswer said;
  said.kind = ExternalAnswer::Kind::registered;
  said.number = "Dnr 1";
  EXPECT_TRUE(run(runtime, world->external.answer(intent.handover->key, said, {})));
  EXPECT_EQ(row(item).handling, Handling::registered);
  said.number = "Dnr 2";
  EXPECT_FALSE(run(runtime, world->external.answer(other.handover->key, said, {})));
  idle();
}

TEST_P(ExternalRegister, IsTriedAgainWhereItsFolderIsNotThere) {
  fs::remove_all(root());
  auto const item = world->say(world->ali, "Vi tillstyrker vallen.");
  auto const intent = lift("k1", item);
  EXPECT_EQ(intent.handover->state, "retrying");
  EXPECT_EQ(intent.handover->problem, "The register's folder can't be used.");
  fs::create_directories(root());
  ASSERT_TRUE(run(runtime, world->external.retry(intent.handover->key)));
  idle();
  EXPECT_EQ(look(intent.key).handover->state, "sent");
}

TEST_P(ExternalRegister, KnowsItsRecordByTheSameKeyAfterAStop) {
  fs::remove_all(root());
  auto const item = world->say(world->ali, "Vi tillstyrker vallen.");
  auto const intent = lift("k1", item);
  fs::create_directories(root());
  restart();
  ASSERT_TRUE(run(runtime, world->external.retry(intent.handover->key)));
  idle();
  EXPECT_TRUE(fs::exists(out(intent.handover->key) / "record.json"));
  answer(intent, R"({"number":"Dnr 7"})");
  EXPECT_EQ(look(intent.key).number, "Dnr 7");
}

TEST_P(ExternalRegister, IsNotGivenTwiceWhatItAnsweredWhileTorgWasDown) {
  auto const item = world->say(world->ali, "Vi tillstyrker vallen.");
  auto const intent = lift("k1", item);
  // As after a crash before `sent` was written: the register has taken the folder and answered.
  database->write_now([&](db::Transaction& transaction) {
    auto handover = handover_store::find(transaction, intent.handover->key).value();
    handover.state = DeliveryState::waiting;
    handover_store::update(transaction, handover);
  });
  fs::remove_all(out(intent.handover->key));
  answer(intent, R"({"number":"Dnr 7"})");
  EXPECT_FALSE(fs::exists(out(intent.handover->key)));
  EXPECT_EQ(look(intent.key).number, "Dnr 7");
}

TEST_P(ExternalRegister, WaitsForAnAnswerThatIsStillBeingWritten) {
  auto const item = world->say(world->ali, "Vi tillstyrker vallen.");
  auto const intent = lift("k1", item);
  answer(intent, R"({"number":"Dnr)");
  EXPECT_EQ(look(intent.key).handover->state, "sent");
  answer(intent, R"({"number":"Dnr 7"})");
  EXPECT_EQ(look(intent.key).number, "Dnr 7");
}

TEST_P(ExternalRegister, FollowsNoLinkOutOfItsFolder) {
  auto const item = world->say(world->ali, "Vi tillstyrker vallen.");
  auto const intent = lift("k1", item);
  std::ofstream(folder.path() / "elsewhere.json") << R"({"number":"Dnr 7"})";
  fs::create_symlink(folder.path() / "elsewhere.json", root() / "in" / (intent.handover->key + ".json"));
  ASSERT_TRUE(run(runtime, world->external.retry(intent.handover->key)));
  idle();
  EXPECT_EQ(look(intent.key).number, "");
}

TEST_P(ExternalRegister, KeepsTheFilesThatItWasGiven) {
  auto const mxc =
      run(runtime, world->media.upload_bytes(world->ali, "%PDF-1.7 vall", "application/pdf", "vall.pdf"))
          .value();
  auto const blob = run(runtime, world->media.find_mxc(mxc))->blob;
  database->read_now([&](db::Reader& reader) { EXPECT_FALSE(handover_store::refers_to(reader, blob)); });
  lift("k1", world->send(world->ali, "m.room.message",
                         {{"msgtype", "m.file"}, {"body", "vall.pdf"}, {"url", mxc}}));
  database->read_now([&](db::Reader& reader) { EXPECT_TRUE(handover_store::refers_to(reader, blob)); });
}

TEST_P(ExternalRegister, IsForTheAuthorityThatHasOne) {
  auto const item = world->say(world->ali, "Vi tillstyrker vallen.");
  auto const here = world->lift_now(world->request("k1", {item}, world->ali, world->bn)).value();
  EXPECT_TRUE(here.number.starts_with("BN "));
  EXPECT_FALSE(here.handover);
}

TEST_P(ExternalRegister, WithoutAWayToItIsShownAsAProblem) {
  auto const gun = world->hire("gun", "Gun Berg", world->bn, governance::Role::archivist);
  ASSERT_TRUE(run(runtime, world->settings.change({world->bn, "register", "external", {}, gun, "BN § 2"})));
  auto const item = world->say(world->maja, "Vi tillstyrker vallen.");
  auto const intent = world->lift_now(world->request("k1", {item}, world->ali, world->bn)).value();
  idle();
  EXPECT_EQ(look(intent.key).handover->state, "retrying");
  EXPECT_THAT(look(intent.key).handover->problem, HasSubstr("external_registers"));
}

}  // namespace
}  // namespace torg::records
