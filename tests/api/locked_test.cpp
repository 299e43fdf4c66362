// What an account that was locked, or a session that was ended, hears of what it asked for before.
#include "sliding_fixture.hpp"

namespace torg::testing {
namespace {

class LockedApi : public SlidingApi {
 protected:
  UserNid bob_nid() { return server.app().identity().find(TestServer::user_id("bob")); }
  void lock_bob(identity::Restricted restricted = identity::Restricted::yes) {
    auto& users = server.app().identity().users();
    ASSERT_TRUE(server.run(users.restrict(bob_nid(), identity::Restriction::locked, restricted)));
  }
};
INSTANTIATE_TEST_SUITE_P(Db, LockedApi, db::both_databases(), db::database_name);

TEST_P(LockedApi, ASyncThatWaitsTellsNothingMore) {
  auto const since = sync(bob).text("/next_batch");
  Reply got;
  server.start(net::Method::get, "/_matrix/client/v3/sync?timeout=30000&since=" + since, bob, std::nullopt,
               [&](Reply reply) { got = std::move(reply); });
  lock_bob();
  say(alice, "hemligt");
  server.run_all();
  EXPECT_EQ(got.errcode(), "M_USER_LOCKED");
  EXPECT_EQ(got.at("/soft_logout"), true);
}

TEST_P(LockedApi, ASlidingSyncThatWaitsTellsNothingMore) {
  auto const first = slide(bob, all_rooms());
  Reply got;
  server.start(net::Method::post, target(first.text("/pos"), 30'000), bob, all_rooms(),
               [&](Reply reply) { got = std::move(reply); });
  lock_bob();
  say(alice, "hemligt");
  server.run_all();
  EXPECT_EQ(got.errcode(), "M_USER_LOCKED");
}

TEST_P(LockedApi, ASyncOfASessionThatHasEndedTellsNothingMore) {
  auto const since = sync(bob).text("/next_batch");
  Reply got;
  server.start(net::Method::get, "/_matrix/client/v3/sync?timeout=30000&since=" + since, bob, std::nullopt,
               [&](Reply reply) { got = std::move(reply); });
  ASSERT_TRUE(server.run(server.app().identity().sessions().remove_all_devices(bob_nid())));
  say(alice, "hemligt");
  server.run_all();
  EXPECT_EQ(got.errcode(), "M_UNKNOWN_TOKEN");
}

TEST_P(LockedApi, NoEventIsSentThatWasPutOff) {
  auto const delayed = server.put(rooms(room, "send/m.room.message/t?org.matrix.msc4140.delay=100000"), bob,
                                  {{"msgtype", "m.text"}, {"body", "senare"}});
  auto const path =
      "/_matrix/client/unstable/org.matrix.msc4140/delayed_events/" + delayed.text("/delay_id") + "/send";
  lock_bob();
  EXPECT_EQ(server.post(path, "", json::object{}).errcode(), "M_USER_LOCKED");
  EXPECT_THAT(bodies(member(part(sync(alice)), "/timeline/events")), ::testing::IsEmpty());
  lock_bob(identity::Restricted::no);
  EXPECT_EQ(server.post(path, "", json::object{}).status, 200U);
  EXPECT_THAT(bodies(member(part(sync(alice)), "/timeline/events")), ::testing::ElementsAre("senare"));
}

}  // namespace
}  // namespace torg::testing
