// A random world: a client that follows sliding syncs, with windows that move, answers that get lost and
// servers that restart, ends up where somebody does who signs in anew and syncs the classic way.
#include "sliding_fixture.hpp"

#include <random>

namespace torg::testing {
namespace {

constexpr int kSteps = 70;
constexpr std::size_t kTail = 5;
constexpr std::array<std::string_view, 3> kPeople{"alice", "bob", "carol"};

std::vector<std::string> ids_of(json::value const& events) {
  std::vector<std::string> ids;
  if (!events.is_array()) return ids;
  for (auto const& event : events.get_array()) ids.emplace_back(event.at("event_id").as_string());
  return ids;
}

std::vector<std::string> last(std::vector<std::string> const& ids, std::size_t count) {
  auto const n = static_cast<std::ptrdiff_t>(std::min(count, ids.size()));
  return {ids.end() - n, ids.end()};
}

using State = std::map<std::string, std::string>;  ///< type|state_key → event id

void take_state(State& state, json::value const& events) {
  if (!events.is_array()) return;
  for (auto const& event : events.get_array()) {
    if (!event.as_object().contains("state_key")) continue;
    auto const key =
        std::string(event.at("type").as_string()) + "|" + std::string(event.at("state_key").as_string());
    state[key] = event.at("event_id").as_string();
  }
}

struct Seen {
  std::string membership;
  State state;
  std::vector<std::string> timeline;
};
using Rooms = std::map<std::string, Seen>;

/// What a client makes of the answers, the way matrix-rust-sdk does: state comes from `required_state` only,
/// and who isn't invited and finds no membership of their own is in.
class Follower {
 public:
  explicit Follower(std::string user_id) : user_id_(std::move(user_id)) {}

  void forget() {
    rooms_.clear();
    pos_.clear();
  }
  void take(Reply const& reply) {
    pos_ = reply.text("/pos");
    for (auto const& [id, part] : reply.at("/rooms").as_object()) take_room(rooms_[id], part.as_object());
  }
  [[nodiscard]] std::string const& pos() const { return pos_; }
  [[nodiscard]] Rooms const& rooms() const { return rooms_; }

 private:
  void take_room(Seen& seen, json::object const& part) {
    if (part.contains("invite_state")) {
      seen = {.membership = "invite", .state = {}, .timeline = {}};
      return;
    }
    auto const is = [&](char const* key) { return part.contains(key) && part.at(key).as_bool(); };
    if (is("initial")) seen = {};
    if (is("initial") || is("limited") || is("unstable_expanded_timeline")) seen.timeline.clear();
    for (auto& id : ids_of(part.at("timeline"))) seen.timeline.push_back(std::move(id));
    take_state(seen.state, part.at("required_state"));
    seen.membership = "join";
    for (auto const& event : part.at("required_state").as_array()) {
      if (event.at("type") == "m.room.member" && event.at("state_key").as_string() == user_id_)
        seen.membership = event.at("content").at("membership").as_string();
    }
  }

  std::string user_id_;
  std::string pos_;
  Rooms rooms_;
};

class SlidingWorld : public ::testing::TestWithParam<std::tuple<db::Database::Kind, int>> {
 protected:
  TestServer server{std::get<0>(GetParam())};
  std::mt19937 random{static_cast<std::mt19937::result_type>(std::get<1>(GetParam()))};
  std::map<std::string_view, std::string> tokens;
  std::vector<std::string> rooms;
  std::vector<std::pair<std::string, std::string>> said;  ///< room, event id
  Follower bob{TestServer::user_id("bob")};
  int number = 0;

  void SetUp() override {
    for (auto const name : kPeople) tokens[name] = server.sign_up(std::string(name));
    make_room();
  }

  std::size_t pick(std::size_t below) {
    return std::uniform_int_distribution<std::size_t>(0, below - 1)(random);
  }
  std::string_view someone() { return kPeople[pick(kPeople.size())]; }
  std::string const& a_room() { return rooms[pick(rooms.size())]; }
  static std::string path(std::string const& room, std::string const& rest) {
    return "/_matrix/client/v3/rooms/" + in_path(room) + "/" + rest;
  }

  void make_room() {
    json::array invited;
    for (auto const* name : {"bob", "carol"}) {
      if (pick(2) == 0) invited.emplace_back(TestServer::user_id(name));
    }
    json::object const body{{"preset", pick(2) == 0 ? "public_chat" : "private_chat"}, {"invite", invited}};
    rooms.push_back(server.post("/_matrix/client/v3/createRoom", tokens["alice"], body).text("/room_id"));
  }
  /// Whoever may not is refused, which is part of the world.
  void say() {
    auto const& room = a_room();
    auto const where = path(room, "send/m.room.message/t" + std::to_string(++number));
    auto const reply = server.put(where, tokens[someone()], {{"body", std::to_string(number)}});
    if (reply.status == 200) said.emplace_back(room, reply.text("/event_id"));
  }
  void set_state() {
    constexpr std::array<char const*, 3> kVisibilities{"joined", "shared", "invited"};
    auto const& room = a_room();
    if (pick(4) == 0)
      server.put(path(room, "state/m.room.history_visibility"), tokens["alice"],
                 {{"history_visibility", kVisibilities[pick(3)]}});
    else
      server.put(
          path(room, pick(2) == 0 ? "state/m.room.name" : "state/org.torg.x/" + std::to_string(pick(3))),
          tokens["alice"], {{"name", std::to_string(++number)}});
  }
  void redact() {
    if (said.empty()) return;
    auto const& [room, event] = said[pick(said.size())];
    server.put(path(room, "redact/" + in_path(event) + "/r" + std::to_string(++number)), tokens["alice"],
               json::object{});
  }
  void move_somebody() {
    auto const& room = a_room();
    auto const name = someone();
    json::object const target{{"user_id", TestServer::user_id(name)}};
    constexpr std::array<char const*, 4> kByAlice{"invite", "kick", "ban", "unban"};
    switch (pick(4)) {
      case 0:
        server.post(path(room, "join"), tokens[name], json::object{});
        break;
      case 1:
        if (name != "alice") server.post(path(room, "leave"), tokens[name], json::object{});
        break;
      default:
        server.post(path(room, kByAlice[pick(4)]), tokens["alice"], target);
    }
  }

  json::object request(std::size_t last_room, std::size_t limit, bool all_state) {
    json::array wanted;  // pushed: braces around one list alone would make it a copy
    if (all_state) {
      wanted.push_back(json::array{"*", "*"});
    } else {
      wanted.push_back(json::array{"m.room.name", ""});
      wanted.push_back(json::array{"m.room.member", "$LAZY"});
    }
    return {{"lists",
             {{"all",
               {{"ranges", {{0, last_room}}},
                {"timeline_limit", limit},
                {"required_state", std::move(wanted)}}}}}};
  }
  Reply slide(json::object const& body) {
    std::string target = "/_matrix/client/unstable/org.matrix.simplified_msc3575/sync?timeout=0";
    if (!bob.pos().empty()) target += "&pos=" + bob.pos();
    auto reply = server.post(target, tokens["bob"], body);
    if (reply.status == 200 || bob.pos().empty()) {
      EXPECT_EQ(reply.status, 200U) << json::serialize(reply.body);
      return reply;
    }
    EXPECT_EQ(reply.errcode(), "M_UNKNOWN_POS") << json::serialize(reply.body);
    bob.forget();
    return slide(body);
  }
  void follow() {
    auto const body = request(pick(4), pick(kTail + 1), pick(2) == 0);
    auto const reply = slide(body);
    if (pick(4) != 0) bob.take(reply);  // some answers get lost
  }
  void step() {
    auto const what = pick(20);
    if (what < 7) return say();
    if (what < 9) return set_state();
    if (what < 10) return redact();
    if (what < 14) return move_somebody();
    if (what < 15 && rooms.size() < 5) return make_room();
    if (what == 15 && pick(4) == 0) return server.restart();
    follow();
  }

  Rooms classic() {
    auto const filter = in_path(R"({"room":{"timeline":{"limit":)" + std::to_string(kTail) + "}}}");
    auto const reply = server.get("/_matrix/client/v3/sync?timeout=0&filter=" + filter, tokens["bob"]);
    Rooms found;
    auto const sections = reply.at("/rooms");
    if (!sections.is_object()) return found;
    for (auto const* membership : {"join", "invite"}) {
      auto const* section = sections.get_object().if_contains(membership);
      if (section == nullptr) continue;
      for (auto const& [id, part] : section->as_object()) {
        auto& seen = found[id];
        seen.membership = membership;
        if (seen.membership == "invite") continue;
        take_state(seen.state, part.at("state").at("events"));
        take_state(seen.state, part.at("timeline").at("events"));
        seen.timeline = ids_of(part.at("timeline").at("events"));
      }
    }
    return found;
  }
};

TEST_P(SlidingWorld, AClientThatFollowsEndsUpWhereOneDoesWhoStartsAnew) {
  for (int i = 0; i < kSteps; ++i) step();
  bob.take(slide(request(99, kTail, true)));
  auto const expected = classic();
  for (auto const& [id, room] : expected) {
    ASSERT_TRUE(bob.rooms().contains(id)) << id;
    auto const& seen = bob.rooms().at(id);
    EXPECT_EQ(seen.membership, room.membership) << id;
    EXPECT_EQ(seen.state, room.state) << id;
    EXPECT_EQ(last(seen.timeline, room.timeline.size()), room.timeline) << id;
  }
  for (auto const& [id, seen] : bob.rooms()) {
    bool const present = seen.membership == "join" || seen.membership == "invite";
    EXPECT_TRUE(!present || expected.contains(id)) << id << " is over, but not for the follower";
  }
}

INSTANTIATE_TEST_SUITE_P(Sqlite, SlidingWorld,
                         ::testing::Combine(::testing::Values(db::Database::Kind::sqlite),
                                            ::testing::Range(0, 24)));
INSTANTIATE_TEST_SUITE_P(Both, SlidingWorld,
                         ::testing::Combine(db::both_databases(), ::testing::Range(100, 102)));

}  // namespace
}  // namespace torg::testing
