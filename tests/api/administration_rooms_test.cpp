// What administrators see of rooms and do to them, and who may stay in which.
#include "administration_fixture.hpp"

namespace torg::testing {
namespace {

class RoomsAdministration : public AdministrationApi {};
INSTANTIATE_TEST_SUITE_P(Db, RoomsAdministration, db::both_databases(), db::database_name);

TEST_P(RoomsAdministration, ListsRoomsInOrder) {
  make_room(alice, {{"name", "Zebra"}, {"preset", "public_chat"}, {"room_alias_name", "stripes"}});
  make_room(bob, {{"name", "aardvark"}});
  auto const by_name = server.get(std::string(kAdmin) + "/rooms?limit=2", root);
  EXPECT_EQ(by_name.at("/total"), 3);
  EXPECT_EQ(by_name.at("/next"), 2);
  EXPECT_EQ(by_name.at("/rooms/0/name"), nullptr);
  EXPECT_EQ(by_name.text("/rooms/1/name"), "aardvark");
  auto const by_members =
      server.get(std::string(kAdmin) + "/rooms?order=joined_members&direction=backwards", root);
  EXPECT_EQ(by_members.text("/rooms/0/room_id"), room);
  EXPECT_EQ(by_members.at("/rooms/0/joined_members"), 2);
  auto const found = server.get(std::string(kAdmin) + "/rooms?search=STRIP", root);
  ASSERT_EQ(found.at("/total"), 1);
  EXPECT_EQ(found.text("/rooms/0/alias"), "#stripes:test.example");
  EXPECT_EQ(found.text("/rooms/0/join_rule"), "public");
  EXPECT_EQ(found.text("/rooms/0/creator"), TestServer::user_id("alice"));
  EXPECT_EQ(server.get(std::string(kAdmin) + "/rooms?search=%25", root).at("/total"), 0)
      << "a sign as others";
  EXPECT_EQ(server.get(std::string(kAdmin) + "/rooms?order=colour", root).errcode(), "M_INVALID_PARAM");
}

TEST_P(RoomsAdministration, ShowsNoNameThatWasRedacted) {
  auto const named = server.put(rooms(room, "state/m.room.name"), alice, {{"name", "secret plans"}});
  EXPECT_EQ(server.get(room_path(), root).text("/name"), "secret plans");
  auto const redact = rooms(room, "redact/" + in_path(named.text("/event_id")) + "/r1");
  ASSERT_EQ(server.put(redact, alice, json::object{}).status, 200U);
  EXPECT_EQ(server.get(room_path(), root).at("/name"), nullptr);
}

TEST_P(RoomsAdministration, ShowsMembersAndState) {
  auto const members = server.get(room_path("/members"), root);
  EXPECT_EQ(members.text("/members/0/user_id"), TestServer::user_id("alice"));
  EXPECT_EQ(members.at("/total"), 2);
  auto const state = server.get(room_path("/state"), root);
  EXPECT_GE(state.at("/state").as_array().size(), 6U);
  EXPECT_EQ(last_audit().at("what"), "room.state_read");
}

TEST_P(RoomsAdministration, ShowsOfStateWhatSaysHowARoomIsRunAndNoMore) {
  ASSERT_EQ(server
                .put(rooms(room, "state/m.beacon_info/" + in_path(TestServer::user_id("alice"))), alice,
                     {{"description", "on my way to the doctor"}})
                .status,
            200U);
  ASSERT_EQ(server.put(rooms(room, "state/m.room.topic"), alice, {{"topic", "plans"}}).status, 200U);
  auto const text = json::serialize(server.get(room_path("/state"), root).body);
  EXPECT_THAT(text, ::testing::HasSubstr("m.beacon_info"));
  EXPECT_THAT(text, ::testing::HasSubstr("plans"));
  EXPECT_THAT(text, ::testing::Not(::testing::HasSubstr("doctor")));
  ASSERT_EQ(server
                .put(rooms(room, "state/m.beacon_info/" + in_path(TestServer::user_id("alice"))), alice,
                     {{"description", "home again"}})
                .status,
            200U);
  EXPECT_THAT(json::serialize(server.get(room_path("/state"), root).body),
              ::testing::Not(::testing::HasSubstr("doctor")))
      << "nor what it replaced";
}

TEST_P(RoomsAdministration, WhoListsAPersonsFilesIsNoted) {
  ASSERT_EQ(server.get(user_path("alice", "/media"), root).status, 200U);
  EXPECT_EQ(last_audit().at("what"), "user.files_listed");
  auto const synapse = "/_synapse/admin/v1/users/" + in_path(TestServer::user_id("bob")) + "/media";
  ASSERT_EQ(server.get(synapse, root).status, 200U);
  EXPECT_EQ(last_audit().at("details").at("user"), json::value(TestServer::user_id("bob")));
}

TEST_P(RoomsAdministration, LetsNobodyIntoABlockedRoom) {
  server.sign_up("carol");
  ASSERT_EQ(server.put(room_path("/block"), root, because({{"blocked", true}})).status, 200U);
  auto const invite = json::object{{"user_id", TestServer::user_id("carol")}};
  EXPECT_EQ(server.post(rooms(room, "invite"), alice, invite).errcode(), "M_FORBIDDEN");
  say(alice, "those inside go on");
  server.restart();
  EXPECT_EQ(server.post(rooms(room, "invite"), alice, invite).errcode(), "M_FORBIDDEN");
  EXPECT_EQ(server.get(room_path(), root).at("/blocked"), true);
  ASSERT_EQ(server.put(room_path("/block"), root, because({{"blocked", false}})).status, 200U);
  EXPECT_EQ(server.post(rooms(room, "invite"), alice, invite).status, 200U);
}

TEST_P(RoomsAdministration, TakesOverARoomForWhoIsNamed) {
  auto const levels = rooms(room, "state/m.room.name");
  EXPECT_EQ(server.put(levels, bob, {{"name", "x"}}).errcode(), "M_FORBIDDEN");
  auto const body = because({{"user_id", TestServer::user_id("bob")}});
  ASSERT_EQ(server.post(room_path("/take-over"), root, body).status, 200U);
  EXPECT_EQ(server.put(levels, bob, {{"name", "x"}}).status, 200U);
  ASSERT_EQ(server.post(room_path("/take-over"), root, because()).status, 200U) << "comes in by invitation";
  EXPECT_EQ(server.put(levels, root, {{"name", "y"}}).status, 200U);
  EXPECT_EQ(last_audit().at("details").at("in_the_name_of").as_string(), TestServer::user_id("alice"));
}

TEST_P(RoomsAdministration, TakesOverNothingWhereNobodyHasThePower) {
  ASSERT_EQ(server.post(rooms(room, "leave"), alice, json::object{}).status, 200U);
  EXPECT_EQ(server.post(room_path("/take-over"), root, because()).errcode(), "M_FORBIDDEN");
}

TEST_P(RoomsAdministration, ClosesARoomAndKeepsWhatWasSaid) {
  auto const said = say(alice, "a public record");
  ASSERT_EQ(server
                .put("/_matrix/client/v3/directory/room/" + in_path("#old:test.example"), alice,
                     {{"room_id", room}})
                .status,
            200U);
  auto const begun = server.post(room_path("/close"), root, because());
  ASSERT_EQ(begun.status, 202U);
  server.restart();  // waits for what is under way
  auto const path = std::string(kAdmin) + "/closings/" + std::to_string(begun.at("/id").to_number<int>());
  auto const closed = server.get(path, root);
  EXPECT_EQ(closed.at("/done"), true);
  EXPECT_EQ(closed.at("/left"), 2);
  EXPECT_EQ(closed.at("/still_there"), json::array());
  EXPECT_EQ(send(alice, "more", "t").errcode(), "M_FORBIDDEN");
  EXPECT_EQ(server.post("/_matrix/client/v3/join/" + in_path(room), alice, json::object{}).errcode(),
            "M_FORBIDDEN");
  EXPECT_EQ(server.get("/_matrix/client/v3/directory/room/" + in_path("#old:test.example"), alice).errcode(),
            "M_NOT_FOUND");
  EXPECT_EQ(server.get(rooms(room, "event/" + in_path(said)), alice).status, 200U);
}

TEST_P(RoomsAdministration, PurgesNothing) {
  EXPECT_EQ(server.post(room_path("/purge"), root, because()).errcode(), "ORG.TORG.RULE_REFUSES");
  EXPECT_EQ(server.post(room_path("/close"), root, because({{"purge", true}})).errcode(),
            "ORG.TORG.RULE_REFUSES");
  EXPECT_EQ(send(alice, "still here", "t").status, 200U);
}

// ---- Guests in rooms

class GuestsApi : public ::testing::TestWithParam<db::Database::Kind> {
 protected:
  TestServer server{GetParam(), {"guests=on"}};
  std::string alice = server.sign_up("alice");
  std::string guest =
      server.post("/_matrix/client/v3/register?kind=guest", "", json::object{}).text("/access_token");

  std::string make_room(std::string_view access) {
    json::object const body{
        {"preset", "public_chat"},
        {"initial_state", json::array{json::object{{"type", "m.room.guest_access"},
                                                   {"content", {{"guest_access", access}}}}}}};
    return server.post("/_matrix/client/v3/createRoom", alice, body).text("/room_id");
  }
  Reply join(std::string const& room) {
    return server.post("/_matrix/client/v3/join/" + in_path(room), guest, json::object{});
  }
};
INSTANTIATE_TEST_SUITE_P(Db, GuestsApi, db::both_databases(), db::database_name);

TEST_P(GuestsApi, AreLetIntoRoomsThatSaySo) {
  EXPECT_EQ(join(make_room("forbidden")).errcode(), "M_GUEST_ACCESS_FORBIDDEN");
  auto const room = make_room("can_join");
  ASSERT_EQ(join(room).status, 200U);
  EXPECT_EQ(server
                .put("/_matrix/client/v3/rooms/" + in_path(room) + "/send/m.room.message/1", guest,
                     {{"msgtype", "m.text"}, {"body", "hello"}})
                .status,
            200U);
  EXPECT_EQ(server.post("/_matrix/client/v3/createRoom", guest, json::object{}).errcode(),
            "M_GUEST_ACCESS_FORBIDDEN");
}

TEST_P(GuestsApi, LeaveARoomThatLetsNoGuestsInAnyMore) {
  auto const room = make_room("can_join");
  ASSERT_EQ(join(room).status, 200U);
  ASSERT_EQ(server
                .put("/_matrix/client/v3/rooms/" + in_path(room) + "/state/m.room.guest_access", alice,
                     {{"guest_access", "forbidden"}})
                .status,
            200U);
  server.restart();  // waits for what is under way
  auto const members = server.get("/_matrix/client/v3/rooms/" + in_path(room) + "/joined_members", alice);
  EXPECT_EQ(members.at("/joined").as_object().size(), 1U);
  EXPECT_EQ(join(room).errcode(), "M_GUEST_ACCESS_FORBIDDEN");
}

}  // namespace
}  // namespace torg::testing
