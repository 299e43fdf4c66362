// A server that keeps nothing in memory but what is in use: what clients see must be the same.
#include "matrix/room/service.hpp"
#include "room_fixture.hpp"

namespace torg::testing {
namespace {

class MemoryApi : public ::testing::TestWithParam<db::Database::Kind> {
 protected:
  TestServer server{GetParam(), {"room_cache_mib=0"}};
  std::string alice = server.sign_up("alice");
  std::string bob = server.sign_up("bob");
  std::string room = make_room();

  std::string make_room() {
    return server.post("/_matrix/client/v3/createRoom", alice, {{"preset", "public_chat"}}).text("/room_id");
  }
  std::string in_room(std::string_view rest) const {
    return "/_matrix/client/v3/rooms/" + in_path(room) + "/" + std::string(rest);
  }
  void join(std::string const& token) {
    ASSERT_EQ(server.post(in_room("join"), token, json::object{}).status, 200U);
  }
  std::string say(std::string const& token, std::string const& transaction) {
    auto const reply = server.put(in_room("send/m.room.message/" + transaction), token,
                                  {{"msgtype", "m.text"}, {"body", transaction}});
    EXPECT_EQ(reply.status, 200U) << json::serialize(reply.body);
    return reply.text("/event_id");
  }
  std::shared_ptr<matrix::Room> load() { return *server.run(server.app().rooms().load(room)); }
  std::int64_t unread(std::string const& token) {
    auto const reply = server.get("/_matrix/client/v3/sync", token);
    auto const& of = reply.body.at("rooms").at("join").at(room);
    return of.at("unread_notifications").at("notification_count").as_int64();
  }
  json::value state() { return server.get(in_room("state"), alice).body; }
};
INSTANTIATE_TEST_SUITE_P(Db, MemoryApi, db::both_databases(), db::database_name);

TEST_P(MemoryApi, ARoomThatNobodyHoldsIsForgottenAndLoadedEqual) {
  join(bob);
  say(alice, "ett");
  auto first = load();
  auto const head = first->head();
  auto const keys = first->state().size();
  auto const events = first->timeline().size();
  std::weak_ptr<matrix::Room> const watched = first;
  first.reset();
  make_room();  // anything that makes the cache look at what it has
  EXPECT_TRUE(watched.expired());
  auto const again = load();
  EXPECT_EQ(again->head().nid, head.nid);
  EXPECT_EQ(again->head().id.text(), head.id.text());
  EXPECT_EQ(again->head().depth, head.depth);
  EXPECT_EQ(again->head().messages, head.messages);
  EXPECT_EQ(again->state().size(), keys);
  EXPECT_EQ(again->timeline().size(), events);
  EXPECT_EQ(again->joined_count(), 2U);
}

TEST_P(MemoryApi, ARoomThatIsHeldStaysTheOnlyOneOfItsId) {
  auto const held = load();
  for (int i = 0; i < 20; ++i) make_room();
  EXPECT_EQ(load(), held);
  say(alice, "ett");
  EXPECT_EQ(load(), held);
  EXPECT_NE(held->timeline().back()->content.find("ett"), std::string::npos);
}

TEST_P(MemoryApi, SendersAtOnceMakeOneChainThoughRoomsComeAndGo) {
  join(bob);
  auto const start = load()->head().depth;
  constexpr int kEach = 20;
  int good = 0;
  for (int i = 0; i < kEach; ++i) {
    for (auto const& token : {alice, bob}) {
      server.start(net::Method::put, in_room("send/m.room.message/x" + std::to_string(i)), token,
                   json::value{{"msgtype", "m.text"}, {"body", "x"}},
                   [&](Reply reply) { good += reply.status == 200; });
    }
    server.start(net::Method::post, "/_matrix/client/v3/createRoom", alice, json::value(json::object{}),
                 [](Reply const& reply) { EXPECT_EQ(reply.status, 200U); });
  }
  server.run_all();
  EXPECT_EQ(good, 2 * kEach);
  EXPECT_EQ(load()->head().depth, start + 2 * kEach);
}

TEST_P(MemoryApi, ARepeatedSendFindsItsEventThoughTheSessionIsForgotten) {
  join(bob);
  auto const first = say(alice, "t1");
  say(bob, "t1");
  make_room();
  EXPECT_EQ(say(alice, "t1"), first);
  EXPECT_EQ(load()->head().messages, 2);
}

TEST_P(MemoryApi, UnreadCountsAreTheSameAfterReceiptsAreForgotten) {
  join(bob);
  auto const read = say(alice, "ett");
  say(alice, "två");
  EXPECT_EQ(unread(bob), 2);
  ASSERT_EQ(server.post(in_room("receipt/m.read/" + in_path(read)), bob, json::object{}).status, 200U);
  EXPECT_EQ(unread(bob), 1);
  say(bob, "tre");
  EXPECT_EQ(unread(bob), 0) << "who writes has read";
  say(alice, "fyra");
  EXPECT_EQ(unread(bob), 1);
  server.restart();
  EXPECT_EQ(unread(bob), 1) << "the own message counts after a restart too";
}

TEST_P(MemoryApi, AWaitingSyncIsWokenByARoomThatWasForgotten) {
  join(bob);
  auto const since = server.get("/_matrix/client/v3/sync", bob).text("/next_batch");
  json::value got;
  server.start(net::Method::get, "/_matrix/client/v3/sync?timeout=30000&since=" + since, bob, std::nullopt,
               [&](Reply reply) { got = reply.body; });
  make_room();
  say(alice, "vakna");
  server.run_all();
  EXPECT_NE(json::serialize(got).find("vakna"), std::string::npos);
}

TEST_P(MemoryApi, ANewMemberIsSeenThoughTheListOfTheirRoomsWasForgotten) {
  EXPECT_TRUE(server.get("/_matrix/client/v3/sync", bob).at("/rooms/join").is_null());
  join(bob);
  make_room();
  auto const rooms = server.get("/_matrix/client/v3/joined_rooms", bob).body.at("joined_rooms");
  EXPECT_EQ(rooms.as_array().size(), 1U);
}

}  // namespace
}  // namespace torg::testing
