#pragma once
#include "room_fixture.hpp"

namespace torg::testing {

/// Alice and Bob in a room, and how a client asks for sliding syncs.
class SlidingApi : public RoomApi {
 protected:
  static constexpr std::string_view kUnstable = "/_matrix/client/unstable/org.matrix.simplified_msc3575/sync";
  static constexpr std::string_view kStable = "/_matrix/client/v4/sync";

  /// A list of all rooms with the newest events.
  static json::object all_rooms(json::object more = {}) {
    json::object list{{"ranges", {{0, 99}}}, {"timeline_limit", 10}};
    for (auto const& [key, value] : more) list[key] = value;
    return {{"lists", {{"all", std::move(list)}}}};
  }
  /// What a list wants of the state, and how many events.
  static json::object state(std::initializer_list<std::pair<char const*, char const*>> wanted,
                            int timeline_limit = 10) {
    json::array pairs;
    for (auto const& [type, key] : wanted) pairs.push_back(json::array{type, key});
    return {{"required_state", std::move(pairs)}, {"timeline_limit", timeline_limit}};
  }
  static std::string target(std::string const& pos, int timeout = 0) {
    auto path = std::string(kUnstable) + "?timeout=" + std::to_string(timeout);
    return pos.empty() ? path : path + "&pos=" + pos;
  }
  Reply slide(std::string const& token, json::object body, std::string const& pos = "") {
    return server.post(target(pos), token, std::move(body));
  }
  /// What the answer says of a room; null when nothing.
  static json::value in(Reply const& reply, std::string const& room_id, std::string_view section = "/rooms") {
    auto const rooms = reply.at(section);
    auto const* found = rooms.is_object() ? rooms.get_object().if_contains(room_id) : nullptr;
    return found == nullptr ? json::value(nullptr) : *found;
  }
  json::value here(Reply const& reply, std::string_view section = "/rooms") const {
    return in(reply, room, section);
  }
  static std::vector<std::string> said(json::value const& part) { return bodies(member(part, "/timeline")); }
  /// `type|state_key` of each required state event.
  static std::set<std::string> state_of(json::value const& part) {
    std::set<std::string> keys;
    auto const events = member(part, "/required_state");
    if (!events.is_array()) return keys;
    for (auto const& event : events.get_array())
      keys.insert(std::string(event.at("type").as_string()) + "|" +
                  std::string(event.at("state_key").as_string()));
    return keys;
  }
  static std::set<std::string> rooms_in(Reply const& reply) {
    std::set<std::string> ids;
    auto const rooms = reply.at("/rooms");
    if (!rooms.is_object()) return ids;
    for (auto const& [id, part] : rooms.get_object()) ids.emplace(id);
    return ids;
  }
  void set_state(std::string const& token, std::string const& type, json::value content) {
    ASSERT_EQ(server.put(rooms(room, "state/" + type), token, std::move(content)).status, 200U);
  }
  void act(std::string const& token, std::string const& room_id, std::string const& what,
           json::value body = json::object{}) {
    auto const reply = server.post(rooms(room_id, what), token, std::move(body));
    ASSERT_EQ(reply.status, 200U) << json::serialize(reply.body);
  }
};

}  // namespace torg::testing
