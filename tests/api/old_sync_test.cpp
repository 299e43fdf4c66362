// What older clients do instead of syncing: /initialSync and /events, and looking into a room.
#include "room_fixture.hpp"

namespace torg::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

constexpr std::string_view kClient = "/_matrix/client/v3/";

class OldSyncApi : public RoomApi {
 protected:
  Reply begin(std::string const& token, std::string const& query = "") {
    return server.get(std::string(kClient) + "initialSync" + query, token);
  }
  Reply events(std::string const& token, std::string const& from, std::string const& more = "") {
    return server.get(std::string(kClient) + "events?timeout=0&from=" + from + more, token);
  }
  Reply look_into(std::string const& token, std::string const& from = "", std::string const& more = "") {
    return events(token, from, "&room_id=" + in_path(room) + more);
  }
  /// The part about the room; null when there is none.
  json::value part_of(Reply const& reply) const {
    for (auto const& info : reply.at("/rooms").as_array()) {
      if (info.at("room_id").as_string() == room) return info;
    }
    return nullptr;
  }
  static std::vector<std::string> types(json::value const& events) {
    std::vector<std::string> found;
    for (auto const& event : events.as_array()) found.emplace_back(event.at("type").as_string());
    return found;
  }
  Reply set_state(std::string const& type, json::value content) {
    return server.put(rooms(room, "state/" + type), alice, std::move(content));
  }
  void open_to_the_world() {
    ASSERT_EQ(set_state("m.room.history_visibility", {{"history_visibility", "world_readable"}}).status,
              200U);
  }
};
INSTANTIATE_TEST_SUITE_P(Db, OldSyncApi, db::both_databases(), db::database_name);

TEST_P(OldSyncApi, ItBeginsWithAllRoomsAsTheyAre) {
  for (auto const* text : {"ett", "två", "tre"}) say(alice, text);
  server.put(std::string(kClient) + "user/" + in_path(TestServer::user_id("bob")) + "/rooms/" +
                 in_path(room) + "/account_data/org.example.note",
             bob, {{"a", 1}});
  auto const reply = begin(bob, "?limit=2");
  ASSERT_EQ(reply.status, 200U) << json::serialize(reply.body);
  auto const part = part_of(reply);
  ASSERT_TRUE(part.is_object());
  EXPECT_EQ(part.at("membership"), "join");
  EXPECT_EQ(part.at("visibility"), "private");
  EXPECT_THAT(bodies(member(part, "/messages/chunk")), ElementsAre("två", "tre"));
  EXPECT_EQ(member(part, "/messages/chunk/0/room_id"), json::value(room));
  EXPECT_THAT(types(part.at("state")), ::testing::Contains("m.room.power_levels"));
  EXPECT_EQ(member(part, "/account_data/0/type"), "org.example.note");
  auto const older = server.get(
      rooms(room, "messages?dir=b&limit=1&from=") + std::string(member(part, "/messages/start").as_string()),
      bob);
  EXPECT_THAT(bodies(older.at("/chunk")), ElementsAre("ett"));
  EXPECT_THAT(types(reply.at("/account_data")), ::testing::Contains("m.push_rules"));
}

TEST_P(OldSyncApi, InvitationsAndRoomsOfBeforeArePartOfIt) {
  auto const carol = server.sign_up("carol");
  json::object const whom{{"user_id", TestServer::user_id("carol")}};
  ASSERT_EQ(server.post(rooms(room, "invite"), alice, whom).status, 200U);
  say(alice, "inte för carol");
  auto const invited = begin(carol);
  EXPECT_EQ(member(part_of(invited), "/membership"), "invite");
  EXPECT_EQ(member(part_of(invited), "/invite/sender"), json::value(TestServer::user_id("alice")));
  EXPECT_THAT(json::serialize(invited.body), Not(HasSubstr("inte för carol")));
  EXPECT_EQ(server.get(rooms(room, "initialSync"), carol).errcode(), "M_FORBIDDEN");
  EXPECT_EQ(server.get(rooms(room, "state"), carol).errcode(), "M_FORBIDDEN");

  ASSERT_EQ(server.post(rooms(room, "leave"), bob, json::object{}).status, 200U);
  say(alice, "efter bob");
  EXPECT_TRUE(part_of(begin(bob)).is_null());
  auto const archived = part_of(begin(bob, "?archived=true"));
  ASSERT_TRUE(archived.is_object());
  EXPECT_EQ(archived.at("membership"), "leave");
  EXPECT_EQ(member(archived, "/messages/chunk").as_array().back().at("sender"),
            json::value(TestServer::user_id("bob")));
  EXPECT_THAT(json::serialize(archived), Not(HasSubstr("efter bob")));
}

TEST_P(OldSyncApi, ItSaysWhoIsThere) {
  server.put(std::string(kClient) + "presence/" + in_path(TestServer::user_id("alice")) + "/status", alice,
             {{"presence", "online"}});
  auto const reply = begin(bob);
  EXPECT_EQ(reply.text("/presence/0/sender"), TestServer::user_id("alice"));
  EXPECT_EQ(reply.text("/presence/0/content/presence"), "online");
}

TEST_P(OldSyncApi, ItGoesOnWithWhatHappensInAllRooms) {
  auto const other = make_room(bob, json::object{});
  auto const from = begin(bob).text("/end");
  EXPECT_THAT(events(bob, from).at("/chunk").as_array(), IsEmpty());
  say(alice, "hej");
  ASSERT_EQ(server.put(rooms(other, "send/m.room.message/o"), bob, {{"msgtype", "m.text"}, {"body", "själv"}})
                .status,
            200U);
  auto const reply = events(bob, from);
  EXPECT_EQ(reply.text("/start"), from);
  EXPECT_THAT(bodies(reply.at("/chunk")), ElementsAre("hej", "själv"));
  EXPECT_EQ(reply.text("/chunk/0/room_id"), room);
  EXPECT_EQ(reply.text("/chunk/1/unsigned/transaction_id"), "o");
  EXPECT_THAT(events(bob, reply.text("/end")).at("/chunk").as_array(), IsEmpty());
  EXPECT_EQ(sync(bob, reply.text("/end")).at("/rooms"), nullptr) << "its tokens are those of /sync";
}

TEST_P(OldSyncApi, NothingIsLeftOutHoweverMuchHappened) {
  auto const other = make_room(alice, {{"invite", {TestServer::user_id("bob")}}});
  ASSERT_EQ(server.post(rooms(other, "join"), bob, json::object{}).status, 200U);
  auto from = sync(bob).text("/next_batch");
  std::vector<std::string> said, heard;
  for (int i = 0; i < 130; ++i) {
    auto const text = "nr " + std::to_string(i);
    ASSERT_EQ(server
                  .put(rooms(i % 10 == 0 ? other : room, "send/m.room.message/n" + std::to_string(i)), alice,
                       {{"msgtype", "m.text"}, {"body", text}})
                  .status,
              200U);
    said.push_back(text);
  }
  for (int page = 0; page < 3; ++page) {
    auto const reply = events(bob, from);
    for (auto& text : bodies(reply.at("/chunk"))) heard.push_back(std::move(text));
    from = reply.text("/end");
  }
  EXPECT_EQ(heard, said);
}

TEST_P(OldSyncApi, WaitsForNews) {
  auto const from = begin(bob).text("/end");
  Reply reply;
  server.start(net::Method::get, std::string(kClient) + "events?timeout=30000&from=" + from, bob,
               std::nullopt, [&](Reply answer) { reply = std::move(answer); });
  say(alice, "hej");
  server.run_all();
  EXPECT_THAT(bodies(reply.at("/chunk")), ElementsAre("hej"));
}

TEST_P(OldSyncApi, AnInvitationIsNewsAndOneThatIsIgnoredIsNot) {
  auto const carol = server.sign_up("carol");
  auto const dora = server.sign_up("dora");
  server.put(std::string(kClient) + "user/" + in_path(TestServer::user_id("dora")) +
                 "/account_data/m.ignored_user_list",
             dora, {{"ignored_users", {{TestServer::user_id("alice"), json::object{}}}}});
  auto const carols = begin(carol).text("/end"), doras = begin(dora).text("/end");
  for (auto const* name : {"carol", "dora"}) {
    json::object const whom{{"user_id", TestServer::user_id(name)}};
    ASSERT_EQ(server.post(rooms(room, "invite"), alice, whom).status, 200U);
  }
  say(alice, "inte än");
  auto const news = events(carol, carols);
  EXPECT_THAT(types(news.at("/chunk")), ElementsAre("m.room.member"));
  EXPECT_EQ(news.text("/chunk/0/state_key"), TestServer::user_id("carol"));
  EXPECT_THAT(events(dora, doras).at("/chunk").as_array(), IsEmpty());
}

TEST_P(OldSyncApi, ARoomOpenToTheWorldIsLookedIntoByAnybody) {
  auto const carol = server.sign_up("carol");
  say(alice, "före");
  EXPECT_EQ(look_into(carol).errcode(), "M_FORBIDDEN");
  EXPECT_EQ(server.get(rooms(room, "initialSync"), carol).errcode(), "M_FORBIDDEN");
  open_to_the_world();
  say(alice, "efter");
  auto const whole = server.get(rooms(room, "initialSync"), carol);
  ASSERT_EQ(whole.status, 200U);
  EXPECT_EQ(whole.at("/membership"), nullptr);
  EXPECT_THAT(bodies(whole.at("/messages/chunk")), ElementsAre("efter"));
  auto const from = look_into(carol).text("/end");
  say(alice, "nu");
  EXPECT_THAT(bodies(look_into(carol, from).at("/chunk")), ElementsAre("nu"));
  EXPECT_THAT(events(carol, from).at("/chunk").as_array(), IsEmpty()) << "it isn't one of Carol's rooms";

  Reply reply;
  auto const next = look_into(carol, from).text("/end");
  server.start(net::Method::get,
               std::string(kClient) + "events?timeout=30000&room_id=" + in_path(room) + "&from=" + next,
               carol, std::nullopt, [&](Reply answer) { reply = std::move(answer); });
  say(alice, "snart");
  server.run_all();
  EXPECT_THAT(bodies(reply.at("/chunk")), ElementsAre("snart"));
}

TEST_P(OldSyncApi, ATokenOfNobodyIsRefused) {
  EXPECT_EQ(events(bob, "nonsense").errcode(), "M_INVALID_PARAM");
  EXPECT_EQ(events(bob, "s999999_0_0").errcode(), "M_INVALID_PARAM");
}

TEST_P(OldSyncApi, AnEventIsFoundWithoutItsRoomByThoseWhoMayReadIt) {
  auto const carol = server.sign_up("carol");
  auto const event = say(alice, "hej");
  auto const path = std::string(kClient) + "events/" + in_path(event);
  EXPECT_EQ(server.get(path, bob).text("/content/body"), "hej");
  EXPECT_EQ(server.get(path, bob).text("/room_id"), room);
  auto const hidden = server.get(path, carol);
  EXPECT_EQ(hidden.errcode(), "M_NOT_FOUND");
  EXPECT_EQ(hidden.body, server.get(std::string(kClient) + "events/$nothing", carol).body);
}

}  // namespace
}  // namespace torg::testing
