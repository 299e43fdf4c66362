// A room with a plan that goes on in another room.
#include "records/testing/office.hpp"

#include <gmock/gmock.h>

namespace torg::records {
namespace {

using matrix::RoomVersion;
using ::testing::ElementsAre;

class UpgradedOffice : public Office {
 protected:
  Result<RoomNid> upgrade(RoomNid room, UserNid by, RoomVersion version) {
    return run(runtime,
               world->rooms.upgrade({.room = room, .by = by, .version = version, .additional_creators = {}}));
  }
  /// A room of an older version that Maja, an officer of KS, made and has all power in.
  RoomNid majas_room() {
    matrix::CreateRoom create;
    create.creator = world->maja;
    create.version = RoomVersion::v10;
    create.name = "Ledningsgruppen";
    auto const room = run(runtime, world->rooms.create(std::move(create))).value();
    propose(room, world->maja, R"({"level":"within","host":"KS","purpose":"Möten"})");
    return room;
  }
  void propose(RoomNid room, UserNid by, std::string_view content) {
    run(runtime, world->rooms.send({.room = room,
                                    .sender = by,
                                    .type = "org.torg.plan",
                                    .state_key = "",
                                    .content = parse_json_object(content).value(),
                                    .device_key = 0,
                                    .transaction_id = {},
                                    .redacts = std::nullopt}))
        .value();
  }
};
INSTANTIATE_TEST_SUITE_P(Db, UpgradedOffice, db::both_databases(), db::database_name);

TEST_P(UpgradedOffice, APlanIsInForceInTheNewRoomFromItsFirstMoment) {
  share();
  auto const next = upgrade(world->room, world->service, RoomVersion::v12);
  ASSERT_TRUE(next) << next.error().message;
  auto const* plan = world->governance.plan(*next);
  ASSERT_NE(plan, nullptr);
  EXPECT_EQ(plan->purpose, "Laxån");
  EXPECT_THAT(plan->accepted_by, ElementsAre(world->ks, world->bn));
  EXPECT_NE(world->governance.plan(world->room), nullptr) << "the old room keeps its plan and its records";
}

TEST_P(UpgradedOffice, AndStillIsAfterARestart) {
  share();
  auto const next = upgrade(world->room, world->service, RoomVersion::v12);
  ASSERT_TRUE(next) << next.error().message;
  world->stop();
  governance::GovernanceService again(runtime, *database);
  again.start();
  ASSERT_NE(again.plan(*next), nullptr);
  EXPECT_THAT(again.plan(*next)->accepted_by, ElementsAre(world->ks, world->bn));
}

TEST_P(UpgradedOffice, APlanThatNobodyAcceptedIsProposedAnew) {
  auto const next = upgrade(majas_room(), world->maja, RoomVersion::v11);
  ASSERT_TRUE(next) << next.error().message;
  EXPECT_EQ(world->governance.plan(*next), nullptr);
  ASSERT_NE(world->governance.plans(*next), nullptr);
  EXPECT_THAT(world->governance.plans(*next)->waiting_for(), ElementsAre(world->ks));
}

TEST_P(UpgradedOffice, AChangeThatWaitsMustBeSettledFirst) {
  auto const room = majas_room();
  run(runtime, world->governance.accept_plan(room, world->ks, world->maja)).value();
  propose(room, world->maja, R"({"level":"open","host":"KS"})");
  auto const refused = upgrade(room, world->maja, RoomVersion::v11);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::rule_refuses);
}

TEST_P(UpgradedOffice, NobodyGetsMorePowerThanAPlanAllowsByAnUpgrade) {
  auto const room = majas_room();
  run(runtime, world->governance.accept_plan(room, world->ks, world->maja)).value();
  auto const refused = upgrade(room, world->maja, RoomVersion::v12);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::rule_refuses);
  EXPECT_TRUE(upgrade(room, world->maja, RoomVersion::v11));
}

}  // namespace
}  // namespace torg::records
