// Events that are sent later (MSC4140).
#include "room_fixture.hpp"

namespace torg::testing {
namespace {

constexpr std::string_view kAll = "/_matrix/client/unstable/org.matrix.msc4140/delayed_events";

class DelayedApi : public RoomApi {
 protected:
  Reply delay(std::string const& token, std::string const& text, int milliseconds,
              std::string const& transaction) {
    return server.put(rooms(room, "send/m.room.message/" + transaction +
                                      "?org.matrix.msc4140.delay=" + std::to_string(milliseconds)),
                      token, {{"msgtype", "m.text"}, {"body", text}});
  }
  Reply delay_state(std::string const& token, std::string const& key, int milliseconds) {
    return server.put(rooms(room, "state/com.example.call/" + key +
                                      "?org.matrix.msc4140.delay=" + std::to_string(milliseconds)),
                      token, {{"left", true}});
  }
  Reply act(std::string const& id, std::string const& action, std::string const& token = {}) {
    return server.post(std::string(kAll) + "/" + id + "/" + action, token, json::object{});
  }
  Reply one(std::string const& id, std::string const& token) {
    return server.get(std::string(kAll) + "/" + id, token);
  }
  std::size_t waiting(std::string const& token) {
    return server.get(std::string(kAll), token).at("/delayed_events").as_array().size();
  }
  /// Syncs until a message has come. @return it, as `token` sees it
  json::value next_message(std::string const& token, std::string since) {
    for (;;) {
      auto const reply = server.get("/_matrix/client/v3/sync?timeout=20000&since=" + since, token);
      since = reply.text("/next_batch");
      for (auto const& event : member(part(reply), "/timeline/events").is_array()
                                   ? member(part(reply), "/timeline/events").as_array()
                                   : json::array()) {
        if (event.at("type") == "m.room.message") return event;
      }
    }
  }
  std::string now(std::string const& token) { return sync(token).text("/next_batch"); }
  Reply state(std::string const& key) {
    return server.get(rooms(room, "state/com.example.call/" + key), alice);
  }
};
INSTANTIATE_TEST_SUITE_P(Db, DelayedApi, db::both_databases(), db::database_name);

TEST_P(DelayedApi, AnEventIsSentWhenItsTimeHasComeAndOnlyItsSenderSeesTheIdItHad) {
  auto const since_alice = now(alice);
  auto const since_bob = now(bob);
  auto const id = delay(alice, "nu", 1, "t").text("/delay_id");
  ASSERT_FALSE(id.empty());
  auto const seen = next_message(bob, since_bob);
  EXPECT_EQ(member(seen, "/content/body"), "nu");
  EXPECT_EQ(member(seen, "/unsigned/org.matrix.msc4140.delay_id"), nullptr);
  auto const own = next_message(alice, since_alice);
  EXPECT_EQ(member(own, "/unsigned/org.matrix.msc4140.delay_id"), json::value(id));
  auto const done = one(id, alice);
  EXPECT_EQ(done.text("/finalised/event_id"), member(own, "/event_id").as_string());
  EXPECT_EQ(done.text("/content/body"), "nu");
  EXPECT_EQ(waiting(alice), 0U);
}

TEST_P(DelayedApi, TheSameRequestTwiceDelaysOneEvent) {
  auto const id = delay(alice, "en gång", 100'000, "t").text("/delay_id");
  EXPECT_EQ(delay(alice, "en gång", 100'000, "t").text("/delay_id"), id);
  EXPECT_NE(delay(alice, "en till", 100'000, "u").text("/delay_id"), id);
  EXPECT_EQ(waiting(alice), 2U);
  EXPECT_EQ(waiting(bob), 0U);
  EXPECT_EQ(server.get(std::string(kAll)).errcode(), "M_MISSING_TOKEN");
}

TEST_P(DelayedApi, AStateEventCanBeCancelledAndThenStaysCancelled) {
  auto const id = delay_state(alice, "a", 100'000).text("/delay_id");
  EXPECT_EQ(act(id, "cancel", bob).errcode(), "M_NOT_FOUND") << "it is not Bob's";
  EXPECT_EQ(act(id, "cancel").status, 200U) << "whoever knows the id may";
  EXPECT_EQ(act(id, "cancel").status, 200U) << "asked again";
  EXPECT_EQ(act(id, "send").status, 409U);
  EXPECT_EQ(act(id, "restart").status, 409U);
  EXPECT_EQ(state("a").status, 404U);
  EXPECT_NE(one(id, alice).at("/finalised/finalised_ts"), nullptr);
  EXPECT_EQ(one(id, alice).at("/finalised/event_id"), nullptr);
  EXPECT_EQ(one(id, bob).errcode(), "M_NOT_FOUND");
}

TEST_P(DelayedApi, AStateEventCanBeSentAtOnce) {
  auto const id = delay_state(alice, "a", 100'000).text("/delay_id");
  EXPECT_EQ(act(id, "restart", alice).status, 200U);
  EXPECT_EQ(state("a").status, 404U);
  EXPECT_EQ(act(id, "send", alice).status, 200U);
  EXPECT_EQ(act(id, "send", alice).status, 200U);
  EXPECT_EQ(act(id, "cancel", alice).status, 409U);
  EXPECT_EQ(state("a").at("/left"), true);
  auto const finalised = server.get(std::string(kAll) + "?status=finalised", alice);
  EXPECT_EQ(finalised.text("/delayed_events/0/delay_id"), id);
}

TEST_P(DelayedApi, RefusesWhatCantBeMeant) {
  EXPECT_EQ(delay(alice, "x", 0, "a").errcode(), "M_INVALID_PARAM");
  EXPECT_EQ(delay(alice, "x", -5, "b").errcode(), "M_INVALID_PARAM");
  EXPECT_EQ(delay(alice, "x", 2'000'000'000, "c").errcode(), "M_FORBIDDEN") << "longer than a day";
  EXPECT_EQ(act("nonsense", "send").errcode(), "M_NOT_FOUND");
  EXPECT_EQ(act("nonsense", "explode").status, 404U);
  EXPECT_EQ(server.post(std::string(kAll) + "/nonsense", "", json::object{}).errcode(), "M_MISSING_PARAM");
  auto const stranger = server.sign_up("stranger");
  EXPECT_EQ(delay(stranger, "x", 1000, "d").errcode(), "M_FORBIDDEN");
}

TEST_P(DelayedApi, HasAnEndpointWithEverythingInTheBody) {
  auto const path = "/_matrix/client/unstable/org.matrix.msc4140/rooms/" + in_path(room) +
                    "/delayed_event/com.example.call/t1";
  EXPECT_EQ(server.put(path, alice, {{"content", json::object{}}}).errcode(), "M_MISSING_PARAM");
  EXPECT_EQ(server.put(path, alice, {{"delay_ms", 0}, {"content", json::object{}}}).errcode(),
            "M_INVALID_PARAM");
  auto const made =
      server.put(path, alice, {{"delay_ms", 90'000}, {"state_key", "k"}, {"content", {{"left", 1}}}});
  ASSERT_EQ(made.status, 200U);
  auto const listed = server.get(std::string(kAll), alice).at("/delayed_events/0");
  EXPECT_EQ(member(listed, "/delay_id"), json::value(made.text("/delay_id")));
  EXPECT_EQ(member(listed, "/state_key"), "k");
  EXPECT_EQ(member(listed, "/delay_ms"), 90'000);
  EXPECT_EQ(member(listed, "/content/left"), 1);
  EXPECT_EQ(member(listed, "/room_id"), json::value(room));
}

TEST_P(DelayedApi, WhatARoomRefusesWhenItsTimeHasComeIsKeptWithTheReason) {
  auto const id = delay_state(bob, "b", 100'000).text("/delay_id");
  ASSERT_FALSE(id.empty()) << "power is asked for when it is sent";
  EXPECT_EQ(act(id, "send", bob).errcode(), "M_FORBIDDEN");
  EXPECT_EQ(waiting(bob), 1U) << "it may be right until its time has come";
  auto const soon = delay_state(bob, "c", 1).text("/delay_id");
  auto const since = now(bob);
  ASSERT_FALSE(delay(bob, "efter", 2, "t").text("/delay_id").empty());
  (void)next_message(bob, since);  // sent after the other
  EXPECT_EQ(one(soon, bob).text("/finalised/error/errcode"), "M_FORBIDDEN");
  EXPECT_EQ(act(soon, "cancel").status, 200U);
  EXPECT_EQ(state("c").status, 404U);
}

TEST_P(DelayedApi, ARestartLosesNoneAndSendsNoneTwice) {
  auto const since = now(bob);
  auto const later = delay_state(alice, "a", 100'000).text("/delay_id");
  auto const first = delay(alice, "ett", 1, "t1").text("/delay_id");
  auto const second = delay(alice, "två", 2, "t2").text("/delay_id");
  server.restart();
  EXPECT_EQ(member(next_message(bob, since), "/content/body"), "ett");
  for (auto const& id : {first, second}) {
    while (one(id, alice).at("/finalised").is_null()) (void)next_message(bob, since);
  }
  server.restart();
  EXPECT_EQ(bodies(member(part(sync(bob, since)), "/timeline/events")),
            (std::vector<std::string>{"ett", "två"}));
  EXPECT_EQ(waiting(alice), 1U);
  EXPECT_EQ(act(later, "send").status, 200U);
  EXPECT_EQ(state("a").status, 200U);
}

TEST_P(DelayedApi, ARedactionTakesTheContentOutOfWhatIsKept) {
  auto const since = now(alice);
  auto const id = delay(alice, "hemligt", 1, "t").text("/delay_id");
  auto const event = next_message(alice, since);
  ASSERT_EQ(server
                .put(rooms(room, "redact/" + in_path(std::string(event.at("event_id").as_string())) + "/r"),
                     alice, json::object{})
                .status,
            200U);
  EXPECT_EQ(one(id, alice).at("/content"), json::value(json::object{}));
}

TEST_P(DelayedApi, ADelayedRedactionIsARedaction) {
  auto const message = say(alice, "bort snart");
  auto const path = rooms(room, "send/m.room.redaction/t?org.matrix.msc4140.delay=90000");
  auto const id = server.put(path, alice, {{"redacts", message}}).text("/delay_id");
  EXPECT_EQ(act(id, "send").status, 200U);
  EXPECT_EQ(server.get(rooms(room, "event/" + in_path(message)), alice).at("/content"),
            json::value(json::object{}));
}

TEST_P(DelayedApi, NothingIsSentForAnAccountThatHasEnded) {
  auto const id = delay(bob, "för sent", 100'000, "t").text("/delay_id");
  auto const ended = server.post("/_matrix/client/v3/account/deactivate", bob,
                                 {{"auth",
                                   {{"type", "m.login.password"},
                                    {"identifier", {{"type", "m.id.user"}, {"user", "bob"}}},
                                    {"password", "secret-bob"}}}});
  ASSERT_EQ(ended.status, 200U);
  EXPECT_EQ(act(id, "send").errcode(), "M_NOT_FOUND");
}

TEST(DelayedLimits, BoundHowManyWaitAndSayUntilWhen) {
  TestServer server(db::Database::Kind::sqlite, {"delayed_events_per_user=1", "delayed_events_longest=60"});
  auto const alice = server.sign_up("alice");
  auto const room = server.post("/_matrix/client/v3/createRoom", alice, json::object{}).text("/room_id");
  auto const delay = [&](int milliseconds, std::string const& transaction) {
    return server.put("/_matrix/client/v3/rooms/" + in_path(room) + "/send/m.x/" + transaction +
                          "?org.matrix.msc4140.delay=" + std::to_string(milliseconds),
                      alice, json::object{});
  };
  EXPECT_EQ(delay(60'001, "a").errcode(), "M_FORBIDDEN");
  EXPECT_EQ(delay(50'000, "b").status, 200U);
  auto const refused = delay(50'000, "c");
  EXPECT_EQ(refused.errcode(), "M_LIMIT_EXCEEDED");
  EXPECT_GT(refused.at("/retry_after_ms").as_int64(), 0);
  auto const limits = server.get("/_matrix/client/v3/capabilities", alice)
                          .at("/capabilities/org.matrix.msc4140.delayed_events");
  EXPECT_EQ(limits, (json::value{{"max_delay_ms", 60'000}, {"max_scheduled", 1}}));
}

TEST(DelayedLimits, NoneAtAllIsSaidAsForbidden) {
  TestServer server(db::Database::Kind::sqlite, {"delayed_events_per_user=0"});
  auto const alice = server.sign_up("alice");
  auto const room = server.post("/_matrix/client/v3/createRoom", alice, json::object{}).text("/room_id");
  auto const path = "/_matrix/client/v3/rooms/" + in_path(room) + "/send/m.x/t?org.matrix.msc4140.delay=5";
  EXPECT_EQ(server.put(path, alice, json::object{}).errcode(), "M_FORBIDDEN");
}

}  // namespace
}  // namespace torg::testing
