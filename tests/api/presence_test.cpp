#include "room_fixture.hpp"

namespace torg::testing {
namespace {

class PresenceApi : public RoomApi {
 protected:
  static std::string path(std::string_view user) {
    return "/_matrix/client/v3/presence/" + in_path(TestServer::user_id(user)) + "/status";
  }
  Reply say_there(std::string const& token, std::string_view user, std::string const& state,
                  std::string const& status = "") {
    return server.put(path(user), token, {{"presence", state}, {"status_msg", status}});
  }
  /// Content of somebody's presence event; null when there is none.
  static json::value presence(Reply const& reply, std::string_view user) {
    auto const events = reply.at("/presence/events");
    if (!events.is_array()) return nullptr;
    for (auto const& event : events.get_array()) {
      EXPECT_EQ(event.at("type"), "m.presence");
      if (event.at("sender").as_string() == TestServer::user_id(user)) return event.at("content");
    }
    return nullptr;
  }
  /// A sync that says nothing of the one who reads.
  Reply look(std::string const& token, std::string const& since = "") {
    return sync(token, since, "&set_presence=offline");
  }
};
INSTANTIATE_TEST_SUITE_P(Db, PresenceApi, db::both_databases(), db::database_name);

TEST_P(PresenceApi, WhatOneSaysOfOneselfIsShownToThoseWhoShareARoom) {
  auto const carol = server.sign_up("carol");
  auto const since = look(bob).text("/next_batch"), carols = look(carol).text("/next_batch");
  EXPECT_EQ(server.get(path("alice"), bob).body, (json::value{{"presence", "offline"}}));
  ASSERT_EQ(say_there(alice, "alice", "unavailable", "I möte").status, 200U);
  auto const seen = server.get(path("alice"), bob);
  EXPECT_EQ(seen.text("/presence"), "unavailable");
  EXPECT_EQ(seen.text("/status_msg"), "I möte");
  EXPECT_GE(seen.at("/last_active_ago").as_int64(), 0);
  for (auto const& answer : {look(bob, since), look(bob)}) {
    auto const content = presence(answer, "alice");
    ASSERT_TRUE(content.is_object());
    EXPECT_EQ(content.at("presence"), "unavailable");
    EXPECT_EQ(content.at("status_msg"), "I möte");
  }
  EXPECT_TRUE(presence(look(carol, carols), "alice").is_null());
  EXPECT_TRUE(presence(look(carol), "alice").is_null());
  EXPECT_EQ(server.get(path("alice"), carol).errcode(), "M_FORBIDDEN");
  EXPECT_EQ(server.get(path("alice"), alice).text("/presence"), "unavailable");
}

TEST_P(PresenceApi, ASyncSaysWhetherItsUserIsThere) {
  auto since = look(bob).text("/next_batch");
  auto const seen = [&](std::string const& more) {
    sync(alice, "", more);
    auto const answer = look(bob, since);
    since = answer.text("/next_batch");
    auto const content = presence(answer, "alice");
    return content.is_null() ? std::string() : std::string(content.at("presence").as_string());
  };
  EXPECT_EQ(seen("&set_presence=offline"), "");
  EXPECT_EQ(seen(""), "online");
  EXPECT_EQ(seen(""), "") << "no change, no news";
  EXPECT_EQ(seen("&set_presence=unavailable"), "unavailable");
  EXPECT_EQ(sync(alice, "", "&set_presence=busy").errcode(), "M_INVALID_PARAM");
}

TEST_P(PresenceApi, WhoEntersARoomSeesWhoIsThereAndIsSeen) {
  auto const carol = server.sign_up("carol");
  ASSERT_EQ(say_there(carol, "carol", "online").status, 200U);
  ASSERT_EQ(say_there(bob, "bob", "online").status, 200U);
  ASSERT_EQ(server.post(rooms(room, "invite"), alice, {{"user_id", TestServer::user_id("carol")}}).status,
            200U);
  auto const carols = look(carol).text("/next_batch"), bobs = look(bob).text("/next_batch");
  ASSERT_EQ(server.post(rooms(room, "join"), carol, json::object{}).status, 200U);
  EXPECT_TRUE(presence(look(carol, carols), "bob").is_object());
  EXPECT_TRUE(presence(look(bob, bobs), "carol").is_object());
}

TEST_P(PresenceApi, ALeavingIsToldToThoseWhoWait) {
  ASSERT_EQ(say_there(alice, "alice", "online").status, 200U);
  auto const since = look(bob).text("/next_batch");
  Reply waited;
  server.start(net::Method::get, "/_matrix/client/v3/sync?timeout=30000&set_presence=offline&since=" + since,
               bob, std::nullopt, [&](Reply reply) { waited = std::move(reply); });
  ASSERT_EQ(say_there(alice, "alice", "offline", "bort").status, 200U);
  server.run_all();
  EXPECT_EQ(presence(waited, "alice").at("presence"), "offline");
  EXPECT_FALSE(presence(waited, "alice").as_object().contains("status_msg"));
}

TEST_P(PresenceApi, AFilterLeavesPresenceOut) {
  ASSERT_EQ(say_there(alice, "alice", "online").status, 200U);
  EXPECT_TRUE(presence(look(bob), "alice").is_object());
  auto const filtered = sync(bob, "", "&filter=" + in_path(R"({"presence":{"types":[]}})"));
  EXPECT_EQ(filtered.status, 200U);
  EXPECT_TRUE(presence(filtered, "alice").is_null());
}

TEST_P(PresenceApi, OneSpeaksForOneselfAndInTheWordsThatThereAre) {
  EXPECT_EQ(say_there(bob, "alice", "online").errcode(), "M_FORBIDDEN");
  EXPECT_EQ(say_there(alice, "alice", "busy").errcode(), "M_INVALID_PARAM");
  EXPECT_EQ(server.put(path("alice"), alice, json::object{}).errcode(), "M_MISSING_PARAM");
  EXPECT_EQ(say_there(alice, "alice", "online", std::string(2'000, 'x')).errcode(), "M_TOO_LARGE");
}

TEST_P(PresenceApi, NothingOfItOutlivesTheServer) {
  ASSERT_EQ(say_there(alice, "alice", "online").status, 200U);
  server.restart();
  EXPECT_EQ(server.get(path("alice"), alice).body, (json::value{{"presence", "offline"}}));
}

TEST(Presence, IsShownToNobodyWhenItIsSwitchedOff) {
  TestServer server(db::Database::Kind::sqlite, {"presence=off"});
  auto const alice = server.sign_up("alice"), bob = server.sign_up("bob");
  auto const room =
      server.post("/_matrix/client/v3/createRoom", alice, {{"preset", "public_chat"}}).text("/room_id");
  ASSERT_EQ(server.post("/_matrix/client/v3/join/" + in_path(room), bob, json::object{}).status, 200U);
  auto const path = "/_matrix/client/v3/presence/" + in_path(TestServer::user_id("alice")) + "/status";
  EXPECT_EQ(server.put(path, alice, {{"presence", "online"}}).status, 200U);
  ASSERT_EQ(server.get("/_matrix/client/v3/sync", alice).status, 200U);
  EXPECT_EQ(server.get(path, bob).text("/presence"), "offline");
  EXPECT_TRUE(server.get("/_matrix/client/v3/sync", bob).at("/presence").is_null());
}

}  // namespace
}  // namespace torg::testing
