// Thread subscriptions (MSC4306).
#include "room_fixture.hpp"

namespace torg::testing {
namespace {

class ThreadSubscriptionsApi : public RoomApi {
 protected:
  std::string root = say(alice, "rot");
  std::string path() const {
    return "/_matrix/client/unstable/io.element.msc4306/rooms/" + in_path(room) + "/thread/" + in_path(root) +
           "/subscription";
  }
  std::string reply(std::string const& transaction) {
    return server
        .put(rooms(room, "send/m.room.message/" + transaction), alice,
             {{"msgtype", "m.text"},
              {"body", "svar"},
              {"m.relates_to", {{"rel_type", "m.thread"}, {"event_id", root}}}})
        .text("/event_id");
  }
  Reply subscribe(json::object body = {}) { return server.put(path(), bob, std::move(body)); }
  Reply unsubscribe() { return server.call(net::Method::delete_, path(), bob); }
  std::int64_t unread() {
    return member(part(sync(bob)), "/unread_notifications/notification_count").as_int64();
  }
  void enable(std::string const& rule) {
    auto const put = server.put(
        "/_matrix/client/v3/pushrules/global/postcontent/.io.element.msc4306.rule." + rule + "/enabled", bob,
        {{"enabled", true}});
    ASSERT_EQ(put.status, 200U) << json::serialize(put.body);
  }
};
INSTANTIATE_TEST_SUITE_P(Db, ThreadSubscriptionsApi, db::both_databases(), db::database_name);

TEST_P(ThreadSubscriptionsApi, OneSubscribesAndUnsubscribes) {
  EXPECT_EQ(server.get(path(), bob).status, 404U);
  EXPECT_EQ(unsubscribe().status, 200U);
  EXPECT_EQ(subscribe().status, 200U);
  EXPECT_EQ(server.get(path(), bob).at("/automatic"), false);
  server.restart();
  EXPECT_EQ(server.get(path(), bob).at("/automatic"), false);
  EXPECT_EQ(unsubscribe().status, 200U);
  EXPECT_EQ(server.get(path(), bob).errcode(), "M_NOT_FOUND");
}

TEST_P(ThreadSubscriptionsApi, AClientMaySubscribeBecauseOfAnEventInTheThread) {
  EXPECT_EQ(subscribe({{"automatic", root}}).errcode(), "IO.ELEMENT.MSC4306.M_NOT_IN_THREAD");
  auto const first = reply("r1");
  EXPECT_EQ(subscribe({{"automatic", first}}).status, 200U);
  EXPECT_EQ(server.get(path(), bob).at("/automatic"), true);
  EXPECT_EQ(subscribe().status, 200U);
  EXPECT_EQ(server.get(path(), bob).at("/automatic"), false);
  EXPECT_EQ(subscribe({{"automatic", first}}).status, 200U);
  EXPECT_EQ(server.get(path(), bob).at("/automatic"), false) << "what the user chose stays";
}

TEST_P(ThreadSubscriptionsApi, WhoLeftIsNotSubscribedByWhatWasThereBefore) {
  auto const first = reply("r1");
  ASSERT_EQ(subscribe({{"automatic", first}}).status, 200U);
  ASSERT_EQ(unsubscribe().status, 200U);
  auto const refused = subscribe({{"automatic", first}});
  EXPECT_EQ(refused.status, 409U);
  EXPECT_EQ(refused.errcode(), "IO.ELEMENT.MSC4306.M_CONFLICTING_UNSUBSCRIPTION");
  EXPECT_EQ(subscribe({{"automatic", reply("r2")}}).status, 200U);
}

TEST_P(ThreadSubscriptionsApi, RulesCanFollowSubscriptions) {
  enable("unsubscribed_thread");
  enable("subscribed_thread");
  reply("r1");
  EXPECT_EQ(unread(), 0);
  ASSERT_EQ(subscribe().status, 200U);
  EXPECT_EQ(unread(), 1);
}

TEST_P(ThreadSubscriptionsApi, OfWhatIsNotThereNothingIsTold) {
  auto const other = server.sign_up("carol");
  EXPECT_EQ(server.put(path(), other, json::object{}).status, 404U);
  auto const nowhere = "/_matrix/client/unstable/io.element.msc4306/rooms/" + in_path(room) + "/thread/" +
                       in_path("$nothing:test.example") + "/subscription";
  EXPECT_EQ(server.put(nowhere, bob, json::object{}).status, 404U);
  EXPECT_EQ(server.get(nowhere, bob).status, 404U);
}

}  // namespace
}  // namespace torg::testing
