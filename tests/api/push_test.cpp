// What push gateways hear: a real gateway on the loopback interface, in another thread.
#include "net/testing/running_server.hpp"
#include "room_fixture.hpp"

#include <condition_variable>
#include <mutex>

namespace torg::testing {
namespace {

/// Takes what it is told and answers as it was told to.
class Gateway {
 public:
  Gateway()
      : server_({{net::Method::post, "/_matrix/push/v1/notify",
                  net::testing::answer_with([this](net::Call& call) {
                    std::lock_guard const lock(mutex_);
                    heard_.push_back(
                        parse_json_object(call.request.body).value().at("notification").as_object());
                    if (failures_ > 0) {
                      --failures_;
                      return net::Response{.status = 500};
                    }
                    return net::json_response(json::serialize(json::object{{"rejected", rejected_}}));
                  })}}) {}

  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(server_.port()) + "/_matrix/push/v1/notify";
  }
  std::vector<json::object> heard() {
    std::lock_guard const lock(mutex_);
    return heard_;
  }
  void fail(int times) {
    std::lock_guard const lock(mutex_);
    failures_ = times;
  }
  void reject(std::string pushkey) {
    std::lock_guard const lock(mutex_);
    rejected_.emplace_back(std::move(pushkey));
  }

 private:
  std::mutex mutex_;
  std::vector<json::object> heard_;
  json::array rejected_;
  int failures_ = 0;
  net::testing::RunningServer server_;
};

class PushApi : public ::testing::Test {
 protected:
  Gateway gateway;
  TestServer server{db::Database::Kind::sqlite, {"outbound_allowed_networks=127.0.0.0/8", "push_content=on"}};
  std::string alice = server.sign_up("alice");
  std::string bob = server.sign_up("bob");
  std::string room =
      server.post("/_matrix/client/v3/createRoom", alice, {{"preset", "public_chat"}, {"name", "Vallen"}})
          .text("/room_id");

  void SetUp() override { ASSERT_EQ(server.post(in_room("join"), bob, json::object{}).status, 200U); }

  std::string in_room(std::string const& rest) const {
    return "/_matrix/client/v3/rooms/" + in_path(room) + "/" + rest;
  }
  json::object pusher(std::string const& pushkey, json::object data = {}) const {
    data.insert({{"url", gateway.url()}});
    return {{"kind", "http"},
            {"app_id", "app.example"},
            {"pushkey", pushkey},
            {"app_display_name", "App"},
            {"device_display_name", "Telefon"},
            {"lang", "sv"},
            {"data", std::move(data)}};
  }
  unsigned set(std::string const& token, json::object body) {
    return server.post("/_matrix/client/v3/pushers/set", token, std::move(body)).status;
  }
  std::size_t pushers(std::string const& token) {
    return server.get("/_matrix/client/v3/pushers", token).at("/pushers").as_array().size();
  }
  std::string say(std::string const& token, std::string const& text, json::object more = {}) {
    more.insert({{"msgtype", "m.text"}, {"body", text}});
    return server.put(in_room("send/m.room.message/t" + std::to_string(++sent_)), token, std::move(more))
        .text("/event_id");
  }
  /// Runs the server until the gateway has heard so much.
  std::vector<json::object> wait_for(std::size_t count) {
    while (gateway.heard().size() < count) server.runtime().run_one();  // each answer makes one go on
    return gateway.heard();
  }

 private:
  int sent_ = 0;
};

TEST_F(PushApi, APusherIsListedChangedAndRemoved) {
  EXPECT_EQ(set(bob, pusher("nyckel")), 200U);
  auto const listed = server.get("/_matrix/client/v3/pushers", bob).at("/pushers/0");
  EXPECT_EQ(listed.at("kind"), "http");
  EXPECT_EQ(listed.at("data").at("url").as_string(), gateway.url());
  EXPECT_EQ(set(bob, pusher("nyckel", {{"format", "event_id_only"}})), 200U);
  EXPECT_EQ(pushers(bob), 1U);
  EXPECT_EQ(set(bob, {{"kind", nullptr}, {"app_id", "app.example"}, {"pushkey", "nyckel"}}), 200U);
  EXPECT_EQ(pushers(bob), 0U);
}

TEST_F(PushApi, RefusesWhatIsNoPusher) {
  auto body = pusher("nyckel");
  body["kind"] = "fax";
  EXPECT_EQ(set(bob, body), 400U);
  body = pusher("nyckel", {{"url", "https://push.example/elsewhere"}});
  EXPECT_EQ(set(bob, body), 400U);
  body = pusher(std::string(600, 'x'));
  EXPECT_EQ(set(bob, body), 400U);
  body = pusher("nyckel");
  body.erase("lang");
  EXPECT_EQ(set(bob, body), 400U);
}

TEST_F(PushApi, AKeyBelongsToOnePersonUnlessToldOtherwise) {
  EXPECT_EQ(set(bob, pusher("nyckel")), 200U);
  auto also = pusher("nyckel");
  also["append"] = true;
  EXPECT_EQ(set(alice, also), 200U);
  EXPECT_EQ(pushers(bob), 1U);
  EXPECT_EQ(set(alice, pusher("nyckel")), 200U);
  EXPECT_EQ(pushers(bob), 0U);
}

TEST_F(PushApi, APusherEndsWithItsSession) {
  auto const other = server.log_in("bob", "secret-bob");
  EXPECT_EQ(set(other, pusher("annan")), 200U);
  EXPECT_EQ(set(bob, pusher("egen")), 200U);
  ASSERT_EQ(server.post("/_matrix/client/v3/logout", other, json::object{}).status, 200U);
  EXPECT_EQ(pushers(bob), 1U);
  server.restart();
  EXPECT_EQ(pushers(bob), 1U);
}

TEST_F(PushApi, AGatewayHearsOfAMessage) {
  ASSERT_EQ(set(bob, pusher("nyckel")), 200U);
  auto const event = say(alice, "hej", {{"m.mentions", {{"user_ids", {TestServer::user_id("bob")}}}}});
  auto const heard = wait_for(1);
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_EQ(heard[0].at("event_id").as_string(), event);
  EXPECT_EQ(heard[0].at("room_id").as_string(), room);
  EXPECT_EQ(heard[0].at("room_name"), "Vallen");
  EXPECT_EQ(heard[0].at("prio"), "high");
  EXPECT_EQ(heard[0].at("content").at("body"), "hej");
  EXPECT_EQ(heard[0].at("counts").at("unread"), 1);
  auto const& device = heard[0].at("devices").at(0);
  EXPECT_EQ(device.at("pushkey"), "nyckel");
  EXPECT_EQ(device.at("tweaks").at("highlight"), true);
  EXPECT_FALSE(device.at("data").as_object().contains("url"));
}

TEST_F(PushApi, AGatewayHearsIdsOnlyWhenThatIsAskedFor) {
  ASSERT_EQ(set(bob, pusher("nyckel", {{"format", "event_id_only"}})), 200U);
  say(alice, "hemligt");
  auto const heard = wait_for(1);
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_TRUE(heard[0].contains("event_id"));
  EXPECT_FALSE(heard[0].contains("content"));
  EXPECT_FALSE(heard[0].contains("sender"));
}

TEST_F(PushApi, AGatewayHearsNoNameThatWasRedacted) {
  ASSERT_EQ(set(bob, pusher("nyckel")), 200U);
  auto const named = server.put(in_room("state/m.room.name"), alice, {{"name", "Hemligt"}}).text("/event_id");
  ASSERT_EQ(server.put(in_room("redact/" + in_path(named) + "/r"), alice, json::object{}).status, 200U);
  auto const event = say(alice, "hej");
  auto heard = wait_for(1);
  while (heard.back().at("event_id") != json::value(event)) heard = wait_for(heard.size() + 1);
  EXPECT_FALSE(heard.back().contains("room_name"));
}

TEST_F(PushApi, NothingIsToldOfAnAccountThatIsLocked) {
  auto const carol = server.sign_up("carol");
  ASSERT_EQ(server.post(in_room("join"), carol, json::object{}).status, 200U);
  ASSERT_EQ(set(bob, pusher("nyckel")), 200U);
  ASSERT_EQ(set(carol, pusher("carols")), 200U);
  auto& identity = server.app().identity();
  auto const nid = identity.find(TestServer::user_id("bob"));
  using identity::Restricted;
  ASSERT_TRUE(server.run(identity.users().restrict(nid, identity::Restriction::locked, Restricted::yes)));
  say(alice, "hemligt");
  ASSERT_EQ(wait_for(1).size(), 1U) << "Carol, who comes after Bob, is told";
  ASSERT_TRUE(server.run(identity.users().restrict(nid, identity::Restriction::locked, Restricted::no)));
  auto const last = say(alice, "öppet");
  auto heard = wait_for(3);
  std::erase_if(heard, [](auto const& note) { return note.at("devices").at(0).at("pushkey") != "nyckel"; });
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_EQ(heard[0].at("event_id").as_string(), last);
}

TEST_F(PushApi, NobodyHearsOfTheirOwnMessagesOrOfNotices) {
  ASSERT_EQ(set(alice, pusher("nyckel")), 200U);
  say(alice, "eget");
  say(bob, "till kännedom", {{"msgtype", "m.notice"}});
  auto const last = say(bob, "hej");
  auto const heard = wait_for(1);
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_EQ(heard[0].at("event_id").as_string(), last);
}

TEST_F(PushApi, AnInvitationIsTold) {
  ASSERT_EQ(set(bob, pusher("nyckel")), 200U);
  auto const other = server
                         .post("/_matrix/client/v3/createRoom", alice,
                               json::object{{"invite", {TestServer::user_id("bob")}}})
                         .text("/room_id");
  auto const heard = wait_for(1);
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_EQ(heard[0].at("room_id").as_string(), other);
  EXPECT_EQ(heard[0].at("user_is_target"), true);
}

TEST_F(PushApi, TheBadgeIsClearedWhenTheRoomIsRead) {
  ASSERT_EQ(set(bob, pusher("nyckel")), 200U);
  auto const event = say(alice, "hej");
  ASSERT_EQ(wait_for(1).size(), 1U);
  ASSERT_EQ(server.post(in_room("receipt/m.read.private/" + in_path(event)), bob, json::object{}).status,
            200U);
  auto const heard = wait_for(2);
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_FALSE(heard[1].contains("event_id"));
  EXPECT_EQ(heard[1].at("counts").at("unread"), 0);
}

TEST_F(PushApi, AGatewayThatFailsIsAskedAgain) {
  ASSERT_EQ(set(bob, pusher("nyckel")), 200U);
  gateway.fail(1);
  auto const event = say(alice, "hej");
  auto const heard = wait_for(2);
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_EQ(heard[1].at("event_id").as_string(), event);
}

TEST_F(PushApi, ARejectedKeyIsRemoved) {
  ASSERT_EQ(set(bob, pusher("nyckel")), 200U);
  gateway.reject("nyckel");
  say(alice, "hej");
  ASSERT_EQ(wait_for(1).size(), 1U);
  while (pushers(bob) > 0) server.runtime().poll();
}

TEST_F(PushApi, WhatCouldNotBeToldIsToldAfterARestart) {
  ASSERT_EQ(set(bob, pusher("nyckel")), 200U);
  gateway.fail(1);
  auto const event = say(alice, "hej");
  ASSERT_EQ(wait_for(1).size(), 1U);
  server.restart();
  auto const heard = wait_for(2);
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_EQ(heard[1].at("event_id").as_string(), event);
}

TEST_F(PushApi, NotificationsAreListedNewestFirstInPages) {
  auto const first = say(alice, "ett");
  auto const second = say(alice, "två", {{"m.mentions", {{"user_ids", {TestServer::user_id("bob")}}}}});
  say(alice, "tyst", {{"msgtype", "m.notice"}});
  auto const third = say(alice, "tre");
  ASSERT_EQ(server.post(in_room("receipt/m.read/" + in_path(first)), bob, json::object{}).status, 200U);
  auto const page = server.get("/_matrix/client/v3/notifications?limit=2", bob);
  ASSERT_EQ(page.at("/notifications").as_array().size(), 2U);
  EXPECT_EQ(page.text("/notifications/0/event/event_id"), third);
  EXPECT_EQ(page.text("/notifications/1/event/event_id"), second);
  EXPECT_EQ(page.at("/notifications/1/read"), false);
  EXPECT_EQ(page.at("/notifications/0/actions/0"), "notify");
  auto const next = server.get("/_matrix/client/v3/notifications?from=" + page.text("/next_token"), bob);
  EXPECT_EQ(next.text("/notifications/0/event/event_id"), first);
  EXPECT_EQ(next.at("/notifications/0/read"), true);
  auto const highlights = server.get("/_matrix/client/v3/notifications?only=highlight", bob);
  ASSERT_EQ(highlights.at("/notifications").as_array().size(), 1U);
  EXPECT_EQ(highlights.text("/notifications/0/event/event_id"), second);
}

}  // namespace
}  // namespace torg::testing
