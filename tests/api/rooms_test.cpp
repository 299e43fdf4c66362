#include "base/encoding.hpp"
#include "matrix/event/canonical.hpp"
#include "room_fixture.hpp"

namespace torg::testing {
namespace {

using ::testing::ElementsAre;

/// The event id by the specification's own words, over the whole event.
std::string reference_id(std::string const& pdu) {
  auto event = *parse_json_object(pdu);
  auto const type = std::string(event.at("type").as_string());
  event["content"] =
      *parse_json(matrix::redacted_content(matrix::RoomVersion::v12, type, event.at("content").as_object()));
  auto const hash = crypto::sha256(*matrix::canonical_json(event));
  return '$' + base64_encode(crypto::view(hash), Base64::url);
}

INSTANTIATE_TEST_SUITE_P(Db, RoomApi, db::both_databases(), db::database_name);

TEST_P(RoomApi, AMessageSentTwiceWithOneTransactionIdIsOneEvent) {
  auto const first = send(alice, "hej", "once");
  EXPECT_EQ(send(alice, "hej", "once").text("/event_id"), first.text("/event_id"));
  EXPECT_NE(send(bob, "hej", "once").text("/event_id"), first.text("/event_id"))
      << "another session's ids are its own";
}

TEST_P(RoomApi, ARepeatedSendFindsItsEventAfterARestart) {
  auto const first = send(alice, "hej", "once");
  server.restart();
  EXPECT_EQ(send(alice, "hej", "once").text("/event_id"), first.text("/event_id"));
}

TEST_P(RoomApi, ADeviceKnowsWhatItSentBeforeItLoggedInAgain) {
  auto const log_in = [&] {
    auto const reply = server.post("/_matrix/client/v3/login", "",
                                   {{"type", "m.login.password"},
                                    {"identifier", {{"type", "m.id.user"}, {"user", "carol"}}},
                                    {"password", "secret-carol"},
                                    {"device_id", "PHONE"}});
    EXPECT_EQ(reply.status, 200U) << json::serialize(reply.body);
    return reply.text("/access_token");
  };
  server.sign_up("carol");
  auto const first = log_in();
  room = make_room(first, json::object{});
  auto const sent = send(first, "hej", "once").text("/event_id");
  auto const second = log_in();
  EXPECT_EQ(send(second, "hej", "once").text("/event_id"), sent);
  auto const shown = [&] {
    return server.get(rooms(room, "event/" + in_path(sent)), second).text("/unsigned/transaction_id");
  };
  EXPECT_EQ(shown(), "once");
  server.restart();
  EXPECT_EQ(shown(), "once");
  auto const events = member(part(sync(second)), "/timeline/events").as_array();
  auto const newest = Reply{.status = 0, .body = events.back()}.text("/unsigned/transaction_id");
  EXPECT_EQ(newest, "once");
}

TEST_P(RoomApi, ARestartLosesNothing) {
  say(alice, "ett");
  say(bob, "två");
  server.restart();
  say(alice, "tre");
  auto const reply = sync(bob);
  EXPECT_THAT(bodies(member(part(reply), "/timeline/events")), ElementsAre("ett", "två", "tre"));
}

TEST_P(RoomApi, SixtyFourSendersAtOnceMakeOneChain) {
  std::set<std::string> ids;
  for (int i = 0; i < 64; ++i) {
    server.start(net::Method::put, rooms(room, "send/m.room.message/c" + std::to_string(i)),
                 i % 2 ? alice : bob, json::value{{"msgtype", "m.text"}, {"body", std::to_string(i)}},
                 [&](Reply reply) { ids.insert(reply.text("/event_id")); });
  }
  server.run_all();
  EXPECT_EQ(ids.size(), 64U);
  auto const page = server.get(rooms(room, "messages?dir=b&limit=64"), alice);
  EXPECT_EQ(bodies(page.at("/chunk")).size(), 64U);
}

TEST_P(RoomApi, ThePduOfEveryEventHashesToItsId) {
  say(alice, "hej då");
  auto const page = server.get(rooms(room, "messages?dir=f&limit=50"), alice);
  ASSERT_FALSE(page.at("/chunk").as_array().empty());
  for (auto const& event : page.at("/chunk").as_array()) {
    EventId const id(std::string(event.at("event_id").as_string()));
    auto const stored = server.run(server.app().rooms().event(id));
    ASSERT_TRUE(stored);
    auto const pdu = server.run(server.app().rooms().pdu(stored->nid));
    ASSERT_TRUE(pdu);
    EXPECT_EQ(reference_id(*pdu), id.value) << *pdu;
  }
}

TEST_P(RoomApi, WhoIsNotInTheRoomCanNeitherReadNorWrite) {
  auto const carol = server.sign_up("carol");
  EXPECT_EQ(server.put(rooms(room, "send/m.room.message/x"), carol, {{"body", "x"}}).errcode(),
            "M_FORBIDDEN");
  EXPECT_EQ(server.get(rooms(room, "messages?dir=b"), carol).errcode(), "M_FORBIDDEN");
  EXPECT_EQ(server.get(rooms(room, "state"), carol).errcode(), "M_FORBIDDEN");
  EXPECT_EQ(server.post(rooms(room, "join"), carol, json::object{}).errcode(), "M_FORBIDDEN");
  EXPECT_EQ(server.get(rooms("!unknown", "state"), carol).errcode(), "M_FORBIDDEN")
      << "nobody learns which rooms exist";
}

TEST_P(RoomApi, ARedactedMessageShowsNoContentAnywhere) {
  auto const since = sync(bob).text("/next_batch");
  auto const event = say(alice, "hemligt");
  ASSERT_EQ(
      server.put(rooms(room, "redact/" + in_path(event) + "/r1"), alice, {{"reason", "fel rum"}}).status,
      200);
  for (auto const& reply : {sync(bob, since), sync(bob), server.get(rooms(room, "messages?dir=b"), bob),
                            server.get(rooms(room, "event/" + in_path(event)), bob),
                            server.get(rooms(room, "context/" + in_path(event)), bob)}) {
    EXPECT_EQ(reply.status, 200U);
    EXPECT_EQ(json::serialize(reply.body).find("hemligt"), std::string::npos);
  }
  auto const shown = server.get(rooms(room, "event/" + in_path(event)), bob);
  EXPECT_EQ(shown.text("/unsigned/redacted_because/content/reason"), "fel rum");
}

TEST_P(RoomApi, NobodyRedactsAnothersMessageWithoutPower) {
  auto const event = say(alice, "mitt");
  EXPECT_EQ(server.put(rooms(room, "redact/" + in_path(event) + "/r1"), bob, json::object{}).errcode(),
            "M_FORBIDDEN");
}

TEST_P(RoomApi, AnAliasLeadsToTheRoomOnce) {
  auto const named = make_room(alice, {{"room_alias_name", "vallen"}});
  EXPECT_EQ(server.get("/_matrix/client/v3/directory/room/%23vallen:test.example", bob).text("/room_id"),
            named);
  auto const again = server.post("/_matrix/client/v3/createRoom", alice, {{"room_alias_name", "vallen"}});
  EXPECT_EQ(again.errcode(), "M_ROOM_IN_USE");
}

TEST_P(RoomApi, BadBodiesGetTheErrorOfTheSpecification) {
  auto const target = rooms(room, "send/m.room.message/");
  EXPECT_EQ(server.put(target + "1", alice, json::array{}).errcode(), "M_BAD_JSON");
  EXPECT_EQ(server.put(target + "2", alice, {{"body", 1.5}}).errcode(), "M_BAD_JSON");
  EXPECT_EQ(server.put(target + "3", alice, {{"body", 9'007'199'254'740'992}}).errcode(), "M_BAD_JSON");
  EXPECT_EQ(server.put(target + "4", alice, {{"body", std::string(70'000, 'x')}}).errcode(), "M_TOO_LARGE");
  EXPECT_EQ(server.put(rooms(room, "send/" + std::string(300, 't') + "/5"), alice, json::object{}).errcode(),
            "M_TOO_LARGE");
  EXPECT_EQ(server.get(rooms(room, "messages?dir=b&from=nonsense"), alice).errcode(), "M_INVALID_PARAM");
}

TEST_P(RoomApi, NobodyMakesUpTypesOfEventsWithoutEnd) {
  int sent = 0;
  auto const send_type = [&](std::string const& token, std::string const& type) {
    return server.put(rooms(room, "send/" + type + "/" + std::to_string(++sent)), token, json::object{})
        .status;
  };
  int accepted = 0;
  while (accepted < 1'000 && send_type(bob, "com.example.n" + std::to_string(accepted)) == 200U) ++accepted;
  EXPECT_GE(accepted, 100);
  EXPECT_LT(accepted, 1'000);
  EXPECT_EQ(send_type(bob, "com.example.other"), 429U);
  EXPECT_EQ(send_type(bob, "com.example.n7"), 200U) << "known already";
  EXPECT_EQ(send_type(alice, "com.example.other"), 200U);
  EXPECT_EQ(send_type(bob, "com.example.other"), 200U);
}

TEST_P(RoomApi, ARoomThatCanNotBeginSoIsRefused) {
  json::object const too_weak{{"room_version", "11"},
                              {"name", "Namn"},
                              {"power_level_content_override",
                               {{"users", {{TestServer::user_id("alice"), 10}}}, {"state_default", 50}}}};
  auto const refused = server.post("/_matrix/client/v3/createRoom", alice, too_weak);
  EXPECT_EQ(refused.status, 400U);
  EXPECT_EQ(refused.errcode(), "M_INVALID_ROOM_STATE");
  json::object const wrong_member{{"initial_state",
                                   {{{"type", "m.room.member"},
                                     {"state_key", TestServer::user_id("bob")},
                                     {"content", {{"membership", "join"}}}}}}};
  EXPECT_EQ(server.post("/_matrix/client/v3/createRoom", alice, wrong_member).errcode(),
            "M_INVALID_ROOM_STATE");
}

TEST_P(RoomApi, ARedactionIsSentLikeAnyEvent) {
  auto const event = say(alice, "ord");
  auto const sent = server.put(rooms(room, "send/m.room.redaction/r"), alice, {{"redacts", event}});
  ASSERT_EQ(sent.status, 200U);
  auto const shown = server.get(rooms(room, "event/" + in_path(event)), bob);
  EXPECT_EQ(shown.at("/content"), json::object());
  EXPECT_EQ(shown.at("/unsigned/redacted_because/event_id"), sent.at("/event_id"));
}

TEST_P(RoomApi, AStateEventIsShownWholeOnRequest) {
  ASSERT_EQ(server.put(rooms(room, "state/m.room.name"), alice, {{"name", "Namn"}}).status, 200U);
  EXPECT_EQ(server.get(rooms(room, "state/m.room.name"), bob).body, (json::value{{"name", "Namn"}}));
  auto const whole = server.get(rooms(room, "state/m.room.name?format=event"), bob);
  EXPECT_EQ(whole.text("/content/name"), "Namn");
  EXPECT_EQ(whole.text("/sender"), TestServer::user_id("alice"));
}

}  // namespace
}  // namespace torg::testing
