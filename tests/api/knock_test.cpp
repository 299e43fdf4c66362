#include "room_fixture.hpp"

namespace torg::testing {
namespace {

class KnockApi : public RoomApi {
 protected:
  std::string carol = server.sign_up("carol");

  void SetUp() override {
    RoomApi::SetUp();
    ASSERT_EQ(server.put(rooms(room, "state/m.room.join_rules"), alice, {{"join_rule", "knock"}}).status,
              200U);
  }
  Reply knock(std::string const& token, json::value body = json::object{}) {
    return server.post("/_matrix/client/v3/knock/" + in_path(room), token, std::move(body));
  }
  json::value membership(json::value const& events, std::string_view user) {
    for (auto const& event : events.as_array()) {
      if (event.at("type") == "m.room.member" &&
          event.at("state_key").as_string() == TestServer::user_id(user))
        return event.at("content");
    }
    return nullptr;
  }
};
INSTANTIATE_TEST_SUITE_P(Db, KnockApi, db::both_databases(), db::database_name);

TEST_P(KnockApi, AKnockIsHeardInTheRoomAndSeenByWhoKnocks) {
  auto const since = sync(carol).text("/next_batch"), alices = sync(alice).text("/next_batch");
  auto const reply = knock(carol, {{"reason", "släpp in mig"}});
  EXPECT_EQ(reply.text("/room_id"), room);
  for (auto const& answer : {sync(carol, since), sync(carol)}) {
    auto const own = membership(member(part(answer, "knock"), "/knock_state/events"), "carol");
    ASSERT_TRUE(own.is_object());
    EXPECT_EQ(own.at("membership"), "knock");
    EXPECT_EQ(own.at("reason"), "släpp in mig");
    EXPECT_TRUE(part(answer).is_null());
  }
  auto const heard = membership(member(part(sync(alice, alices)), "/timeline/events"), "carol");
  ASSERT_TRUE(heard.is_object());
  EXPECT_EQ(heard.at("reason"), "släpp in mig");
  EXPECT_EQ(server.get(rooms(room, "messages?dir=b"), carol).errcode(), "M_FORBIDDEN");
}

TEST_P(KnockApi, AKnockIsAnsweredByAnInvitation) {
  ASSERT_EQ(knock(carol).status, 200U);
  auto const since = sync(carol).text("/next_batch");
  EXPECT_EQ(server.post(rooms(room, "join"), carol, json::object{}).errcode(), "M_FORBIDDEN");
  ASSERT_EQ(server.post(rooms(room, "invite"), alice, {{"user_id", TestServer::user_id("carol")}}).status,
            200U);
  EXPECT_FALSE(part(sync(carol, since), "invite").is_null());
  EXPECT_EQ(knock(carol).errcode(), "M_FORBIDDEN");
  EXPECT_EQ(server.post(rooms(room, "join"), carol, json::object{}).status, 200U);
  EXPECT_EQ(knock(carol).errcode(), "M_FORBIDDEN");
}

TEST_P(KnockApi, AKnockIsRefusedOrWithdrawnAndMayBeTriedAgain) {
  auto const refuse = [&](std::string const& token, std::string const& act, json::value body) {
    auto const since = sync(carol).text("/next_batch");
    EXPECT_EQ(server.post(rooms(room, act), token, std::move(body)).status, 200U);
    EXPECT_FALSE(part(sync(carol, since), "leave").is_null());
  };
  ASSERT_EQ(knock(carol).status, 200U);
  ASSERT_EQ(knock(carol).status, 200U) << "knocking twice is no news";
  refuse(alice, "kick", {{"user_id", TestServer::user_id("carol")}});
  ASSERT_EQ(knock(carol).status, 200U);
  refuse(carol, "leave", json::object{});
  ASSERT_EQ(knock(carol).status, 200U);
  refuse(alice, "ban", {{"user_id", TestServer::user_id("carol")}});
  EXPECT_EQ(knock(carol).errcode(), "M_FORBIDDEN");
}

TEST_P(KnockApi, OneKnocksOnlyWhereTheRoomAllowsIt) {
  ASSERT_EQ(server.put(rooms(room, "state/m.room.join_rules"), alice, {{"join_rule", "invite"}}).status,
            200U);
  EXPECT_EQ(knock(carol).errcode(), "M_FORBIDDEN");
  EXPECT_EQ(server.post("/_matrix/client/v3/knock/%23nowhere:test.example", carol, json::object{}).errcode(),
            "M_NOT_FOUND");
  EXPECT_EQ(server.post("/_matrix/client/v3/knock/!nowhere", carol, json::object{}).errcode(), "M_FORBIDDEN");
}

}  // namespace
}  // namespace torg::testing
