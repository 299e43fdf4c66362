#pragma once
#include "records/disposal/disposal.hpp"
#include "records/disposal/weeding.hpp"
#include "records/testing/world.hpp"

namespace torg::records {

/// For tests of assessment and disposal: the world's two boards with a plan in force, a room within one of
/// them, and two archivists.
class Office : public db::OnBothDatabases {
 protected:
  void SetUp() override {
    migrate_world(*database);
    world = std::make_unique<World>(runtime, *database, folder);
    world->found();
    destroyer =
        std::make_unique<Destroyer>(runtime, *database, world->blobs, world->rooms, "alvhamn.example");
    weeding = std::make_unique<Weeding>(runtime, *database, world->governance, world->rooms, *destroyer);
    disposals = std::make_unique<DisposalService>(runtime, *database, world->governance, world->identity,
                                                  world->rooms, *destroyer);
    karin = add_archivist("karin", "Karin Holm");
    henning = add_archivist("henning", "Henning Palm");
  }
  void TearDown() override {
    run(runtime, weeding->stop());
    world->stop();
  }

  UserNid add_archivist(std::string localpart, std::string name) {
    auto const user =
        run(runtime, world->identity.create_user(
                         {.localpart = std::move(localpart), .password = "", .displayname = std::move(name)}))
            .value();
    assign(user, world->ks, governance::Role::archivist);
    return user;
  }
  void assign(UserNid user, AuthorityId authority, governance::Role role) {
    auto const since = std::chrono::sys_days(std::chrono::year(2020) / 1 / 1);
    run(runtime, world->governance.assign({user, authority, "Arkivet", role, since, std::nullopt}, UserNid()))
        .value();
  }

  /// Proposes as the service user and accepts for each party that is named.
  void plan(RoomNid room, std::string_view content,
            std::vector<std::pair<AuthorityId, UserNid>> acceptances) {
    run(runtime, world->rooms.send({.room = room,
                                    .sender = world->service,
                                    .type = "org.torg.plan",
                                    .state_key = "",
                                    .content = parse_json_object(content).value(),
                                    .device_key = 0,
                                    .transaction_id = {},
                                    .redacts = std::nullopt}))
        .value();
    for (auto const& [authority, user] : acceptances) {
      run(runtime, world->governance.accept_plan(room, authority, user)).value();
    }
  }
  /// The shared room's plan, with a standing decision; what is kept ordered may go at once.
  void share() {
    plan(world->room,
         R"({"purpose":"Laxån","level":"shared","class":"internal","host":"KS","parties":["KS","BN"],
             "classification":"1.4.1","retention_decision":"GB 2026-07","dispose_after_days":0,
             "standing_decision":{"number":"KS § 14","day":"2026-02-03"}})",
         {{world->ks, world->maja}, {world->bn, world->ali}});
  }
  /// A room within KS whose working material may be weeded at once.
  RoomNid room_within_ks() {
    matrix::CreateRoom create;
    create.creator = world->service;
    create.name = "Ledningsgruppen";
    create.preset = "private_chat";
    create.invite = {world->identity.user_id(world->maja)};
    auto const room = run(runtime, world->rooms.create(std::move(create))).value();
    run(runtime, world->rooms.set_membership(room, world->maja, world->maja, matrix::Membership::join, ""))
        .value();
    plan(room, R"({"level":"within","host":"KS","weed_after_days":0})", {{world->ks, world->maja}});
    return room;
  }

  matrix::RoomEvent say_in(RoomNid room, UserNid who, json::object content) {
    return run(runtime, world->rooms.send({.room = room,
                                           .sender = who,
                                           .type = "m.room.message",
                                           .state_key = std::nullopt,
                                           .content = std::move(content),
                                           .device_key = 0,
                                           .transaction_id = {},
                                           .redacts = std::nullopt}))
        .value();
  }
  matrix::RoomEvent say(UserNid who, std::string text) {
    return say_in(world->room, who, {{"msgtype", "m.text"}, {"body", text}});
  }
  std::vector<Assessment> rows(matrix::RoomEvent const& event) {
    std::vector<Assessment> found;
    database->read_now([&](db::Reader& reader) {
      std::vector const only{event.nid};
      found = assessment::rows_of(reader, event.room, only);
    });
    return found;
  }
  Ruled<ShownAssessment> assess(matrix::RoomEvent const& event, UserNid by, AuthorityId authority,
                                std::string handling, UserNid second_person = {}) {
    AssessRequest request;
    request.by = by;
    request.room = event.room;
    request.event = event.nid;
    request.authority = authority;
    request.handling = std::move(handling);
    request.second_person = second_person;
    return run(runtime, world->assessment.assess(std::move(request)));
  }

  db::TemporaryFolder folder;
  std::unique_ptr<World> world;
  std::unique_ptr<Destroyer> destroyer;
  std::unique_ptr<Weeding> weeding;
  std::unique_ptr<DisposalService> disposals;
  UserNid karin, henning;  ///< archivists of KS
};

}  // namespace torg::records
