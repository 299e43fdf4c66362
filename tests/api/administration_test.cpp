// The administration's own API: each act works, is for administrators only, and stands in the audit log.
#include "administration_fixture.hpp"

namespace torg::testing {
namespace {

class UsersAdministration : public AdministrationApi {};
INSTANTIATE_TEST_SUITE_P(Db, UsersAdministration, db::both_databases(), db::database_name);

TEST_P(UsersAdministration, IsForAdministratorsOnly) {
  auto const routes = server.app().router().routes();
  int asked = 0;
  for (auto const* route : routes) {
    if (!route->pattern.starts_with("/_torg/v1/admin/") && !route->pattern.starts_with("/_synapse/admin/"))
      continue;
    if (route->pattern == "/_synapse/admin/v1/register" || route->pattern.contains("whois")) continue;
    auto const target = std::string(route->pattern);
    EXPECT_EQ(server.call(route->method, target, alice).errcode(), "M_FORBIDDEN") << target;
    EXPECT_EQ(server.call(route->method, target).errcode(), "M_MISSING_TOKEN") << target;
    ++asked;
  }
  EXPECT_GT(asked, 60);
}

TEST_P(UsersAdministration, WantsAReasonForEachAct) {
  EXPECT_EQ(server.put(user_path("bob", "/lock"), root, {{"locked", true}}).errcode(), "M_MISSING_PARAM");
  EXPECT_EQ(server.put(user_path("bob", "/lock"), root, {{"locked", true}, {"reason", ""}}).errcode(),
            "M_INVALID_PARAM");
}

TEST_P(UsersAdministration, ListsPeoplePageByPage) {
  std::vector<std::string> seen;
  std::string from = "0";
  do {
    auto const page = server.get(std::string(kAdmin) + "/users?limit=2&from=" + from, root);
    ASSERT_EQ(page.status, 200U);
    EXPECT_EQ(page.at("/total"), 4) << "with the server's own user";
    for (auto const& user : page.at("/users").as_array()) seen.emplace_back(user.at("user_id").as_string());
    from = page.at("/next").is_null() ? "" : std::to_string(page.at("/next").to_number<std::int64_t>());
  } while (!from.empty());
  EXPECT_THAT(seen, ::testing::UnorderedElementsAre(TestServer::user_id("torg"), TestServer::user_id("alice"),
                                                    TestServer::user_id("bob"), TestServer::user_id("root")));
  EXPECT_EQ(server.get(std::string(kAdmin) + "/users?administrator=true", root).text("/users/0/user_id"),
            TestServer::user_id("root"));
  EXPECT_EQ(server.get(std::string(kAdmin) + "/users?search=ALI", root).at("/total"), 1);
  EXPECT_EQ(server.get(std::string(kAdmin) + "/users?limit=none", root).errcode(), "M_INVALID_PARAM");
}

TEST_P(UsersAdministration, MakesAnAccount) {
  auto const made =
      server.post(std::string(kAdmin) + "/users", root,
                  because({{"name", "Cleo"}, {"password", "a long one"}, {"display_name", "C"}}));
  ASSERT_EQ(made.status, 201U);
  EXPECT_EQ(made.text("/user_id"), TestServer::user_id("cleo"));
  EXPECT_EQ(made.text("/name"), "C");
  server.log_in("cleo", "a long one");
  EXPECT_EQ(last_audit().at("what"), "user.made");
  EXPECT_EQ(last_audit().at("by").as_string(), TestServer::user_id("root"));
  EXPECT_EQ(last_audit().at("details").at("user").as_string(), TestServer::user_id("cleo"));
  EXPECT_EQ(last_audit().at("details").at("reason"), "it had to be");
  auto const again = because({{"name", "cleo"}, {"password", "a long one"}});
  EXPECT_EQ(server.post(std::string(kAdmin) + "/users", root, again).errcode(), "M_USER_IN_USE");
  auto const weak = because({{"name", "dora"}, {"password", "short"}});
  EXPECT_EQ(server.post(std::string(kAdmin) + "/users", root, weak).errcode(), "M_WEAK_PASSWORD");
}

TEST_P(UsersAdministration, GivesAndTakesTheRole) {
  auto const path = user_path("alice", "/administrator");
  EXPECT_EQ(server.put(path, root, because({{"administrator", true}})).at("/administrator"), true);
  EXPECT_EQ(server.get(std::string(kAdmin) + "/users", alice).status, 200U);
  EXPECT_EQ(server.put(path, root, because({{"administrator", false}})).at("/administrator"), false);
  EXPECT_EQ(server.get(std::string(kAdmin) + "/users", alice).errcode(), "M_FORBIDDEN");
  auto const own = user_path("root", "/administrator");
  EXPECT_EQ(server.put(own, root, because({{"administrator", false}})).errcode(), "M_FORBIDDEN");
  EXPECT_EQ(last_audit().at("what"), "user.made_ordinary");
}

TEST_P(UsersAdministration, SetsAPasswordAndEndsTheSessions) {
  ASSERT_EQ(server.put(user_path("bob", "/password"), root, because({{"password", "another one"}})).status,
            200U);
  EXPECT_EQ(server.get("/_matrix/client/v3/account/whoami", bob).errcode(), "M_UNKNOWN_TOKEN");
  auto const token = server.log_in("bob", "another one");
  auto const kept = because({{"password", "a third one"}, {"log_out", false}});
  ASSERT_EQ(server.put(user_path("bob", "/password"), root, kept).status, 200U);
  EXPECT_EQ(server.get("/_matrix/client/v3/account/whoami", token).status, 200U);
  EXPECT_EQ(last_audit().at("what"), "user.password_reset");
}

TEST_P(UsersAdministration, LocksAndSuspends) {
  ASSERT_EQ(server.put(user_path("bob", "/lock"), root, because({{"locked", true}})).status, 200U);
  EXPECT_EQ(server.get("/_matrix/client/v3/account/whoami", bob).errcode(), "M_USER_LOCKED");
  ASSERT_EQ(server.put(user_path("bob", "/lock"), root, because({{"locked", false}})).status, 200U);
  ASSERT_EQ(server.put(user_path("bob", "/suspension"), root, because({{"suspended", true}})).status, 200U);
  EXPECT_EQ(send(bob, "hello", "1").errcode(), "M_USER_SUSPENDED");
  EXPECT_EQ(server.put(user_path("root", "/lock"), root, because({{"locked", true}})).errcode(),
            "M_FORBIDDEN");
  EXPECT_EQ(server.put(user_path("torg", "/lock"), root, because({{"locked", true}})).errcode(),
            "M_FORBIDDEN");
}

TEST_P(UsersAdministration, WritesTheStandardLocksIntoTheAuditLogToo) {
  auto const path = in_path(TestServer::user_id("bob"));
  ASSERT_EQ(server.put("/_matrix/client/v1/admin/lock/" + path, root, {{"locked", true}}).status, 200U);
  EXPECT_EQ(last_audit().at("what"), "user.locked");
  EXPECT_EQ(last_audit().at("by").as_string(), TestServer::user_id("root"));
  ASSERT_EQ(server.put("/_matrix/client/v1/admin/suspend/" + path, root, {{"suspended", true}}).status, 200U);
  EXPECT_EQ(last_audit().at("what"), "user.suspended");
}

TEST_P(UsersAdministration, EndsAnAccountForGood) {
  ASSERT_EQ(server.post(user_path("bob", "/deactivate"), root, because()).at("/active"), false);
  EXPECT_EQ(server.get("/_matrix/client/v3/account/whoami", bob).errcode(), "M_UNKNOWN_TOKEN");
  EXPECT_EQ(server.get(room_path("/members"), root).at("/members/1/membership"), "leave");
  EXPECT_EQ(server.post(user_path("root", "/deactivate"), root, because()).errcode(), "M_FORBIDDEN");
  EXPECT_EQ(server.post(user_path("nobody", "/deactivate"), root, because()).errcode(), "M_NOT_FOUND");
}

TEST_P(UsersAdministration, ShowsAndEndsSessions) {
  auto const other = server.log_in("bob", "secret-bob");
  auto const sessions = server.get(user_path("bob", "/sessions"), root);
  ASSERT_EQ(sessions.at("/sessions").as_array().size(), 2U);
  auto const first = sessions.text("/sessions/0/device_id");
  ASSERT_EQ(
      server.post(user_path("bob", "/sessions/end"), root, because({{"devices", json::array{first}}})).status,
      200U);
  EXPECT_EQ(server.get(user_path("bob", "/sessions"), root).at("/sessions").as_array().size(), 1U);
  ASSERT_EQ(server.post(user_path("bob", "/sessions/end"), root, because()).status, 200U);
  EXPECT_EQ(server.get("/_matrix/client/v3/account/whoami", other).errcode(), "M_UNKNOWN_TOKEN");
  EXPECT_EQ(last_audit().at("what"), "user.sessions_ended");
}

TEST_P(UsersAdministration, ShowsWhereSomebodyIs) {
  auto const rooms = server.get(user_path("bob", "/rooms"), root);
  EXPECT_EQ(rooms.text("/rooms/0"), room);
  EXPECT_EQ(rooms.at("/total"), 1);
}

TEST_P(UsersAdministration, TellsWhoIsAskedAboutWhichDevicesThereAre) {
  auto const path = "/_matrix/client/v3/admin/whois/" + in_path(TestServer::user_id("bob"));
  auto const own = server.get(path, bob);
  EXPECT_EQ(own.text("/user_id"), TestServer::user_id("bob"));
  EXPECT_EQ(own.at("/devices").as_object().size(), 1U);
  EXPECT_EQ(server.get(path, root).status, 200U);
  EXPECT_EQ(server.get(path, alice).errcode(), "M_FORBIDDEN");
}

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

// ---- The server

class ServerAdministration : public AdministrationApi {};
INSTANTIATE_TEST_SUITE_P(Db, ServerAdministration, db::both_databases(), db::database_name);

TEST_P(ServerAdministration, KeepsRegistrationTokens) {
  auto const path = std::string(kAdmin) + "/registration-tokens";
  ASSERT_EQ(server.post(path, root, because({{"token", "key"}, {"uses_allowed", 3}})).status, 201U);
  EXPECT_EQ(server.post(path, root, because({{"token", "key"}})).status, 409U);
  EXPECT_EQ(server.put(path + "/key", root, because({{"uses_allowed", nullptr}})).at("/uses_allowed"),
            nullptr);
  EXPECT_EQ(server.get(path, root).text("/tokens/0/token"), "key");
  EXPECT_EQ(server.call(net::Method::delete_, path + "/key", root).status, 200U);
  EXPECT_EQ(server.get(path + "/key", root).errcode(), "M_NOT_FOUND");
  EXPECT_EQ(last_audit().at("what"), "registration_token.removed");
}

TEST_P(ServerAdministration, HidesFilesWithoutNamingThem) {
  auto const uri =
      server.post("/_matrix/media/v3/upload?filename=names.txt", bob, {{"n", 1}}).text("/content_uri");
  auto const file = "/media/" + uri.substr(uri.rfind('/') + 1);
  auto const shown = server.get(std::string(kAdmin) + file, root);
  EXPECT_EQ(shown.text("/uploader"), TestServer::user_id("bob"));
  EXPECT_EQ(json::serialize(shown.body).find("names.txt"), std::string::npos);
  auto const body = because({{"quarantined", true}});
  ASSERT_EQ(server.put(std::string(kAdmin) + file + "/quarantine", root, body).status, 200U);
  EXPECT_EQ(server.get(user_path("bob", "/media"), root).at("/media/0/quarantined"), true);
  EXPECT_EQ(server.get(std::string(kAdmin) + "/media-usage", root).at("/users/0/files"), 1);
  EXPECT_EQ(server.call(net::Method::delete_, std::string(kAdmin) + file + "?reason=x", root).status, 200U);
  EXPECT_EQ(server.get(std::string(kAdmin) + file, root).errcode(), "M_NOT_FOUND");
  EXPECT_EQ(server.post(user_path("bob", "/media/quarantine"), root, because()).at("/quarantined"), 0);
  EXPECT_EQ(server.post(room_path("/media/quarantine"), root, because()).at("/quarantined"), 0);
}

TEST_P(ServerAdministration, SaysWhatWaits) {
  auto const queues = server.get(std::string(kAdmin) + "/queues", root);
  std::vector<std::string> names;
  for (auto const& queue : queues.at("/queues").as_array()) {
    names.emplace_back(queue.at("name").as_string());
    EXPECT_TRUE(queue.at("waiting").is_int64());
  }
  EXPECT_THAT(names, ::testing::ElementsAre("search", "renditions", "sweeping", "closings"));
  auto const second = server.get(std::string(kAdmin) + "/queues?from=1&limit=1", root);
  EXPECT_EQ(second.text("/queues/0/name"), "renditions");
  EXPECT_EQ(second.at("/total"), 4);
  EXPECT_EQ(second.at("/next"), 2);
}

TEST_P(ServerAdministration, HasSpokenWithNoOtherServer) {
  auto const list = server.get(std::string(kAdmin) + "/federation/destinations", root);
  EXPECT_EQ(list.at("/destinations"), json::array());
}

TEST_P(ServerAdministration, ShowsItsAuditLogPageByPage) {
  for (bool const locked : {true, false, true})
    ASSERT_EQ(server.put(user_path("bob", "/lock"), root, because({{"locked", locked}})).status, 200U);
  auto const first = server.get(std::string(kAdmin) + "/audit?limit=2", root);
  ASSERT_EQ(first.at("/entries").as_array().size(), 2U);
  auto const next = std::to_string(first.at("/next").to_number<int>());
  auto const second = server.get(std::string(kAdmin) + "/audit?limit=2&from=" + next, root);
  EXPECT_EQ(second.text("/entries/0/what"), "user.locked");
  EXPECT_EQ(second.at("/next"), nullptr);
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
