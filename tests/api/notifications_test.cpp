// What is unread and whom it calls, by push rules and receipts.
#include "room_fixture.hpp"

namespace torg::testing {
namespace {

using ::testing::ElementsAre;

struct Counts {
  std::int64_t notifications = -1, highlights = -1;
  bool operator==(Counts const&) const = default;
};

std::ostream& operator<<(std::ostream& out, Counts const& counts) {
  return out << counts.notifications << " of them " << counts.highlights << " highlights";
}

class NotificationsApi : public RoomApi {
 protected:
  static Counts counts_in(json::value const& object) {
    if (!object.is_object()) return {};
    return {object.at("notification_count").as_int64(), object.at("highlight_count").as_int64()};
  }
  Counts counts(std::string const& token) {
    return counts_in(member(part(sync(token)), "/unread_notifications"));
  }
  json::value apart(std::string const& token) {
    return part(sync(token, "",
                     "&filter=" + in_path(R"({"room":{"timeline":{"unread_thread_notifications":true}}})")));
  }
  std::string event(std::string const& token, std::string const& type, json::object content) {
    auto const reply =
        server.put(rooms(room, "send/" + type + "/e" + std::to_string(++sent_)), token, std::move(content));
    EXPECT_EQ(reply.status, 200U) << json::serialize(reply.body);
    return reply.text("/event_id");
  }
  std::string message(std::string const& token, json::object more) {
    more.insert({{"msgtype", "m.text"}, {"body", "hej"}});
    return event(token, "m.room.message", std::move(more));
  }
  std::string in_thread(std::string const& token, std::string const& root, json::object more = {}) {
    more["m.relates_to"] = {{"rel_type", "m.thread"}, {"event_id", root}};
    return message(token, std::move(more));
  }
  void read(std::string const& token, std::string const& event_id, std::string const& thread = "",
            std::string const& kind = "m.read") {
    json::object body;
    if (!thread.empty()) body["thread_id"] = thread;
    ASSERT_EQ(server.post(rooms(room, "receipt/" + kind + "/" + in_path(event_id)), token, body).status,
              200U);
  }
  void rule(std::string const& token, std::string const& path, json::object body) {
    auto const reply = server.put("/_matrix/client/v3/pushrules/global/" + path, token, std::move(body));
    ASSERT_EQ(reply.status, 200U) << json::serialize(reply.body);
  }
  /// How a rule with one condition judges an event that carries a marker nothing else has: 1 when it matches.
  bool matches(json::object condition, json::object content) {
    rule(bob, "override/probe",
         {{"conditions", {std::move(condition)}}, {"actions", {"notify", {{"set_tweak", "highlight"}}}}});
    auto const before = counts(bob).highlights;
    message(alice, std::move(content));
    return counts(bob).highlights > before;
  }
  static json::object mentions_bob() {
    return {{"m.mentions", {{"user_ids", {TestServer::user_id("bob")}}}}};
  }

 private:
  int sent_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Db, NotificationsApi, db::both_databases(), db::database_name);

TEST_P(NotificationsApi, WhatWasThereBeforeOneJoinedIsNotUnread) {
  auto const carol = server.sign_up("carol");
  say(alice, "ett");
  say(alice, "två");
  ASSERT_EQ(server.post(rooms(room, "invite"), alice, {{"user_id", TestServer::user_id("carol")}}).status,
            200U);
  ASSERT_EQ(server.post(rooms(room, "join"), carol, json::object{}).status, 200U);
  EXPECT_EQ(counts(carol), (Counts{0, 0}));
  say(alice, "tre");
  EXPECT_EQ(counts(carol), (Counts{1, 0}));
  server.restart();
  EXPECT_EQ(counts(carol), (Counts{1, 0}));
}

TEST_P(NotificationsApi, NoticesEditsAndReactionsDoNotNotify) {
  auto const first = say(alice, "hej");
  message(alice, {{"msgtype", "m.notice"}});
  message(alice, {{"m.new_content", {{"body", "hej!"}}},
                  {"m.relates_to", {{"rel_type", "m.replace"}, {"event_id", first}}}});
  event(alice, "m.reaction",
        {{"m.relates_to", {{"rel_type", "m.annotation"}, {"event_id", first}, {"key", "+"}}}});
  EXPECT_EQ(counts(bob), (Counts{1, 0}));
}

TEST_P(NotificationsApi, EncryptedMessagesAndCallsNotify) {
  event(alice, "m.room.encrypted", {{"algorithm", "m.megolm.v1.aes-sha2"}, {"ciphertext", "x"}});
  event(alice, "m.call.invite", {{"call_id", "1"}});
  EXPECT_EQ(counts(bob), (Counts{2, 0}));
}

TEST_P(NotificationsApi, ARedactedMessageNotifiesNobody) {
  auto const event_id = message(alice, mentions_bob());
  EXPECT_EQ(counts(bob), (Counts{1, 1}));
  ASSERT_EQ(server.put(rooms(room, "redact/" + in_path(event_id) + "/r1"), alice, json::object{}).status,
            200U);
  EXPECT_EQ(counts(bob), (Counts{0, 0}));
}

TEST_P(NotificationsApi, ThreadsHaveCountsAndReceiptsOfTheirOwn) {
  auto const root = say(alice, "rot");
  auto const first = in_thread(alice, root);
  in_thread(alice, root, mentions_bob());
  auto const main = message(alice, mentions_bob());
  in_thread(alice, root);
  EXPECT_EQ(counts(bob), (Counts{5, 2}));
  EXPECT_TRUE(member(part(sync(bob)), "/unread_thread_notifications").is_null());
  auto const expect = [&](Counts of_main, Counts of_thread) {
    auto const seen = apart(bob);
    EXPECT_EQ(counts_in(member(seen, "/unread_notifications")), of_main);
    EXPECT_EQ(counts_in(member(seen, "/unread_thread_notifications/" + root)), of_thread);
  };
  expect({2, 1}, {3, 1});
  read(bob, root, "main");
  expect({1, 1}, {3, 1});
  read(bob, first, root);
  expect({1, 1}, {2, 1});
  read(bob, main);
  expect({0, 0}, {1, 0});
  server.restart();
  expect({0, 0}, {1, 0});
  in_thread(bob, root);
  expect({0, 0}, {});
}

TEST_P(NotificationsApi, WhatPointsIntoAThreadCountsThere) {
  auto const root = say(alice, "rot");
  auto const reply = in_thread(alice, root);
  auto const in = message(alice, {{"m.relates_to", {{"rel_type", "m.reference"}, {"event_id", reply}}}});
  message(alice, {{"m.relates_to", {{"rel_type", "m.reference"}, {"event_id", in}}}});
  message(alice, {{"m.relates_to", {{"rel_type", "m.reference"}, {"event_id", root}}}});
  auto const seen = apart(bob);
  EXPECT_EQ(counts_in(member(seen, "/unread_notifications")), (Counts{2, 0}));
  EXPECT_EQ(counts_in(member(seen, "/unread_thread_notifications/" + root)), (Counts{3, 0}));
}

TEST_P(NotificationsApi, WhoWritesHasReadThereOnly) {
  auto const root = say(alice, "rot");
  in_thread(alice, root);
  say(bob, "svar");
  auto const seen = apart(bob);
  EXPECT_EQ(counts_in(member(seen, "/unread_notifications")), (Counts{0, 0}));
  EXPECT_EQ(counts_in(member(seen, "/unread_thread_notifications/" + root)), (Counts{1, 0}));
}

TEST_P(NotificationsApi, ASilencedRoomCountsOnlyWhatCallsOne) {
  say(alice, "ett");
  rule(bob, "room/" + in_path(room), {{"actions", json::array()}});
  EXPECT_EQ(counts(bob), (Counts{0, 0}));
  message(alice, mentions_bob());
  EXPECT_EQ(counts(bob), (Counts{1, 1})) << "mentions come before rules of a room";
  rule(bob, "override/quiet",
       {{"conditions", {{{"kind", "event_match"}, {"key", "room_id"}, {"pattern", room}}}},
        {"actions", {"dont_notify"}}});
  EXPECT_EQ(counts(bob), (Counts{0, 0}));
  auto const deleted =
      server.call(net::Method::delete_, "/_matrix/client/v3/pushrules/global/override/quiet", bob);
  ASSERT_EQ(deleted.status, 200U);
  EXPECT_EQ(counts(bob), (Counts{1, 1}));
}

TEST_P(NotificationsApi, RulesForWordsAndSendersAreFollowed) {
  rule(bob, "content/cake", {{"pattern", "c?ke*"}, {"actions", {"notify", {{"set_tweak", "highlight"}}}}});
  message(alice, {{"body", "en CAKE, tack"}});
  message(alice, {{"body", "pancake"}});
  EXPECT_EQ(counts(bob), (Counts{2, 1}));
  rule(bob, "sender/" + in_path(TestServer::user_id("alice")), {{"actions", json::array()}});
  EXPECT_EQ(counts(bob), (Counts{1, 1})) << "content comes before sender";
}

TEST_P(NotificationsApi, ARuleThatIsOffDoesNotMatch) {
  rule(bob, "override/.m.rule.master/enabled", {{"enabled", true}});
  message(alice, mentions_bob());
  EXPECT_EQ(counts(bob), (Counts{0, 0}));
  rule(bob, "override/.m.rule.master/enabled", {{"enabled", false}});
  rule(bob, "override/.m.rule.is_user_mention/enabled", {{"enabled", false}});
  EXPECT_EQ(counts(bob), (Counts{1, 0}));
}

TEST_P(NotificationsApi, AnIgnoredPersonNotifiesNobody) {
  auto const path =
      "/_matrix/client/v3/user/" + in_path(TestServer::user_id("bob")) + "/account_data/m.ignored_user_list";
  say(alice, "ett");
  ASSERT_EQ(
      server.put(path, bob, {{"ignored_users", {{TestServer::user_id("alice"), json::object{}}}}}).status,
      200U);
  EXPECT_EQ(counts(bob), (Counts{0, 0}));
}

TEST_P(NotificationsApi, ConditionsOnProperties) {
  json::object const match{{"kind", "event_match"}, {"key", "content.a\\.b.c"}, {"pattern", "x*"}};
  EXPECT_TRUE(matches(match, {{"a.b", {{"c", "XYZ"}}}}));
  EXPECT_FALSE(matches(match, {{"a", {{"b", {{"c", "x"}}}}}}));
  EXPECT_FALSE(matches(match, {{"a.b", {{"c", 7}}}}));
  json::object const is{{"kind", "event_property_is"}, {"key", "content.n"}, {"value", 7}};
  EXPECT_TRUE(matches(is, {{"n", 7}}));
  EXPECT_FALSE(matches(is, {{"n", "7"}}));
  EXPECT_TRUE(
      matches({{"kind", "event_property_is"}, {"key", "content.n"}, {"value", nullptr}}, {{"n", nullptr}}));
  EXPECT_FALSE(matches({{"kind", "event_property_is"}, {"key", "content.n"}, {"value", json::array()}},
                       {{"n", json::array()}}));
  json::object const contains{{"kind", "event_property_contains"}, {"key", "content.l"}, {"value", "b"}};
  EXPECT_TRUE(matches(contains, {{"l", {"a", "b"}}}));
  EXPECT_FALSE(matches(contains, {{"l", {"ab"}}}));
  EXPECT_FALSE(matches(contains, {{"l", "b"}}));
}

TEST_P(NotificationsApi, ConditionsOnTheRoomAndItsPeople) {
  EXPECT_TRUE(matches({{"kind", "room_member_count"}, {"is", "2"}}, {}));
  EXPECT_TRUE(matches({{"kind", "room_member_count"}, {"is", "<=2"}}, {}));
  EXPECT_FALSE(matches({{"kind", "room_member_count"}, {"is", ">2"}}, {}));
  EXPECT_FALSE(matches({{"kind", "room_member_count"}, {"is", "two"}}, {}));
  EXPECT_TRUE(matches({{"kind", "sender_notification_permission"}, {"key", "room"}}, {}));
  json::object const named{{"kind", "contains_display_name"}};
  ASSERT_EQ(server
                .put("/_matrix/client/v3/profile/" + in_path(TestServer::user_id("bob")) + "/displayname",
                     bob, {{"displayname", "Bosse B."}})
                .status,
            200U);
  EXPECT_TRUE(matches(named, {{"body", "hej bosse b. i dag"}}));
  EXPECT_FALSE(matches(named, {{"body", "hej bossen"}}));
  EXPECT_FALSE(matches({{"kind", "no such kind"}}, {}));
}

TEST_P(NotificationsApi, ARuleOnSenderPermissionKnowsWhoHasNone) {
  rule(alice, "override/probe",
       {{"conditions", {{{"kind", "sender_notification_permission"}, {"key", "room"}}}},
        {"actions", {"notify", {{"set_tweak", "highlight"}}}}});
  say(bob, "hej");
  EXPECT_EQ(counts(alice), (Counts{1, 0}));
}

TEST_P(NotificationsApi, CountsBeyondWhatIsInMemoryAreFound) {
  auto const root = say(alice, "rot");
  in_thread(alice, root, mentions_bob());
  message(alice, {{"msgtype", "m.notice"}});
  for (int n = 0; n < 250; ++n) say(alice, std::to_string(n));
  EXPECT_EQ(counts(bob), (Counts{252, 1}));
  rule(bob, "room/" + in_path(room), {{"actions", json::array()}});
  EXPECT_EQ(counts(bob), (Counts{1, 1}));
}

TEST_P(NotificationsApi, AReceiptIsShownToItsOwnerOnlyUnlessTheAuthoritySaysSo) {
  auto const event_id = say(alice, "hej");
  auto const since = sync(alice).text("/next_batch");
  read(bob, event_id);
  EXPECT_NE(json::serialize(sync(bob).body).find("\"m.read\""), std::string::npos);
  EXPECT_TRUE(part(sync(alice, since)).is_null());
}

TEST(PublicReceipts, AreShownToTheRoom) {
  TestServer server(db::Database::Kind::sqlite, {"public_read_receipts=on"});
  auto const alice = server.sign_up("alice");
  auto const room =
      server.post("/_matrix/client/v3/createRoom", alice, json::object{{"preset", "public_chat"}})
          .text("/room_id");
  auto const bob = server.sign_up("bob");
  auto const path = "/_matrix/client/v3/rooms/" + in_path(room);
  ASSERT_EQ(server.post(path + "/join", bob, json::object{}).status, 200U);
  auto const event =
      server.put(path + "/send/m.room.message/1", alice, {{"msgtype", "m.text"}, {"body", "hej"}})
          .text("/event_id");
  ASSERT_EQ(server.post(path + "/receipt/m.read/" + in_path(event), bob, json::object{{"thread_id", "main"}})
                .status,
            200U);
  ASSERT_EQ(server.post(path + "/receipt/m.read/" + in_path(event), bob, json::object{}).status, 200U);
  auto const seen = json::serialize(server.get("/_matrix/client/v3/sync", alice).body);
  EXPECT_NE(seen.find("\"m.read\""), std::string::npos);
  EXPECT_EQ(seen.find("thread_id"), std::string::npos)
      << "of two on one event the unthreaded one is told (MSC4102)";
}

TEST(BodyMentions, HighlightNamesInTheTextOfOldClients) {
  TestServer server(db::Database::Kind::sqlite, {"body_mentions=on"});
  auto const alice = server.sign_up("alice");
  auto const room =
      server.post("/_matrix/client/v3/createRoom", alice, json::object{{"preset", "public_chat"}})
          .text("/room_id");
  auto const bob = server.sign_up("bob");
  auto const path = "/_matrix/client/v3/rooms/" + in_path(room);
  ASSERT_EQ(server.post(path + "/join", bob, json::object{}).status, 200U);
  auto const highlights = [&](json::object content, std::string const& transaction) {
    content["msgtype"] = "m.text";
    EXPECT_EQ(server.put(path + "/send/m.room.message/" + transaction, alice, content).status, 200U);
    auto const sync = server.get("/_matrix/client/v3/sync", bob);
    return sync.body.at("rooms")
        .at("join")
        .at(room)
        .at("unread_notifications")
        .at("highlight_count")
        .as_int64();
  };
  EXPECT_EQ(highlights({{"body", "hej alla"}}, "1"), 0);
  EXPECT_EQ(highlights({{"body", "hej @bob:test.example!"}}, "2"), 1);
  EXPECT_EQ(highlights({{"body", "till @room"}}, "3"), 2);
  EXPECT_EQ(highlights({{"body", "bob"}, {"m.mentions", json::object{}}}, "4"), 2);
}

}  // namespace
}  // namespace torg::testing
