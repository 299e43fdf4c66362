// Whose devices a client must follow, and what devices send each other.
#include "room_fixture.hpp"

#include <random>
#include <set>

namespace torg::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> names(json::value const& list) {
  std::vector<std::string> found;
  if (!list.is_array()) return found;
  for (auto const& each : list.get_array()) found.emplace_back(each.as_string());
  return found;
}

json::value identity_keys(std::string const& user_id, std::string const& device, int version) {
  return {{"device_keys",
           {{"user_id", user_id},
            {"device_id", device},
            {"algorithms", json::array{"m.olm"}},
            {"keys", {{"ed25519:" + device, "key " + std::to_string(version)}}},
            {"signatures", json::object{}}}}};
}

class DevicesApi : public RoomApi {
 protected:
  std::string carol = server.sign_up("carol");
  std::string device_of(std::string const& token) {
    return server.get("/_matrix/client/v3/account/whoami", token).text("/device_id");
  }
  void upload_keys(std::string const& name, std::string const& token, int version) {
    auto const reply = server.post("/_matrix/client/v3/keys/upload", token,
                                   identity_keys(TestServer::user_id(name), device_of(token), version));
    ASSERT_EQ(reply.status, 200U) << json::serialize(reply.body);
  }
  std::vector<std::string> changed(Reply const& reply) { return names(reply.at("/device_lists/changed")); }
  std::vector<std::string> left(Reply const& reply) { return names(reply.at("/device_lists/left")); }
  void invite_and_join(std::string const& name, std::string const& token) {
    ASSERT_EQ(server.post(rooms(room, "invite"), alice, {{"user_id", TestServer::user_id(name)}}).status,
              200U);
    ASSERT_EQ(server.post(rooms(room, "join"), token, json::object{}).status, 200U);
  }
  Reply send_ping(std::string const& token, std::string const& transaction, json::value messages) {
    return server.put("/_matrix/client/v3/sendToDevice/org.torg.ping/" + transaction, token,
                      {{"messages", std::move(messages)}});
  }
};
INSTANTIATE_TEST_SUITE_P(Db, DevicesApi, db::both_databases(), db::database_name);

TEST_P(DevicesApi, WhoMeetsInARoomFollowsEachOthersDevices) {
  auto const alices = sync(alice).text("/next_batch");
  auto const carols = sync(carol).text("/next_batch");
  invite_and_join("carol", carol);
  EXPECT_THAT(changed(sync(alice, alices)), ElementsAre(TestServer::user_id("carol")));
  EXPECT_THAT(changed(sync(carol, carols)),
              ElementsAre(TestServer::user_id("alice"), TestServer::user_id("bob")));
}

TEST_P(DevicesApi, WhoPartsStopsFollowing) {
  auto const alices = sync(alice).text("/next_batch");
  auto const bobs = sync(bob).text("/next_batch");
  ASSERT_EQ(server.post(rooms(room, "leave"), bob, json::object{}).status, 200U);
  EXPECT_THAT(left(sync(alice, alices)), ElementsAre(TestServer::user_id("bob")));
  EXPECT_THAT(left(sync(bob, bobs)), ElementsAre(TestServer::user_id("alice")));
}

TEST_P(DevicesApi, WhoForgetsTheRoomTooStopsFollowing) {
  auto const since = sync(bob).text("/next_batch");
  ASSERT_EQ(server.post(rooms(room, "leave"), bob, json::object{}).status, 200U);
  ASSERT_EQ(server.post(rooms(room, "forget"), bob, json::object{}).status, 200U);
  EXPECT_THAT(left(sync(bob, since)), ElementsAre(TestServer::user_id("alice")));
}

TEST_P(DevicesApi, WhoSharesAnotherRoomIsFollowedOn) {
  auto const other = make_room(alice, {{"preset", "public_chat"}});
  ASSERT_EQ(server.post(rooms(other, "join"), bob, json::object{}).status, 200U);
  auto const since = sync(alice).text("/next_batch");
  ASSERT_EQ(server.post(rooms(room, "leave"), bob, json::object{}).status, 200U);
  EXPECT_THAT(left(sync(alice, since)), IsEmpty());
}

TEST_P(DevicesApi, ANewNameIsNoChangeOfDevices) {
  auto const since = sync(alice).text("/next_batch");
  ASSERT_EQ(server
                .put("/_matrix/client/v3/profile/" + TestServer::user_id("bob") + "/displayname", bob,
                     {{"displayname", "Bo"}})
                .status,
            200U);
  auto const reply = sync(alice, since);
  EXPECT_TRUE(reply.at("/device_lists").is_null()) << json::serialize(reply.body);
}

TEST_P(DevicesApi, KeyChangesBetweenTwoTokensAreTold) {
  auto const from = sync(alice).text("/next_batch");
  upload_keys("bob", bob, 1);
  auto const to = sync(alice, from).text("/next_batch");
  auto const told = server.get("/_matrix/client/v3/keys/changes?from=" + from + "&to=" + to, alice);
  EXPECT_THAT(names(told.at("/changed")), ElementsAre(TestServer::user_id("bob")));
  EXPECT_THAT(names(told.at("/left")), IsEmpty());
  EXPECT_EQ(server.get("/_matrix/client/v3/keys/changes?from=" + from, alice).errcode(), "M_MISSING_PARAM");
  EXPECT_EQ(server.get("/_matrix/client/v3/keys/changes?from=x&to=" + to, alice).errcode(),
            "M_INVALID_PARAM");
}

TEST_P(DevicesApi, EverySyncTellsHowManyKeysAreLeft) {
  auto const first = sync(bob);
  EXPECT_EQ(first.at("/device_one_time_keys_count/signed_curve25519"), 0);
  say(alice, "hej");
  auto const second = sync(bob, first.text("/next_batch"));
  EXPECT_EQ(second.at("/device_one_time_keys_count/signed_curve25519"), 0);
  EXPECT_TRUE(second.at("/device_unused_fallback_key_types").is_array());
}

// ---- To-device messages

TEST_P(DevicesApi, MessagesKeepTheirOrderAndReachAllDevicesOfAStar) {
  auto const tablet = server.log_in("bob", "secret-bob");
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(
        send_ping(alice, "t" + std::to_string(i), {{TestServer::user_id("bob"), {{"*", {{"n", i}}}}}}).status,
        200U);
  }
  for (auto const& device : {bob, tablet}) {
    auto const events = sync(device).at("/to_device/events");
    ASSERT_TRUE(events.is_array());
    ASSERT_EQ(events.get_array().size(), 3U);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(events.at(static_cast<std::size_t>(i)).at("content").at("n"), i);
  }
}

TEST_P(DevicesApi, ATransactionIsOfTheDeviceWhateverItsSession) {
  auto const device = device_of(alice);
  json::value const message{{TestServer::user_id("bob"), {{"*", {{"n", 1}}}}}};
  ASSERT_EQ(send_ping(alice, "same", message).status, 200U);
  auto const again = server.post("/_matrix/client/v3/login", "",
                                 {{"type", "m.login.password"},
                                  {"identifier", {{"type", "m.id.user"}, {"user", "alice"}}},
                                  {"password", "secret-alice"},
                                  {"device_id", device}});
  ASSERT_EQ(again.status, 200U);
  ASSERT_EQ(send_ping(again.text("/access_token"), "same", message).status, 200U);
  auto const other = server.log_in("alice", "secret-alice");
  ASSERT_EQ(send_ping(other, "same", message).status, 200U);
  EXPECT_EQ(sync(bob).at("/to_device/events").as_array().size(), 2U);
}

TEST_P(DevicesApi, ADehydratedDevicesMessagesAreReadInPagesAndStay) {
  auto const path = std::string("/_matrix/client/unstable/org.matrix.msc3814.v1/dehydrated_device");
  auto body = identity_keys(TestServer::user_id("bob"), "ASLEEP", 1).as_object();
  body["device_id"] = "ASLEEP";
  body["device_data"] = json::object{{"algorithm", "x"}};
  ASSERT_EQ(server.put(path, bob, body).status, 200U);
  ASSERT_EQ(send_ping(alice, "t", {{TestServer::user_id("bob"), {{"ASLEEP", {{"n", 1}}}}}}).status, 200U);
  for (int i = 0; i < 2; ++i) {
    auto const first = server.post(path + "/ASLEEP/events", bob, json::object{});
    ASSERT_EQ(first.at("/events").as_array().size(), 1U);
    auto const second =
        server.post(path + "/ASLEEP/events", bob, {{"next_batch", first.text("/next_batch")}});
    EXPECT_TRUE(second.at("/events").as_array().empty());
  }
  EXPECT_EQ(server.post(path + "/OTHER/events", bob, json::object{}).errcode(), "M_FORBIDDEN");
  EXPECT_EQ(server.post(path + "/ASLEEP/events", alice, json::object{}).errcode(), "M_NOT_FOUND");
}

// ---- Accounts in rooms

TEST_P(DevicesApi, AnEndedAccountLeavesItsRooms) {
  auto const since = sync(alice).text("/next_batch");
  ASSERT_EQ(server
                .post("/_matrix/client/v3/account/deactivate", bob,
                      {{"auth", {{"type", "m.login.password"}, {"user", "bob"}, {"password", "secret-bob"}}}})
                .status,
            200U);
  auto const events = member(part(sync(alice, since)), "/timeline/events");
  ASSERT_EQ(events.as_array().size(), 1U);
  EXPECT_EQ(events.at(0).at("content").at("membership"), "leave");
}

TEST_P(DevicesApi, ASuspendedMemberReadsTakesBackAndLeavesButSaysNothing) {
  auto const said = say(bob, "innan");
  auto const others = say(alice, "svar");
  auto const user = server.app().identity().find(TestServer::user_id("bob"));
  ASSERT_TRUE(server.run(server.app().identity().users().restrict(user, identity::Restriction::suspended,
                                                                  identity::Restricted::yes)));
  EXPECT_EQ(send(bob, "efter", "x1").errcode(), "M_USER_SUSPENDED");
  EXPECT_EQ(server.post("/_matrix/client/v3/createRoom", bob, json::object{}).errcode(), "M_USER_SUSPENDED");
  EXPECT_EQ(sync(bob).status, 200U);
  EXPECT_EQ(server.put(rooms(room, "redact/" + in_path(said) + "/r1"), bob, json::object{}).status, 200U);
  EXPECT_EQ(server.put(rooms(room, "redact/" + in_path(others) + "/r2"), bob, json::object{}).errcode(),
            "M_USER_SUSPENDED");
  EXPECT_EQ(server.post(rooms(room, "leave"), bob, json::object{}).status, 200U);
}

// ---- Against a model

/// Four clients that believe what /sync tells them about devices, in three rooms, with whatever may happen.
class Trackers {
 public:
  Trackers(TestServer& server, unsigned seed) : server_(server), random_(seed) {
    for (auto const* name : {"p0", "p1", "p2", "p3"}) {
      auto const token = server.sign_up(name);
      people_.push_back({.user_id = TestServer::user_id(name),
                         .token = token,
                         .device = server.get("/_matrix/client/v3/account/whoami", token).text("/device_id"),
                         .since = {},
                         .followed = {}});
    }
    for (std::size_t i = 0; i < 3; ++i) {
      rooms_.push_back(
          server.post("/_matrix/client/v3/createRoom", people_[i].token, {{"preset", "public_chat"}})
              .text("/room_id"));
      members_[i].insert(i);
    }
    for (std::size_t i = 0; i < people_.size(); ++i) sync(i);
  }

  void step() {
    auto const who = draw(people_.size());
    auto const where = draw(rooms_.size());
    switch (draw(12)) {
      case 0:
      case 1:
      case 2:
        return move(who, where, "join");
      case 3:
      case 4:
      case 5:
        return move(who, where, "leave");
      case 6:
      case 7:
        return change_keys(who);
      case 8:
        // A token from before the restart is answered from the database.
        if (draw(4) == 0) server_.restart();
        return;
      default:
        return sync(who);
    }
  }

 private:
  struct Person {
    std::string user_id, token, device, since;
    std::map<std::string, int> followed;  ///< whose devices this client knows, of which version
    int version = 0;
  };

  std::size_t draw(std::size_t bound) { return random_() % bound; }
  std::string path(std::size_t where, std::string const& what) const {
    return "/_matrix/client/v3/rooms/" + in_path(rooms_[where]) + "/" + what;
  }
  void move(std::size_t who, std::size_t where, std::string const& how) {
    if (server_.post(path(where, how), people_[who].token, json::object{}).status != 200U) return;
    if (how == "join")
      members_[where].insert(who);
    else
      members_[where].erase(who);
  }
  void change_keys(std::size_t who) {
    auto& person = people_[who];
    auto const reply = server_.post("/_matrix/client/v3/keys/upload", person.token,
                                    identity_keys(person.user_id, person.device, ++person.version));
    ASSERT_EQ(reply.status, 200U);
  }
  bool share(std::size_t a, std::size_t b) {
    return std::ranges::any_of(
        members_, [&](auto const& room) { return room.second.contains(a) && room.second.contains(b); });
  }
  int version_of(std::string const& user_id) {
    return std::ranges::find(people_, user_id, &Person::user_id)->version;
  }

  void sync(std::size_t who) {
    auto& person = people_[who];
    auto const since = person.since.empty() ? "" : "&since=" + person.since;
    auto const reply = server_.get("/_matrix/client/v3/sync?timeout=0" + since, person.token);
    ASSERT_EQ(reply.status, 200U);
    if (person.since.empty()) {
      for (std::size_t i = 0; i < people_.size(); ++i) {
        if (share(who, i)) person.followed[people_[i].user_id] = people_[i].version;
      }
    }
    for (auto const& user : names(reply.at("/device_lists/changed")))
      person.followed[user] = version_of(user);
    for (auto const& user : names(reply.at("/device_lists/left"))) person.followed.erase(user);
    person.since = reply.text("/next_batch");
    check(who, reply);
    if (::testing::Test::HasFailure()) return;
    auto const again = server_.get("/_matrix/client/v3/sync?timeout=0&since=" + person.since, person.token);
    EXPECT_TRUE(again.at("/device_lists").is_null()) << json::serialize(again.body);
  }
  void check(std::size_t who, Reply const& reply) {
    auto const& person = people_[who];
    for (std::size_t i = 0; i < people_.size(); ++i) {
      auto const& other = people_[i];
      if (i == who) continue;
      auto const known = person.followed.find(other.user_id);
      if (!share(who, i)) {
        EXPECT_TRUE(known == person.followed.end())
            << person.user_id << " still follows " << other.user_id << json::serialize(reply.body);
      } else if (known == person.followed.end()) {
        ADD_FAILURE() << person.user_id << " misses " << other.user_id << json::serialize(reply.body);
      } else {
        EXPECT_EQ(known->second, other.version)
            << person.user_id << " knows old keys of " << other.user_id << json::serialize(reply.body);
      }
    }
  }

  TestServer& server_;
  std::mt19937 random_;
  std::vector<Person> people_;
  std::vector<std::string> rooms_;
  std::map<std::size_t, std::set<std::size_t>> members_;
};

class DeviceTracking : public ::testing::TestWithParam<db::Database::Kind> {};
INSTANTIATE_TEST_SUITE_P(Db, DeviceTracking, db::both_databases(), db::database_name);

TEST_P(DeviceTracking, MissesNothingWhateverHappens) {
  constexpr unsigned kSeeds = 6;
  constexpr int kSteps = 120;
  for (unsigned seed = 1; seed <= kSeeds; ++seed) {
    TestServer server(GetParam());
    Trackers trackers(server, seed);
    for (int i = 0; i < kSteps; ++i) {
      trackers.step();
      ASSERT_FALSE(HasFailure()) << "seed " << seed << ", step " << i;
    }
  }
}

TEST_P(DevicesApi, AMessageToADeviceIsNoLargerThanAnEvent) {
  json::value const large{{TestServer::user_id("bob"), {{"*", {{"text", std::string(70'000, 'a')}}}}}};
  EXPECT_EQ(send_ping(alice, "large", large).errcode(), "M_TOO_LARGE");
}

TEST_P(DevicesApi, OneRequestDoesNotFillTheDiskByGoingToAllDevices) {
  json::value const to_all{{TestServer::user_id("bob"), {{"*", {{"text", std::string(60'000, 'a')}}}}}};
  for (int i = 0; i < 80; ++i) server.log_in("bob", "secret-bob");
  EXPECT_EQ(send_ping(alice, "many", to_all).errcode(), "M_TOO_LARGE");
}

}  // namespace
}  // namespace torg::testing
