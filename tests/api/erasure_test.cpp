// The end of an account with `erase`:
// https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3accountdeactivate
#include "room_fixture.hpp"

namespace torg::testing {
namespace {

using ::testing::ElementsAre;

class ErasureApi : public RoomApi {
 protected:
  void end_account(bool erase) {
    json::object body{{"auth", {{"type", "m.login.password"}, {"user", "bob"}, {"password", "secret-bob"}}}};
    if (erase) body["erase"] = true;
    ASSERT_EQ(server.post("/_matrix/client/v3/account/deactivate", bob, std::move(body)).status, 200U);
  }
  std::string let_in(std::string const& name) {
    auto token = server.sign_up(name);
    EXPECT_EQ(server.post(rooms(room, "invite"), alice, {{"user_id", TestServer::user_id(name)}}).status,
              200U);
    EXPECT_EQ(server.post(rooms(room, "join"), token, json::object{}).status, 200U);
    return token;
  }
  std::vector<std::string> read(std::string const& token) {
    return bodies(server.get(rooms(room, "messages?dir=f&limit=100"), token).at("/chunk"));
  }
  json::value event(std::string const& token, std::string const& id) {
    return server.get(rooms(room, "event/" + in_path(id)), token).at("/content");
  }
  std::int64_t hits(std::string const& token, std::string const& term) {
    json::value const body{{"search_categories", {{"room_events", {{"search_term", term}}}}}};
    return server.post("/_matrix/client/v3/search", token, body)
        .at("/search_categories/room_events/count")
        .as_int64();
  }
};
INSTANTIATE_TEST_SUITE_P(Db, ErasureApi, db::both_databases(), db::database_name);

TEST_P(ErasureApi, WhoComesLaterDoesNotReadWhatAnErasedPersonWrote) {
  auto const said = say(bob, "hemligheter");
  say(alice, "svar");
  auto const before = let_in("before");
  end_account(true);
  auto const after = let_in("after");
  for (int boot = 0; boot < 2; ++boot) {
    for (auto const& token : {alice, before}) {
      EXPECT_THAT(read(token), ElementsAre("hemligheter", "svar"));
      EXPECT_EQ(event(token, said).at("body"), "hemligheter");
      EXPECT_EQ(hits(token, "hemligheter"), 1);
      EXPECT_THAT(bodies(member(part(sync(token)), "/timeline/events")), ElementsAre("hemligheter", "svar"));
    }
    EXPECT_THAT(read(after), ElementsAre("svar"));
    EXPECT_EQ(event(after, said), json::object{});
    EXPECT_EQ(hits(after, "hemligheter"), 0);
    EXPECT_EQ(hits(after, "svar"), 1);
    EXPECT_THAT(bodies(member(part(sync(after)), "/timeline/events")), ElementsAre("svar"));
    server.restart();
  }
}

TEST_P(ErasureApi, ANameOfTheErasedIsGoneForThoseWhoComeLaterButNotWhatTheRoomIsCalled) {
  auto const own =
      make_room(bob, {{"name", "Kajen"}, {"preset", "public_chat"}, {"creation_content", {{"type", "x"}}}});
  ASSERT_EQ(server
                .put("/_matrix/client/v3/profile/" + in_path(TestServer::user_id("bob")) + "/displayname",
                     bob, {{"displayname", "Robert"}})
                .status,
            200U);
  ASSERT_EQ(server.post(rooms(own, "join"), alice, json::object{}).status, 200U);
  end_account(true);
  auto const after = server.sign_up("after");
  ASSERT_EQ(server.post(rooms(own, "join"), after, json::object{}).status, 200U);
  EXPECT_EQ(server.get(rooms(own, "state/m.room.name"), after).text("/name"), "Kajen");
  auto const names = [&](std::string const& token) {
    return json::serialize(server.get(rooms(own, "messages?dir=f&limit=100"), token).body);
  };
  EXPECT_NE(names(alice).find("Robert"), std::string::npos);
  EXPECT_EQ(names(after).find("Robert"), std::string::npos);
}

TEST_P(ErasureApi, AnEditOfTheErasedIsNotShownWithItsMessage) {
  auto const said = say(bob, "forst");
  json::value const edit{{"msgtype", "m.text"},
                         {"body", "* sedan"},
                         {"m.new_content", {{"msgtype", "m.text"}, {"body", "sedan"}}},
                         {"m.relates_to", {{"rel_type", "m.replace"}, {"event_id", said}}}};
  ASSERT_EQ(server.put(rooms(room, "send/m.room.message/e1"), bob, edit).status, 200U);
  end_account(true);
  auto const after = let_in("after");
  auto const shown = [&](std::string const& token) {
    return json::serialize(server.get(rooms(room, "event/" + in_path(said)), token).body);
  };
  EXPECT_NE(shown(alice).find("sedan"), std::string::npos);
  EXPECT_EQ(shown(after).find("sedan"), std::string::npos);
}

TEST_P(ErasureApi, WithoutErasureTheWordsStayForEverybody) {
  say(bob, "kvar");
  end_account(false);
  EXPECT_THAT(read(let_in("after")), ElementsAre("kvar"));
}

}  // namespace
}  // namespace torg::testing
