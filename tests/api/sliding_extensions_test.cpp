#include "sliding_fixture.hpp"

namespace torg::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// What sliding sync says besides rooms.
class SlidingExtensions : public SlidingApi {
 protected:
  static json::object with(std::string const& extension, json::object config = {}) {
    auto body = all_rooms();
    config["enabled"] = true;
    body["extensions"] = json::object{{extension, std::move(config)}};
    return body;
  }
  void send_to_bob(std::string const& text) {
    json::object const messages{{TestServer::user_id("bob"), {{"*", {{"text", text}}}}}};
    auto const path = "/_matrix/client/v3/sendToDevice/org.torg.test/" + text;
    ASSERT_EQ(server.put(path, alice, {{"messages", messages}}).status, 200U);
  }
  static std::vector<std::string> texts(Reply const& reply) {
    std::vector<std::string> found;
    auto const events = reply.at("/extensions/to_device/events");
    if (!events.is_array()) return found;
    for (auto const& event : events.get_array())
      found.emplace_back(event.at("content").at("text").as_string());
    return found;
  }
  void put_account_data(std::string const& where, std::string const& type, json::value content) {
    auto const path =
        "/_matrix/client/v3/user/" + in_path(TestServer::user_id("bob")) + where + "/account_data/" + type;
    ASSERT_EQ(server.put(path, bob, std::move(content)).status, 200U);
  }
  void put_room_data(std::string const& type, json::value content) {
    put_account_data("/rooms/" + in_path(room), type, std::move(content));
  }
  static std::set<std::string> types(json::value const& events) {
    std::set<std::string> found;
    if (!events.is_array()) return found;
    for (auto const& event : events.get_array()) found.emplace(event.at("type").as_string());
    return found;
  }
  json::value readers(Reply const& reply, std::string const& event) const {
    auto const part = here(reply, "/extensions/receipts/rooms");
    if (!part.is_object()) return nullptr;
    auto const* of_event = part.at("content").as_object().if_contains(event);
    return of_event == nullptr ? json::value(nullptr) : of_event->at("m.read");
  }
  void write(std::string const& token, std::string const& name, bool typing) {
    auto const path = rooms(room, "typing/" + in_path(TestServer::user_id(name)));
    ASSERT_EQ(server.put(path, token, {{"typing", typing}, {"timeout", 30'000}}).status, 200U);
  }
};
INSTANTIATE_TEST_SUITE_P(Db, SlidingExtensions, db::both_databases(), db::database_name);

TEST_P(SlidingExtensions, ToDeviceMessagesComeUntilTheyAreAcknowledged) {
  send_to_bob("ett");
  auto const first = slide(bob, with("to_device"));
  EXPECT_THAT(texts(first), ElementsAre("ett"));
  auto const again = slide(bob, with("to_device"), first.text("/pos"));
  EXPECT_THAT(texts(again), ElementsAre("ett")) << "the position acknowledges nothing";
  auto const since = again.text("/extensions/to_device/next_batch");
  send_to_bob("två");
  auto const next = slide(bob, with("to_device", {{"since", since}}), again.text("/pos"));
  EXPECT_THAT(texts(next), ElementsAre("två"));
  EXPECT_THAT(texts(slide(bob, with("to_device"))), ElementsAre("två")) << "what was acknowledged is gone";
}

TEST_P(SlidingExtensions, ALongQueueOfToDeviceMessagesComesInPages) {
  for (auto const* text : {"ett", "två", "tre"}) send_to_bob(text);
  auto const first = slide(bob, with("to_device", {{"limit", 2}}));
  EXPECT_THAT(texts(first), ElementsAre("ett", "två"));
  auto const since = first.text("/extensions/to_device/next_batch");
  auto const rest = slide(bob, with("to_device", {{"limit", 2}, {"since", since}}), first.text("/pos"));
  EXPECT_THAT(texts(rest), ElementsAre("tre"));
}

TEST_P(SlidingExtensions, AToDeviceMessageEndsTheWait) {
  auto const first = slide(bob, with("to_device"));
  std::vector<std::string> got;
  server.start(net::Method::post, target(first.text("/pos"), 30'000), bob, with("to_device"),
               [&](Reply reply) { got = texts(reply); });
  send_to_bob("vakna");
  server.run_all();
  EXPECT_THAT(got, ElementsAre("vakna"));
}

TEST_P(SlidingExtensions, KeysOfOthersThatChangedAreNamed) {
  auto const first = slide(bob, with("e2ee"));
  EXPECT_TRUE(first.at("/extensions/e2ee/device_lists").is_null());
  EXPECT_TRUE(first.at("/extensions/e2ee/device_one_time_keys_count").is_object());
  EXPECT_TRUE(first.at("/extensions/e2ee/device_unused_fallback_key_types").is_array());
  auto const device = server.get("/_matrix/client/v3/account/whoami", alice).text("/device_id");
  json::object const keys{{"user_id", TestServer::user_id("alice")},
                          {"device_id", device},
                          {"algorithms", json::array()},
                          {"keys", {{"ed25519:" + device, "abc"}}},
                          {"signatures", json::object{}}};
  ASSERT_EQ(server.post("/_matrix/client/v3/keys/upload", alice, {{"device_keys", keys}}).status, 200U);
  auto const second = slide(bob, with("e2ee"), first.text("/pos"));
  EXPECT_EQ(second.at("/extensions/e2ee/device_lists/changed"), json::array{TestServer::user_id("alice")});
  auto const third = slide(bob, with("e2ee"), second.text("/pos"));
  EXPECT_TRUE(third.at("/extensions/e2ee/device_lists").is_null());
}

TEST_P(SlidingExtensions, WhoLeavesTheOnlySharedRoomIsNamed) {
  auto const first = slide(bob, with("e2ee"));
  act(alice, room, "leave");
  auto const second = slide(bob, with("e2ee"), first.text("/pos"));
  EXPECT_EQ(second.at("/extensions/e2ee/device_lists/left"), json::array{TestServer::user_id("alice")});
}

TEST_P(SlidingExtensions, AccountDataComesWholeAndThenAsItChanges) {
  put_account_data("", "org.torg.one", {{"a", 1}});
  put_room_data("org.torg.here", {{"b", 1}});
  auto const first = slide(bob, with("account_data"));
  EXPECT_TRUE(types(first.at("/extensions/account_data/global")).contains("org.torg.one"));
  EXPECT_TRUE(types(first.at("/extensions/account_data/global")).contains("m.push_rules"));
  EXPECT_THAT(types(here(first, "/extensions/account_data/rooms")), ElementsAre("org.torg.here"));
  put_account_data("", "org.torg.two", {{"a", 1}});
  auto const second = slide(bob, with("account_data"), first.text("/pos"));
  EXPECT_THAT(types(second.at("/extensions/account_data/global")), ElementsAre("org.torg.two"));
  EXPECT_TRUE(here(second, "/extensions/account_data/rooms").is_null());
  put_room_data("org.torg.here", {{"b", 2}});
  auto const third = slide(bob, with("account_data"), second.text("/pos"));
  EXPECT_THAT(types(here(third, "/extensions/account_data/rooms")), ElementsAre("org.torg.here"));
  EXPECT_THAT(third.at("/extensions/account_data/global").as_array(), IsEmpty());
}

TEST_P(SlidingExtensions, AccountDataOfARoomOutOfRangeComesWhenItIsBack) {
  auto body = with("account_data");
  auto const first = slide(bob, body);
  auto const second = make_room(bob, json::object{});
  auto narrow = body;
  narrow["lists"].at("all").as_object()["ranges"] = {{0, 0}};
  auto const without = slide(bob, narrow, first.text("/pos"));
  put_room_data("org.torg.here", {{"b", 1}});
  auto const still = slide(bob, narrow, without.text("/pos"));
  EXPECT_TRUE(here(still, "/extensions/account_data/rooms").is_null());
  auto const back = slide(bob, body, still.text("/pos"));
  EXPECT_THAT(types(here(back, "/extensions/account_data/rooms")), ElementsAre("org.torg.here"));
}

TEST_P(SlidingExtensions, ReceiptsOfOthersAreTheirsAlone) {
  auto const event = say(bob, "läs");
  auto const first = slide(bob, with("receipts"));
  act(alice, room, "receipt/m.read/" + in_path(event));
  auto const second = slide(bob, with("receipts"), first.text("/pos"));
  EXPECT_TRUE(readers(second, event).is_null()) << "unless the authority wants it otherwise";
  EXPECT_THAT(rooms_in(second), IsEmpty());
}

TEST_P(SlidingExtensions, OnesOwnReceiptComesWhenItMoves) {
  auto const event = say(alice, "läs");
  auto const first = slide(bob, with("receipts"));
  act(bob, room, "receipt/m.read/" + in_path(event));
  auto const second = slide(bob, with("receipts"), first.text("/pos"));
  EXPECT_TRUE(readers(second, event).as_object().contains(TestServer::user_id("bob")));
}

TEST_P(SlidingExtensions, OnesOwnReceiptComesWhateverItIsOf) {
  auto const old = say(alice, "gammalt");
  act(bob, room, "receipt/m.read/" + in_path(old));
  for (int i = 0; i < 3; ++i) say(alice, std::to_string(i));
  auto body = with("receipts");
  body["lists"].at("all").as_object()["timeline_limit"] = 1;
  EXPECT_TRUE(readers(slide(bob, body), old).as_object().contains(TestServer::user_id("bob")));
}

TEST_P(SlidingExtensions, ThreadSubscriptionsThatChangedAndTheRestByPages) {
  static constexpr auto kName = "io.element.msc4308.thread_subscriptions";
  auto const subscribe = [&](std::string const& root) {
    auto const path = "/_matrix/client/unstable/io.element.msc4306/rooms/" + in_path(room) + "/thread/" +
                      in_path(root) + "/subscription";
    ASSERT_EQ(server.put(path, bob, json::object{}).status, 200U);
  };
  auto const first_root = say(alice, "ett");
  subscribe(first_root);
  auto const first = slide(bob, with(kName));
  auto const threads = [&](Reply const& reply) {
    return here(reply, "/extensions/io.element.msc4308.thread_subscriptions/subscribed");
  };
  EXPECT_EQ(threads(first).at(first_root).at("automatic"), false);
  EXPECT_TRUE(threads(slide(bob, with(kName), first.text("/pos"))).is_null());
  auto const second_root = say(alice, "två");
  auto const third_root = say(alice, "tre");
  subscribe(second_root);
  subscribe(third_root);
  auto const next = slide(bob, with(kName, {{"limit", 1}}), first.text("/pos"));
  EXPECT_TRUE(threads(next).as_object().contains(third_root));
  auto const from = next.text("/extensions/io.element.msc4308.thread_subscriptions/prev_batch");
  auto const rest =
      server.get("/_matrix/client/unstable/io.element.msc4308/thread_subscriptions?dir=b&from=" + from +
                     "&to=" + first.text("/pos"),
                 bob);
  auto const older = here(rest, "/subscribed").as_object();
  EXPECT_TRUE(older.contains(second_root));
  EXPECT_EQ(older.size(), 1U);
  EXPECT_EQ(rest.text("/end"), "");
}

TEST_P(SlidingExtensions, TypingIsThePresentState) {
  write(alice, "alice", true);
  auto const first = slide(bob, with("typing"));
  EXPECT_EQ(member(here(first, "/extensions/typing/rooms"), "/content/user_ids/0"),
            json::value(TestServer::user_id("alice")));
  auto const second = slide(bob, with("typing"), first.text("/pos"));
  EXPECT_TRUE(here(second, "/extensions/typing/rooms").is_null());
  write(alice, "alice", false);
  auto const third = slide(bob, with("typing"), second.text("/pos"));
  EXPECT_THAT(member(here(third, "/extensions/typing/rooms"), "/content/user_ids").as_array(), IsEmpty());
}

TEST_P(SlidingExtensions, OneWhoWasSentAwaySeesNobodyTypeOrRead) {
  act(alice, room, "kick", {{"user_id", TestServer::user_id("bob")}});
  auto const event = say(alice, "ensam");
  write(alice, "alice", true);
  act(alice, room, "receipt/m.read/" + in_path(event));
  auto body = with("typing");
  body["extensions"].as_object()["receipts"] = {{"enabled", true}};
  auto const reply = slide(bob, body);
  EXPECT_TRUE(here(reply, "/extensions/typing/rooms").is_null());
  EXPECT_TRUE(here(reply, "/extensions/receipts/rooms").is_null());
}

TEST_P(SlidingExtensions, AnExtensionMayBeAboutSomeRoomsOnly) {
  write(alice, "alice", true);
  auto const none = slide(bob, with("typing", {{"lists", json::array()}}));
  EXPECT_TRUE(here(none, "/extensions/typing/rooms").is_null());
  auto body = with("typing", {{"lists", json::array()}, {"rooms", json::array{"*"}}});
  body["room_subscriptions"] = {{room, {{"timeline_limit", 1}}}};
  EXPECT_FALSE(here(slide(bob, body), "/extensions/typing/rooms").is_null());
}

}  // namespace
}  // namespace torg::testing
