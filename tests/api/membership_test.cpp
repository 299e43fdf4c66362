#include "room_fixture.hpp"

namespace torg::testing {
namespace {

class MembershipApi : public RoomApi {};
INSTANTIATE_TEST_SUITE_P(Db, MembershipApi, db::both_databases(), db::database_name);

TEST_P(MembershipApi, RefusesToUnbanSomebodyWhoIsNotBanned) {
  EXPECT_EQ(server.post(rooms(room, "unban"), alice, {{"user_id", TestServer::user_id("bob")}}).errcode(),
            "M_BAD_STATE");
}

TEST_P(MembershipApi, ANameThatWasRedactedIsNotAmongTheMembers) {
  auto const self = in_path(TestServer::user_id("alice"));
  ASSERT_EQ(server
                .put("/_matrix/client/v3/profile/" + self + "/displayname", alice,
                     {{"displayname", "Alice Hemlig"}})
                .status,
            200U);
  auto const shown = [&] { return json::serialize(server.get(rooms(room, "joined_members"), bob).body); };
  EXPECT_THAT(shown(), ::testing::HasSubstr("Alice Hemlig"));
  auto const event =
      server.get(rooms(room, "state/m.room.member/" + self + "?format=event"), alice).text("/event_id");
  ASSERT_EQ(server.put(rooms(room, "redact/" + in_path(event) + "/r"), alice, json::object{}).status, 200U);
  EXPECT_THAT(shown(), ::testing::Not(::testing::HasSubstr("Alice Hemlig")));
  EXPECT_THAT(shown(), ::testing::HasSubstr(TestServer::user_id("alice")));
}

TEST_P(MembershipApi, WhoIsNotInTheRoomCanNotBeKicked) {
  server.sign_up("carol");
  auto const kick = [&](std::string_view name) {
    return server.post(rooms(room, "kick"), alice, {{"user_id", TestServer::user_id(name)}});
  };
  EXPECT_EQ(kick("carol").errcode(), "M_FORBIDDEN") << "was never there";
  EXPECT_EQ(kick("bob").status, 200U);
  EXPECT_EQ(kick("bob").errcode(), "M_FORBIDDEN") << "has left";
  ASSERT_EQ(server.post(rooms(room, "ban"), alice, {{"user_id", TestServer::user_id("bob")}}).status, 200U);
  EXPECT_EQ(kick("bob").errcode(), "M_FORBIDDEN") << "a kick must not lift the ban";
  EXPECT_EQ(server.post(rooms(room, "unban"), alice, {{"user_id", TestServer::user_id("bob")}}).status, 200U);
  EXPECT_EQ(server.post(rooms(room, "invite"), alice, {{"user_id", TestServer::user_id("carol")}}).status,
            200U);
  EXPECT_EQ(kick("carol").status, 200U) << "an invitation can be taken back";
}

TEST_P(MembershipApi, WhatAJoinSaysBesideStandsInTheMembershipEvent) {
  auto const here = make_room(alice, {{"preset", "public_chat"}});
  json::value const body{{"foo", "bar"}, {"membership", "ban"}, {"reason", "nyfiken"}};
  ASSERT_EQ(server.post("/_matrix/client/v3/join/" + in_path(here), bob, body).status, 200U);
  auto const event =
      server.get(rooms(here, "state/m.room.member/" + in_path(TestServer::user_id("bob"))), bob);
  EXPECT_EQ(event.text("/foo"), "bar");
  EXPECT_EQ(event.text("/membership"), "join");
  EXPECT_EQ(event.text("/reason"), "nyfiken");
}

TEST_P(MembershipApi, TheSameStateSetTwiceIsOneEvent) {
  auto const set = [&](std::string const& token, std::string_view value) {
    return server.put(rooms(room, "state/m.room.topic"), token, {{"topic", value}}).text("/event_id");
  };
  auto const first = set(alice, "vallen");
  EXPECT_EQ(set(alice, "vallen"), first);
  auto const second = set(alice, "annat");
  EXPECT_NE(second, first);
  EXPECT_NE(set(alice, "vallen"), first) << "what is current counts, not what was";
}

TEST_P(MembershipApi, AForgottenRoomIsShownAsLeftOnceAndThenNoMore) {
  auto const since = sync(bob).text("/next_batch");
  EXPECT_EQ(server.post(rooms(room, "forget"), bob, json::object{}).status, 400U) << "still in it";
  ASSERT_EQ(server.post(rooms(room, "leave"), bob, json::object{}).status, 200U);
  ASSERT_EQ(server.post(rooms(room, "forget"), bob, json::object{}).status, 200U);
  say(alice, "efteråt");
  auto const next = sync(bob, since);
  EXPECT_FALSE(part(next, "leave").is_null()) << "other devices must hear of it";
  EXPECT_EQ(json::serialize(next.body).find("efteråt"), std::string::npos);
  EXPECT_TRUE(part(sync(bob, next.text("/next_batch")), "leave").is_null());
  auto const all = in_path(R"({"room":{"include_leave":true}})");
  EXPECT_TRUE(part(sync(bob, "", "&filter=" + all), "leave").is_null());
  EXPECT_EQ(server.get(rooms(room, "messages?dir=b"), bob).errcode(), "M_FORBIDDEN");
  server.restart();
  EXPECT_FALSE(part(sync(bob, since), "leave").is_null());
  EXPECT_EQ(server.get(rooms(room, "messages?dir=b"), bob).errcode(), "M_FORBIDDEN");
}

TEST_P(MembershipApi, WhoComesBackToAForgottenRoomReadsItAgain) {
  say(bob, "före");
  ASSERT_EQ(server.post(rooms(room, "leave"), bob, json::object{}).status, 200U);
  ASSERT_EQ(server.post(rooms(room, "forget"), bob, json::object{}).status, 200U);
  ASSERT_EQ(server.post(rooms(room, "invite"), alice, {{"user_id", TestServer::user_id("bob")}}).status,
            200U);
  ASSERT_EQ(server.post(rooms(room, "join"), bob, json::object{}).status, 200U);
  EXPECT_THAT(bodies(server.get(rooms(room, "messages?dir=b&limit=50"), bob).at("/chunk")),
              ::testing::ElementsAre("före"));
}

}  // namespace
}  // namespace torg::testing
