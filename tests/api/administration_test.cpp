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

}  // namespace
}  // namespace torg::testing
