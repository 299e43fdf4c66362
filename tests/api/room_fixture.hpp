#pragma once
#include "testing/test_server.hpp"

namespace torg::testing {

/// Alice and Bob in a room that Alice made, on the database under test.
class RoomApi : public ::testing::TestWithParam<db::Database::Kind> {
 protected:
  TestServer server{GetParam()};
  std::string alice = server.sign_up("alice");
  std::string bob = server.sign_up("bob");
  std::string room = make_room(alice, {{"invite", {TestServer::user_id("bob")}}});

  void SetUp() override { ASSERT_EQ(server.post(rooms(room, "join"), bob, json::object{}).status, 200); }

  std::string make_room(std::string const& token, json::value body) {
    auto const reply = server.post("/_matrix/client/v3/createRoom", token, std::move(body));
    EXPECT_EQ(reply.status, 200) << json::serialize(reply.body);
    return reply.text("/room_id");
  }
  static std::string rooms(std::string_view room_id, std::string_view rest) {
    return "/_matrix/client/v3/rooms/" + in_path(room_id) + "/" + std::string(rest);
  }
  Reply send(std::string const& token, std::string const& text, std::string const& transaction) {
    return server.put(rooms(room, "send/m.room.message/" + transaction), token,
                      {{"msgtype", "m.text"}, {"body", text}});
  }
  std::string say(std::string const& token, std::string const& text) {
    auto const reply = send(token, text, "t" + std::to_string(++sent_));
    EXPECT_EQ(reply.status, 200) << json::serialize(reply.body);
    return reply.text("/event_id");
  }
  Reply sync(std::string const& token, std::string const& since = "", std::string const& more = "") {
    return server.get("/_matrix/client/v3/sync?timeout=0" + (since.empty() ? "" : "&since=" + since) + more,
                      token);
  }
  /// The part of a sync answer about the room, by section.
  json::value part(Reply const& reply, std::string_view section = "join") const {
    auto const sections = reply.at("/rooms");
    if (!sections.is_object() || !sections.get_object().contains(section)) return nullptr;
    auto const& of = sections.get_object().at(section).get_object();
    auto const* found = of.if_contains(room);
    return found == nullptr ? json::value(nullptr) : *found;
  }
  /// Bodies of the messages in a list of events.
  static std::vector<std::string> bodies(json::value const& events) {
    std::vector<std::string> texts;
    if (!events.is_array()) return texts;
    for (auto const& event : events.get_array()) {
      auto const* body = event.at("content").as_object().if_contains("body");
      if (event.at("type") == "m.room.message" && body != nullptr) texts.emplace_back(body->as_string());
    }
    return texts;
  }
  static json::value member(json::value const& object, std::string_view path) {
    return Reply{.status = 0, .body = object}.at(path);
  }

 private:
  int sent_ = 0;
};

}  // namespace torg::testing
