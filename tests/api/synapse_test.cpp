// What tools for Synapse ask for, answered as they expect it.
#include "administration_fixture.hpp"

namespace torg::testing {
namespace {

class SynapseApi : public AdministrationApi {
 protected:
  static std::string v1(std::string_view rest) { return "/_synapse/admin/v1/" + std::string(rest); }
  static std::string v2(std::string_view rest) { return "/_synapse/admin/v2/" + std::string(rest); }
  static std::string user(std::string_view name) { return "users/" + in_path(TestServer::user_id(name)); }
};
INSTANTIATE_TEST_SUITE_P(Db, SynapseApi, db::both_databases(), db::database_name);

TEST_P(SynapseApi, ListsUsers) {
  auto const first = server.get(v2("users?limit=3"), root);
  ASSERT_EQ(first.status, 200U);
  EXPECT_EQ(first.at("/total"), 4);
  EXPECT_EQ(first.text("/next_token"), "3");
  auto const second = server.get(v2("users?limit=3&from=3"), root);
  EXPECT_EQ(second.text("/users/0/name"), TestServer::user_id("root"));
  EXPECT_EQ(second.at("/users/0/admin"), true);
  EXPECT_EQ(second.at("/next_token"), nullptr);
}

TEST_P(SynapseApi, MakesAndChangesAUser) {
  auto const path = v2(user("cleo"));
  auto const made = server.put(path, root, {{"password", "a long one"}, {"displayname", "Cleo"}});
  ASSERT_EQ(made.status, 201U) << json::serialize(made.body);
  EXPECT_EQ(made.text("/name"), TestServer::user_id("cleo"));
  auto const changed =
      server.put(path, root, {{"displayname", "C"}, {"admin", true}, {"avatar_url", "mxc://a/b"}});
  ASSERT_EQ(changed.status, 200U) << json::serialize(changed.body);
  EXPECT_EQ(changed.text("/displayname"), "C");
  EXPECT_EQ(changed.at("/admin"), true);
  ASSERT_EQ(server.put(path, root, {{"admin", false}}).status, 200U);
  auto const ended = server.put(path, root, {{"deactivated", true}});
  EXPECT_EQ(ended.at("/deactivated"), true);
  EXPECT_EQ(server.put(path, root, {{"deactivated", false}, {"password", "a long one"}}).errcode(),
            "M_INVALID_PARAM");
  EXPECT_EQ(server.get(v2("users?name=cleo"), root).at("/total"), 0);
  EXPECT_EQ(server.get(v2("users?name=cleo&deactivated=true"), root).at("/total"), 1);
}

TEST_P(SynapseApi, ResetsPasswordsAndEndsAccounts) {
  auto const id = in_path(TestServer::user_id("bob"));
  ASSERT_EQ(server.post(v1("reset_password/" + id), root, {{"new_password", "another one"}}).status, 200U);
  server.log_in("bob", "another one");
  ASSERT_EQ(server.post(v1("deactivate/" + id), root, {{"erase", true}}).status, 200U);
  EXPECT_EQ(server.get(v2(user("bob")), root).at("/deactivated"), true);
}

TEST_P(SynapseApi, ShowsDevicesAndRooms) {
  auto const devices = server.get(v2(user("bob") + "/devices"), root);
  ASSERT_EQ(devices.at("/total"), 1);
  auto const device = devices.text("/devices/0/device_id");
  EXPECT_EQ(server.get(v2(user("bob") + "/devices/" + device), root).text("/device_id"), device);
  ASSERT_EQ(server.post(v2(user("bob") + "/delete_devices"), root, {{"devices", json::array{device}}}).status,
            200U);
  EXPECT_EQ(server.get(v2(user("bob") + "/devices"), root).at("/total"), 0);
  EXPECT_EQ(server.get(v1(user("bob") + "/joined_rooms"), root).text("/joined_rooms/0"), room);
}

TEST_P(SynapseApi, RefusesWhatWouldDeceivePeople) {
  EXPECT_EQ(server.post(v1(user("bob") + "/login"), root, json::object{}).errcode(), "M_FORBIDDEN");
  EXPECT_EQ(server.post(v1(user("bob") + "/shadow_ban"), root, json::object{}).errcode(), "M_FORBIDDEN");
}

TEST_P(SynapseApi, ListsAndShowsRooms) {
  make_room(alice, {{"name", "Zebra"}});
  auto const list = server.get(v1("rooms?order_by=joined_members"), root);
  ASSERT_EQ(list.at("/total_rooms"), 2);
  EXPECT_EQ(list.text("/rooms/0/room_id"), room) << "the largest first";
  auto const one = server.get(v1("rooms/" + in_path(room)), root);
  EXPECT_EQ(one.text("/creator"), TestServer::user_id("alice"));
  EXPECT_EQ(one.at("/federatable"), true);
  EXPECT_EQ(server.get(v1("rooms/" + in_path(room) + "/members"), root).at("/total"), 2);
  EXPECT_TRUE(server.get(v1("rooms/" + in_path(room) + "/state"), root).at("/state").is_array());
  EXPECT_EQ(server.get(v1("rooms/!nothing"), root).errcode(), "M_NOT_FOUND");
}

TEST_P(SynapseApi, BlocksARoomAndTakesItOver) {
  auto const path = v1("rooms/" + in_path(room));
  EXPECT_EQ(server.get(path + "/block", root).at("/block"), false);
  ASSERT_EQ(server.put(path + "/block", root, {{"block", true}}).status, 200U);
  EXPECT_EQ(server.get(path + "/block", root).text("/user_id"), TestServer::user_id("root"));
  ASSERT_EQ(server.put(path + "/block", root, {{"block", false}}).status, 200U);
  auto const body = json::object{{"user_id", TestServer::user_id("bob")}};
  ASSERT_EQ(server.post(path + "/make_room_admin", root, body).status, 200U);
  EXPECT_EQ(server.put(rooms(room, "state/m.room.name"), bob, {{"name", "x"}}).status, 200U);
}

TEST_P(SynapseApi, ClosesARoomAtOnceAndMovesItsPeople) {
  auto const body =
      json::object{{"new_room_user_id", TestServer::user_id("root")}, {"message", "Go on here"}};
  auto const closed = server.call(net::Method::delete_, v1("rooms/" + in_path(room)), root, body);
  ASSERT_EQ(closed.status, 200U) << json::serialize(closed.body);
  EXPECT_EQ(closed.at("/kicked_users").as_array().size(), 2U);
  EXPECT_EQ(closed.at("/failed_to_kick_users"), json::array());
  auto const next = closed.text("/new_room_id");
  EXPECT_EQ(server.get("/_matrix/client/v3/joined_rooms", bob).at("/joined_rooms"), json::array{next});
}

TEST_P(SynapseApi, ClosesARoomInTheBackground) {
  auto const begun =
      server.call(net::Method::delete_, v2("rooms/" + in_path(room)), root, json::object{{"block", true}});
  ASSERT_EQ(begun.status, 200U);
  server.restart();  // waits for what is under way
  auto const status = server.get(v2("rooms/delete_status/" + begun.text("/delete_id")), root);
  EXPECT_EQ(status.text("/status"), "complete");
  EXPECT_EQ(status.at("/shutdown_room/kicked_users").as_array().size(), 2U);
  auto const all = server.get(v2("rooms/" + in_path(room) + "/delete_status"), root);
  EXPECT_EQ(all.text("/results/0/delete_id"), begun.text("/delete_id"));
}

TEST_P(SynapseApi, PurgesNothingAndSaysWhy) {
  auto const purge = json::object{{"purge", true}};
  auto const answer = server.call(net::Method::delete_, v1("rooms/" + in_path(room)), root, purge);
  EXPECT_EQ(answer.status, 409U);
  EXPECT_THAT(answer.text("/error"), ::testing::HasSubstr("disposal"));
  EXPECT_EQ(server.post(v1("purge_history/" + in_path(room)), root, json::object{}).status, 409U);
  EXPECT_EQ(send(alice, "still here", "1").status, 200U);
}

TEST_P(SynapseApi, QuarantinesAndRemovesFiles) {
  auto const upload = [&](int n) {
    auto const uri =
        server.post("/_matrix/media/v3/upload?filename=names.txt", bob, {{"n", n}}).text("/content_uri");
    return uri.substr(uri.rfind('/') + 1);
  };
  auto const first = upload(1);
  auto const second = upload(2);
  auto const list = server.get(v1(user("bob") + "/media"), root);
  ASSERT_EQ(list.at("/total"), 2);
  EXPECT_EQ(json::serialize(list.body).find("names.txt"), std::string::npos)
      << "names stay with their readers";
  auto const path = "/_matrix/client/v1/media/download/test.example/";
  EXPECT_EQ(server.get(path + first, bob).status, 200U);
  ASSERT_EQ(server.post(v1("media/quarantine/test.example/" + first), root, json::object{}).status, 200U);
  EXPECT_EQ(server.get(path + first, bob).status, 404U);
  EXPECT_EQ(last_audit().at("what"), "media.quarantined");
  ASSERT_EQ(server.post(v1("media/unquarantine/test.example/" + first), root, json::object{}).status, 200U);
  EXPECT_EQ(server.get(path + first, bob).status, 200U);
  auto const gone = server.call(net::Method::delete_, v1("media/test.example/" + second), root);
  EXPECT_EQ(gone.text("/deleted_media/0"), second);
  EXPECT_EQ(server.get(path + second, bob).status, 404U);
  EXPECT_EQ(server.get(v1("media/test.example/" + second), root).errcode(), "M_NOT_FOUND");
  EXPECT_EQ(server.get(v1("statistics/users/media"), root).at("/users/0/media_count"), 1);
  EXPECT_EQ(server.post(v1("media/protect/" + first), root, json::object{}).errcode(), "M_FORBIDDEN");
  auto const all = server.post(v1("user/" + in_path(TestServer::user_id("bob")) + "/media/quarantine"), root,
                               json::object{});
  EXPECT_EQ(all.at("/num_quarantined"), 1);
}

TEST_P(SynapseApi, NamesNoFileOfARedactedEventButQuarantinesItWithTheRoom) {
  auto const uri = server.post("/_matrix/media/v3/upload", bob, {{"n", 1}}).text("/content_uri");
  auto const sent = server.put(rooms(room, "send/m.room.message/file"), bob,
                               {{"msgtype", "m.file"}, {"body", "f"}, {"url", uri}});
  auto const listing = v1("room/" + in_path(room) + "/media");
  EXPECT_EQ(server.get(listing, root).text("/local/0"), uri);
  auto const redact = rooms(room, "redact/" + in_path(sent.text("/event_id")) + "/r");
  ASSERT_EQ(server.put(redact, bob, json::object{}).status, 200U);
  EXPECT_EQ(server.get(listing, root).at("/local"), json::array());
  EXPECT_EQ(server.post(listing + "/quarantine", root, json::object{}).at("/num_quarantined"), 1);
}

TEST_P(SynapseApi, KeepsRegistrationTokens) {
  auto const made = server.post(v1("registration_tokens/new"), root, {{"token", "key"}, {"uses_allowed", 1}});
  ASSERT_EQ(made.status, 200U);
  EXPECT_EQ(made.at("/expiry_time"), nullptr);
  EXPECT_EQ(server.post(v1("registration_tokens/new"), root, {{"token", "key"}}).status, 400U);
  EXPECT_EQ(server.put(v1("registration_tokens/key"), root, {{"uses_allowed", 0}}).at("/uses_allowed"), 0);
  EXPECT_EQ(server.get(v1("registration_tokens?valid=true"), root).at("/registration_tokens"), json::array());
  EXPECT_EQ(server.get(v1("registration_tokens?valid=false"), root).text("/registration_tokens/0/token"),
            "key");
  EXPECT_EQ(server.put(v1("registration_tokens/key"), root, {{"uses_allowed", "many"}}).errcode(),
            "M_INVALID_PARAM");
  EXPECT_EQ(server.call(net::Method::delete_, v1("registration_tokens/key"), root).status, 200U);
}

TEST_P(SynapseApi, ShowsWhatWasReportedWithoutTheWords) {
  auto const event = say(bob, "rude words");
  ASSERT_EQ(server.post(rooms(room, "report/" + in_path(event)), alice, {{"reason", "rude"}}).status, 200U);
  auto const reports = server.get(v1("event_reports"), root);
  ASSERT_EQ(reports.at("/total"), 1);
  EXPECT_EQ(reports.text("/event_reports/0/event_id"), event);
  EXPECT_EQ(reports.text("/event_reports/0/sender"), TestServer::user_id("bob"));
  EXPECT_EQ(json::serialize(reports.body).find("rude words"), std::string::npos);
  auto const id = std::to_string(reports.at("/event_reports/0/id").to_number<int>());
  EXPECT_EQ(server.get(v1("event_reports/" + id), root).text("/reason"), "rude");
  EXPECT_EQ(last_audit().at("what"), "reports.read");
  EXPECT_EQ(server.get(v1("event_reports/99"), root).errcode(), "M_NOT_FOUND");
}

TEST_P(SynapseApi, TakesAReportOffTheListAndKeepsIt) {
  auto const event = say(bob, "rude words");
  ASSERT_EQ(server.post(rooms(room, "report/" + in_path(event)), alice, {{"reason", "rude"}}).status, 200U);
  auto const reports = server.get(v1("event_reports"), root);
  auto const path = v1("event_reports/" + std::to_string(reports.at("/event_reports/0/id").to_number<int>()));
  EXPECT_EQ(server.call(net::Method::delete_, path, alice).errcode(), "M_FORBIDDEN");
  EXPECT_EQ(server.call(net::Method::delete_, path, root).status, 200U);
  EXPECT_EQ(last_audit().at("what"), "report.closed");
  EXPECT_EQ(server.get(v1("event_reports"), root).at("/total"), 0);
  EXPECT_EQ(server.get(path, root).errcode(), "M_NOT_FOUND");
  EXPECT_EQ(server.call(net::Method::delete_, path, root).errcode(), "M_NOT_FOUND");
  EXPECT_EQ(server.get("/_torg/v1/admin/reports", root).text("/reports/0/reason"), "rude");
}

TEST_P(SynapseApi, SaysWhatServerItIs) {
  EXPECT_EQ(server.get(v1("server_version"), root).text("/server_version"), "Torg");
  EXPECT_TRUE(server.get(v1("background_updates/status"), root).at("/current_updates").is_object());
  EXPECT_EQ(server.get(v1("federation/destinations"), root).at("/total"), 0);
  EXPECT_EQ(server.get(v1("username_available?username=bob"), root).errcode(), "M_USER_IN_USE");
}

TEST(SynapseRates, HoldForOnePersonInsteadOfTheRest) {
  TestServer server(db::Database::Kind::sqlite, {"rate_limits=on", "rate_limits.messages=2 then 1/h"});
  server.run(server.app().identity().create_user({.localpart = "root",
                                                  .password = "secret-root",
                                                  .displayname = {},
                                                  .role = identity::Role::administrator}));
  auto const root = server.log_in("root", "secret-root");
  auto const alice = server.sign_up("alice");
  auto const room = server.post("/_matrix/client/v3/createRoom", alice, json::object{}).text("/room_id");
  int sent = 0;
  auto const say = [&] {
    return server
        .put("/_matrix/client/v3/rooms/" + in_path(room) + "/send/m.room.message/" + std::to_string(++sent),
             alice, {{"msgtype", "m.text"}, {"body", "x"}})
        .status;
  };
  EXPECT_EQ(say(), 200U);
  EXPECT_EQ(say(), 200U);
  EXPECT_EQ(say(), 429U);
  auto const path =
      "/_synapse/admin/v1/users/" + in_path(TestServer::user_id("alice")) + "/override_ratelimit";
  ASSERT_EQ(server.post(path, root, {{"messages_per_second", 0}, {"burst_count", 0}}).status, 200U);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(say(), 200U);
  server.restart();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(say(), 200U) << "it is kept";
  ASSERT_EQ(server.call(net::Method::delete_, path, root).status, 200U);
  EXPECT_EQ(server.get(path, root).body, json::object());
  EXPECT_EQ(say(), 200U);
  EXPECT_EQ(say(), 200U);
  EXPECT_EQ(say(), 429U);
}

}  // namespace
}  // namespace torg::testing
