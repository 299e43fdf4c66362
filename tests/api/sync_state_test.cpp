#include "room_fixture.hpp"

namespace torg::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

/// State in a sync, and what a sync leaves out.
class SyncStateApi : public RoomApi {
 protected:
  static std::string filter(std::string const& text) { return "&filter=" + in_path(text); }
  void set_topic(std::string const& token, std::string_view topic) {
    ASSERT_EQ(server.put(rooms(room, "state/m.room.topic"), token, {{"topic", topic}}).status, 200U);
  }
  static std::vector<std::string> types(json::value const& events) {
    std::vector<std::string> found;
    if (!events.is_array()) return found;
    for (auto const& event : events.as_array()) found.emplace_back(event.at("type").as_string());
    return found;
  }
  void ignore(std::string const& token, std::string_view who, std::string_view whom) {
    json::value const list{{"ignored_users", {{TestServer::user_id(whom), json::object{}}}}};
    ASSERT_EQ(server
                  .put("/_matrix/client/v3/user/" + in_path(TestServer::user_id(who)) +
                           "/account_data/m.ignored_user_list",
                       token, list)
                  .status,
              200U);
  }
};
INSTANTIATE_TEST_SUITE_P(Db, SyncStateApi, db::both_databases(), db::database_name);

TEST_P(SyncStateApi, ALeftRoomHasItsStateUpToTheLeave) {
  set_topic(alice, "före");
  ASSERT_EQ(server.post(rooms(room, "leave"), bob, json::object{}).status, 200U);
  set_topic(alice, "efter");
  auto const none =
      part(sync(bob, "", filter(R"({"room":{"timeline":{"limit":0},"include_leave":true}})")), "leave");
  EXPECT_THAT(types(member(none, "/timeline/events")), IsEmpty());
  auto const state = member(none, "/state/events");
  EXPECT_THAT(types(state), Contains("m.room.create"));
  std::string topic, membership;
  for (auto const& event : state.as_array()) {
    if (event.at("type") == "m.room.topic") topic = event.at("content").at("topic").as_string();
    if (event.at("state_key").as_string() == TestServer::user_id("bob"))
      membership = event.at("content").at("membership").as_string();
  }
  EXPECT_EQ(topic, "före");
  EXPECT_EQ(membership, "leave");
  auto const two =
      part(sync(bob, "", filter(R"({"room":{"timeline":{"limit":2},"include_leave":true}})")), "leave");
  EXPECT_THAT(types(member(two, "/timeline/events")), ElementsAre("m.room.topic", "m.room.member"));
  EXPECT_THAT(types(member(two, "/state/events")), Not(Contains("m.room.topic")))
      << "it stands in the timeline";
}

TEST_P(SyncStateApi, ALeaveThatTheFilterLeavesOutIsNotAddedToALeftRoom) {
  auto const since = sync(bob).text("/next_batch");
  say(alice, "före");
  ASSERT_EQ(server.post(rooms(room, "leave"), bob, json::object{}).status, 200U);
  auto const messages_only = filter(
      R"({"room":{"timeline":{"types":["m.room.message"]},"state":{"types":["m.room.topic"]},"include_leave":true}})");
  for (auto const& reply : {sync(bob, since, messages_only), sync(bob, "", messages_only)}) {
    auto const left = part(reply, "leave");
    EXPECT_THAT(types(member(left, "/timeline/events")), ElementsAre("m.room.message"));
    EXPECT_THAT(types(member(left, "/state/events")), IsEmpty());
  }
}

TEST_P(SyncStateApi, AWholeRoomSaysThatItHasNoAccountData) {
  EXPECT_EQ(member(part(sync(bob)), "/account_data/events"), json::array{});
  auto const since = sync(bob).text("/next_batch");
  say(alice, "hej");
  EXPECT_FALSE(part(sync(bob, since)).as_object().contains("account_data"));
}

TEST_P(SyncStateApi, StateAfterIsTheStateAtTheEndOfTheTimeline) {
  auto const since = sync(bob).text("/next_batch");
  set_topic(alice, "vallen");
  auto const before = part(sync(bob, since));
  EXPECT_THAT(types(member(before, "/state/events")), IsEmpty());
  EXPECT_FALSE(before.as_object().contains("state_after"));
  for (auto const& [parameter, key] :
       {std::pair{"&use_state_after=true", "state_after"},
        {"&org.matrix.msc4222.use_state_after=true", "org.matrix.msc4222.state_after"}}) {
    auto const after = part(sync(bob, since, parameter));
    EXPECT_FALSE(after.as_object().contains("state"));
    EXPECT_THAT(types(after.at(key).at("events")), ElementsAre("m.room.topic"));
    auto const whole = part(sync(bob, "", parameter));
    EXPECT_THAT(types(whole.at(key).at("events")), Contains("m.room.topic"));
  }
  say(alice, "hej");
  auto const next = sync(bob, since).text("/next_batch");
  say(alice, "igen");
  EXPECT_THAT(types(part(sync(bob, next, "&use_state_after=true")).at("state_after").at("events")), IsEmpty())
      << "required, even when it is empty";
}

TEST_P(SyncStateApi, StateAfterWithLazyMembersHasThoseWhoSpeakOrEnter) {
  auto const here = make_room(alice, {{"preset", "public_chat"}});
  auto const lazy = filter(R"({"room":{"state":{"lazy_load_members":true}}})") + "&use_state_after=true";
  auto const since = sync(alice, "", lazy).text("/next_batch");
  ASSERT_EQ(server.post(rooms(here, "join"), bob, json::object{}).status, 200U);
  auto const joined = sync(alice, since, lazy);
  auto const members =
      joined.at("/rooms/join").as_object().at(here).at("state_after").at("events").as_array();
  ASSERT_EQ(members.size(), 1U) << json::serialize(members);
  EXPECT_EQ(members.front().at("state_key").as_string(), TestServer::user_id("bob"));
}

TEST_P(SyncStateApi, StateAfterOfALeftRoomEndsWithTheLeave) {
  auto const since = sync(bob).text("/next_batch");
  set_topic(alice, "före");
  ASSERT_EQ(server.post(rooms(room, "leave"), bob, json::object{}).status, 200U);
  set_topic(alice, "efter");
  auto const left = part(sync(bob, since, "&use_state_after=true"), "leave");
  auto const text = json::serialize(left.at("state_after"));
  EXPECT_NE(text.find("före"), std::string::npos);
  EXPECT_NE(text.find(R"("membership":"leave")"), std::string::npos);
  EXPECT_EQ(text.find("efter"), std::string::npos);
}

TEST_P(SyncStateApi, AnInvitationFromSomebodyIgnoredIsNotShown) {
  ignore(bob, "bob", "alice");
  auto const since = sync(bob).text("/next_batch");
  auto const carol = server.sign_up("carol");
  json::value const invite{{"invite", {TestServer::user_id("bob")}}};
  auto const unwanted = make_room(alice, invite);
  auto const wanted = make_room(carol, invite);
  for (auto const& reply : {sync(bob, since), sync(bob)}) {
    auto const invitations = reply.at("/rooms/invite").as_object();
    EXPECT_FALSE(invitations.contains(unwanted));
    EXPECT_TRUE(invitations.contains(wanted));
  }
}

TEST_P(SyncStateApi, MessagesOfSomebodyIgnoredAreLeftOutAndStateIsNot) {
  ignore(bob, "bob", "alice");
  server.restart();  // who ignores whom is kept in memory
  auto const since = sync(bob).text("/next_batch");
  say(alice, "oönskat");
  set_topic(alice, "viktigt");
  say(bob, "eget");
  auto const timeline = member(part(sync(bob, since)), "/timeline/events");
  EXPECT_THAT(types(timeline), ElementsAre("m.room.topic", "m.room.message"));
  EXPECT_THAT(bodies(timeline), ElementsAre("eget"));
  EXPECT_THAT(bodies(server.get(rooms(room, "messages?dir=b"), bob).at("/chunk")), ElementsAre("eget"));
  EXPECT_THAT(bodies(server.get(rooms(room, "messages?dir=b"), alice).at("/chunk")),
              ElementsAre("eget", "oönskat"));
  ignore(bob, "bob", "carol");
  say(alice, "igen");
  EXPECT_THAT(bodies(member(part(sync(bob, since)), "/timeline/events")), Contains("igen"));
}

TEST_P(SyncStateApi, AFilterThatMakesNoSenseIsNotKept) {
  auto const put = [&](std::string const& text) {
    return server.post("/_matrix/client/v3/user/" + in_path(TestServer::user_id("bob")) + "/filter", bob,
                       json::parse(text));
  };
  for (auto const* bad :
       {R"({"presence":"x"})", R"({"room":{"timeline":"x"}})", R"({"room":{"state":"x"}})",
        R"({"room":{"ephemeral":"x"}})", R"({"room":{"account_data":"x"}})",
        R"({"room":{"timeline":{"rooms":"x"}}})", R"({"room":{"timeline":{"not_rooms":"x"}}})",
        R"({"room":{"timeline":{"senders":"x"}}})", R"({"room":{"timeline":{"not_senders":"x"}}})",
        R"({"room":{"timeline":{"types":"x"}}})", R"({"room":{"timeline":{"not_types":"x"}}})",
        R"({"room":{"timeline":{"types":[1]}}})", R"({"room":{"timeline":{"rooms":["x"]}}})",
        R"({"room":{"timeline":{"senders":["x"]}}})", R"({"room":{"rooms":["x"]}})"}) {
    EXPECT_EQ(put(bad).errcode(), "M_BAD_JSON") << bad;
  }
  EXPECT_EQ(put(R"({"room":{"rooms":["!a:b"],"timeline":{"senders":["@a:b"],"types":["m.*"]}}})").status,
            200U);
}

}  // namespace
}  // namespace torg::testing
