#include "room_fixture.hpp"

namespace torg::testing {
namespace {

using ::testing::ElementsAre;

class SyncApi : public RoomApi {};
INSTANTIATE_TEST_SUITE_P(Db, SyncApi, db::both_databases(), db::database_name);

TEST_P(SyncApi, ShowsWhatIsNewAndNothingTwice) {
  auto const since = sync(bob).text("/next_batch");
  say(alice, "ett");
  auto const first = sync(bob, since);
  EXPECT_THAT(bodies(member(part(first), "/timeline/events")), ElementsAre("ett"));
  auto const second = sync(bob, first.text("/next_batch"));
  EXPECT_TRUE(part(second).is_null()) << json::serialize(second.body);
}

TEST_P(SyncApi, AWaitingSyncIsWokenByAMessage) {
  auto const since = sync(bob).text("/next_batch");
  std::vector<std::string> got;
  server.start(net::Method::get, "/_matrix/client/v3/sync?timeout=30000&since=" + since, bob, std::nullopt,
               [&](Reply reply) { got = bodies(member(part(reply), "/timeline/events")); });
  say(alice, "vakna");
  server.run_all();
  EXPECT_THAT(got, ElementsAre("vakna"));
}

TEST_P(SyncApi, AGapIsMarkedAndPagingClosesIt) {
  auto const since = sync(bob).text("/next_batch");
  for (int i = 0; i < 50; ++i) say(alice, std::to_string(i));
  auto const reply = sync(bob, since, "&filter=" + in_path(R"({"room":{"timeline":{"limit":5}}})"));
  auto const timeline = member(part(reply), "/timeline");
  EXPECT_EQ(timeline.at("limited"), true);
  EXPECT_THAT(bodies(timeline.at("events")), ElementsAre("45", "46", "47", "48", "49"));
  auto const page = server.get(
      rooms(room, "messages?dir=b&limit=100&from=" + std::string(timeline.at("prev_batch").as_string()) +
                      "&to=" + since),
      bob);
  auto const older = bodies(page.at("/chunk"));
  ASSERT_EQ(older.size(), 45U);
  EXPECT_EQ(older.front(), "44");
  EXPECT_EQ(older.back(), "0");
}

TEST_P(SyncApi, AFilterHoldsWhatTheSpecificationSays) {
  auto const filters = "/_matrix/client/v3/user/" + in_path(TestServer::user_id("bob")) + "/filter";
  for (auto const* wrong :
       {R"({"room":{"timeline":{"limit":"AAA"}}})", R"({"room":{"state":{"lazy_load_members":"yes"}}})",
        R"({"room":{"include_leave":1}})", R"({"event_format":"server"})", R"({"event_fields":[1]})"}) {
    auto const body = json::parse(wrong);
    EXPECT_EQ(server.post(filters, bob, body).text("/errcode"), "M_BAD_JSON") << wrong;
    EXPECT_EQ(sync(bob, "", "&filter=" + in_path(wrong)).status, 400U) << wrong;
  }
  EXPECT_EQ(server.post(filters, bob, json::parse(R"({"room":{"timeline":{"limit":null}}})")).status, 200U);
}

TEST_P(SyncApi, StateThatChangedInAGapComesWithIt) {
  auto const since = sync(bob).text("/next_batch");
  ASSERT_EQ(server.put(rooms(room, "state/m.room.topic"), alice, {{"topic", "vallen"}}).status, 200U);
  for (int i = 0; i < 30; ++i) say(alice, std::to_string(i));
  auto const state = member(part(sync(bob, since)), "/state/events");
  ASSERT_EQ(state.as_array().size(), 1U) << json::serialize(state);
  EXPECT_EQ(state.at(0).at("content").at("topic"), "vallen");
}

TEST_P(SyncApi, AnOldTokenIsGoodAfterARestart) {
  auto const since = sync(bob).text("/next_batch");
  say(alice, "medan du var borta");
  server.restart();
  EXPECT_THAT(bodies(member(part(sync(bob, since)), "/timeline/events")), ElementsAre("medan du var borta"));
}

TEST_P(SyncApi, AnInvitationShowsTheRoomAndJoiningItsHistory) {
  auto const carol = server.sign_up("carol");
  say(alice, "före");
  auto const since = sync(carol).text("/next_batch");
  ASSERT_EQ(server.post(rooms(room, "invite"), alice, {{"user_id", TestServer::user_id("carol")}}).status,
            200U);
  auto const invited = sync(carol, since);
  EXPECT_FALSE(member(part(invited, "invite"), "/invite_state/events").as_array().empty());
  ASSERT_EQ(server.post(rooms(room, "join"), carol, json::object{}).status, 200U);
  auto const joined = sync(carol, invited.text("/next_batch"));
  EXPECT_THAT(bodies(member(part(joined), "/timeline/events")), ElementsAre("före")) << "shared history";
}

TEST_P(SyncApi, WithJoinedHistoryANewcomerSeesFromJoiningOn) {
  ASSERT_EQ(
      server.put(rooms(room, "state/m.room.history_visibility"), alice, {{"history_visibility", "joined"}})
          .status,
      200U);
  say(alice, "internt");
  auto const carol = server.sign_up("carol");
  ASSERT_EQ(server.post(rooms(room, "invite"), alice, {{"user_id", TestServer::user_id("carol")}}).status,
            200U);
  ASSERT_EQ(server.post(rooms(room, "join"), carol, json::object{}).status, 200U);
  say(alice, "välkommen");
  EXPECT_THAT(bodies(member(part(sync(carol)), "/timeline/events")), ElementsAre("välkommen"));
  EXPECT_THAT(bodies(server.get(rooms(room, "messages?dir=b&limit=50"), carol).at("/chunk")),
              ElementsAre("välkommen"));
}

TEST_P(SyncApi, LeavingIsShownOnceAndEndsTheView) {
  auto const since = sync(bob).text("/next_batch");
  ASSERT_EQ(server.post(rooms(room, "leave"), bob, json::object{}).status, 200U);
  say(alice, "efteråt");
  auto const left = sync(bob, since);
  EXPECT_FALSE(part(left, "leave").is_null());
  EXPECT_EQ(json::serialize(left.body).find("efteråt"), std::string::npos);
  EXPECT_TRUE(part(sync(bob, left.text("/next_batch")), "leave").is_null());
  EXPECT_EQ(json::serialize(server.get(rooms(room, "messages?dir=b"), bob).body).find("efteråt"),
            std::string::npos);
}

TEST_P(SyncApi, LazyLoadingBringsTheMembersWhoSpeakAndNoOthers) {
  say(alice, "hej");
  auto const filter = in_path(R"({"room":{"state":{"lazy_load_members":true},"timeline":{"limit":1}}})");
  auto const state = member(part(sync(bob, "", "&filter=" + filter)), "/state/events");
  std::set<std::string> members;
  for (auto const& event : state.as_array()) {
    if (event.at("type") == "m.room.member") members.emplace(event.at("state_key").as_string());
  }
  EXPECT_THAT(members, ElementsAre(TestServer::user_id("alice"), TestServer::user_id("bob")));
  auto const carol = server.sign_up("carol");
  ASSERT_EQ(server.post(rooms(room, "invite"), alice, {{"user_id", TestServer::user_id("carol")}}).status,
            200U);
  ASSERT_EQ(server.post(rooms(room, "join"), carol, json::object{}).status, 200U);
  say(alice, "igen");
  EXPECT_EQ(json::serialize(member(part(sync(bob, "", "&filter=" + filter)), "/state/events")).find("@carol"),
            std::string::npos);
}

TEST_P(SyncApi, UnreadCountsFollowTheReceipt) {
  say(alice, "ett");
  auto const second = say(alice, "två");
  EXPECT_EQ(member(part(sync(bob)), "/unread_notifications/notification_count"), 2);
  ASSERT_EQ(server.post(rooms(room, "receipt/m.read/" + in_path(second)), bob, json::object{}).status, 200U);
  EXPECT_EQ(member(part(sync(bob)), "/unread_notifications/notification_count"), 0);
  say(alice, "tre");
  EXPECT_EQ(member(part(sync(bob)), "/unread_notifications/notification_count"), 1);
}

TEST_P(SyncApi, HighlightsAreTheUnreadMessagesThatCallOneByName) {
  auto const highlights = [&](std::string const& token) {
    return member(part(sync(token)), "/unread_notifications/highlight_count");
  };
  auto const call = [&](std::string const& token, json::object mentions, std::string const& transaction,
                        std::string const& kind = "m.text") {
    auto const reply = server.put(rooms(room, "send/m.room.message/" + transaction), token,
                                  {{"msgtype", kind}, {"body", "hej"}, {"m.mentions", std::move(mentions)}});
    EXPECT_EQ(reply.status, 200U);
    return reply.text("/event_id");
  };
  json::object const bob_is_meant{{"user_ids", {TestServer::user_id("bob")}}};
  say(alice, "hej");
  EXPECT_EQ(highlights(bob), 0);
  call(alice, bob_is_meant, "m1");
  EXPECT_EQ(highlights(bob), 1);
  call(alice, {{"room", true}}, "m2");
  EXPECT_EQ(highlights(bob), 2);
  call(alice, bob_is_meant, "m3", "m.notice");
  auto const last = call(alice, {{"user_ids", {TestServer::user_id("alice")}}}, "m4");
  EXPECT_EQ(highlights(bob), 2);
  EXPECT_EQ(highlights(alice), 0);
  server.restart();
  EXPECT_EQ(highlights(bob), 2);
  ASSERT_EQ(server.post(rooms(room, "receipt/m.read/" + in_path(last)), bob, json::object{}).status, 200U);
  EXPECT_EQ(highlights(bob), 0);
  // Bob may not call everyone: he has no power in Alice's room.
  call(bob, {{"room", true}}, "m5");
  EXPECT_EQ(highlights(alice), 0);
}

TEST_P(SyncApi, HighlightsBeyondWhatIsInMemoryAreFound) {
  auto const call = server.put(
      rooms(room, "send/m.room.message/first"), alice,
      {{"msgtype", "m.text"}, {"body", "hej"}, {"m.mentions", {{"user_ids", {TestServer::user_id("bob")}}}}});
  ASSERT_EQ(call.status, 200U);
  for (int n = 0; n < 60; ++n) say(alice, "nummer " + std::to_string(n));
  EXPECT_EQ(member(part(sync(bob)), "/unread_notifications/highlight_count"), 1);
}

TEST_P(SyncApi, APrivateReceiptIsShownToItsOwnerOnly) {
  auto const event = say(alice, "hej");
  ASSERT_EQ(server.post(rooms(room, "receipt/m.read.private/" + in_path(event)), bob, json::object{}).status,
            200U);
  EXPECT_NE(json::serialize(sync(bob).body).find("m.read.private"), std::string::npos);
  EXPECT_EQ(json::serialize(sync(alice).body).find("m.read.private"), std::string::npos);
}

TEST_P(SyncApi, TypingIsShownWhileItLasts) {
  auto const since = sync(bob).text("/next_batch");
  auto const typing = rooms(room, "typing/" + in_path(TestServer::user_id("alice")));
  ASSERT_EQ(server.put(typing, alice, {{"typing", true}, {"timeout", 30000}}).status, 200U);
  auto const on = sync(bob, since);
  EXPECT_NE(json::serialize(part(on)).find(TestServer::user_id("alice")), std::string::npos);
  ASSERT_EQ(server.put(typing, alice, {{"typing", false}}).status, 200U);
  EXPECT_EQ(member(part(sync(bob, on.text("/next_batch"))), "/ephemeral/events/0/content/user_ids"),
            json::array{});
  EXPECT_EQ(server.put(typing, bob, {{"typing", true}}).errcode(), "M_FORBIDDEN");
}

TEST_P(SyncApi, ACappedQueueOfDeviceMessagesLosesNone) {
  auto const whoami = server.get("/_matrix/client/v3/account/whoami", bob);
  auto const device = whoami.text("/device_id");
  for (int i = 0; i < 130; ++i) {
    json::value const body{{"messages", {{TestServer::user_id("bob"), {{device, {{"n", i}}}}}}}};
    ASSERT_EQ(server.put("/_matrix/client/v3/sendToDevice/test/t" + std::to_string(i), alice, body).status,
              200U);
  }
  say(alice, "sist");
  auto const first = sync(bob);
  EXPECT_EQ(first.at("/to_device/events").as_array().size(), 100U);
  EXPECT_TRUE(bodies(member(part(first), "/timeline/events")).empty())
      << "all lanes end where the capped one does";
  auto const second = sync(bob, first.text("/next_batch"));
  EXPECT_EQ(second.at("/to_device/events").as_array().size(), 30U);
  EXPECT_EQ(second.at("/to_device/events/29/content/n"), 129);
  EXPECT_THAT(bodies(member(part(second), "/timeline/events")), ElementsAre("sist"));
  EXPECT_TRUE(sync(bob, second.text("/next_batch")).at("/to_device").is_null());
}

TEST_P(SyncApi, ATokenFromTheFutureIsRefused) {
  EXPECT_EQ(sync(bob, "s999999_0_1").status, 400U);
  EXPECT_EQ(sync(bob, "nonsense").errcode(), "M_INVALID_PARAM");
}

}  // namespace
}  // namespace torg::testing
