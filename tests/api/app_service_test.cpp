// What application services are told and asked. The service here is a real HTTP server on a thread of its
// own.
#include "noting_service.hpp"

#include <fstream>

namespace torg::testing {
namespace {

class AppServiceApi : public ::testing::TestWithParam<db::Database::Kind> {
 protected:
  Service service;
  db::TemporaryFolder folder;
  TestServer server{GetParam(), {"app_services=" + write()}};
  std::string const irc = "irc-token";
  std::string const anna = "user_id=" + in_path(TestServer::user_id("_irc_anna"));
  std::string alice = server.sign_up("alice");
  std::string room;
  int sent = 0;

  void SetUp() override {
    auto const made = server.post(
        "/_matrix/client/v3/register", irc,
        {{"type", "m.login.application_service"}, {"username", "_irc_anna"}, {"inhibit_login", true}});
    ASSERT_EQ(made.status, 200U);
    room = server.post("/_matrix/client/v3/createRoom", alice, {{"preset", "public_chat"}}).text("/room_id");
    ASSERT_EQ(server.post(in_room("join?" + anna), irc, json::object{}).status, 200U);
  }
  std::string write() {
    std::ofstream(folder.path() / "irc.yaml") << service.registration();
    return (folder.path() / "irc.yaml").string();
  }
  [[nodiscard]] std::string in_room(std::string_view rest) const {
    return "/_matrix/client/v3/rooms/" + in_path(room) + "/" + std::string(rest);
  }
  std::string say(std::string const& body) {
    auto const reply = server.put(in_room("send/m.room.message/t" + std::to_string(++sent)), alice,
                                  {{"msgtype", "m.text"}, {"body", body}});
    EXPECT_EQ(reply.status, 200U);
    return reply.text("/event_id");
  }
  /// Lets the server work until it holds.
  template <class F>
  void until(F condition) {
    while (!condition()) server.runtime().run_one();
  }
  void until_heard(std::string const& body) {
    until([&] { return std::ranges::count(service.messages(), body) > 0; });
  }
  Reply ping(std::string const& token, std::string const& id = "irc") {
    return server.post("/_matrix/client/v1/appservice/" + id + "/ping", token, {{"transaction_id", "p"}});
  }
};
INSTANTIATE_TEST_SUITE_P(Db, AppServiceApi, db::both_databases(), db::database_name);

TEST_P(AppServiceApi, IsToldInOrderAndOnceAndByWhom) {
  for (auto const* body : {"ett", "två", "tre"}) say(body);
  until_heard("tre");
  EXPECT_EQ(service.messages(), (std::vector<std::string>{"ett", "två", "tre"}));
  std::int64_t last = 0;
  for (auto const& each : service.told()) {
    EXPECT_EQ(each.authorization, "Bearer irc-secret");
    EXPECT_GT(std::stoll(each.transaction), last);
    last = std::stoll(each.transaction);
  }
  auto const events = service.all("events");
  EXPECT_EQ(events.back().at("room_id"), json::value(room));
  EXPECT_EQ(events.back().at("sender"), json::value(TestServer::user_id("alice")));
}

TEST_P(AppServiceApi, IsNotToldOfRoomsThatItHasNothingToDoWith) {
  auto const other = server.post("/_matrix/client/v3/createRoom", alice, json::object{}).text("/room_id");
  ASSERT_EQ(server
                .put("/_matrix/client/v3/rooms/" + in_path(other) + "/send/m.room.message/x", alice,
                     {{"msgtype", "m.text"}, {"body", "hemligt"}})
                .status,
            200U);
  say("öppet");
  until_heard("öppet");
  EXPECT_EQ(service.messages(), std::vector<std::string>{"öppet"});
}

TEST_P(AppServiceApi, GetsAtMostAHundredEventsAtATimeAndAllOfThem) {
  service.answer(500);
  std::vector<std::string> said;
  for (int i = 0; i < 230; ++i) {
    said.push_back(std::to_string(i));
    say(said.back());
  }
  service.answer(200);
  EXPECT_EQ(ping(irc).status, 200U) << "and with that it need not wait";
  until_heard(said.back());
  EXPECT_EQ(service.messages(), said);
  for (auto const& each : service.taken()) EXPECT_LE(each.at("events").as_array().size(), 100U);
}

TEST_P(AppServiceApi, GetsARefusedTransactionAgainAsItWasOverARestart) {
  say("före");
  until_heard("före");
  service.answer(500);
  say("ett");
  until([&] { return json::serialize(service.told().back().body).contains("\"ett\""); });
  auto const refused = service.told().back();
  say("två");
  server.restart();
  service.answer(200);
  EXPECT_EQ(ping(irc).status, 200U);
  until_heard("två");
  EXPECT_EQ(service.messages(), (std::vector<std::string>{"före", "ett", "två"}));
  auto const told = service.told();
  std::vector<json::value> bodies;
  for (auto const& each : told) {
    if (each.transaction == refused.transaction) bodies.push_back(each.body);
  }
  EXPECT_GE(bodies.size(), 2U);
  for (auto const& body : bodies) EXPECT_EQ(body, refused.body);
}

TEST_P(AppServiceApi, HearsWhatWasSaidWhileItWasInARoomHoweverLateItHearsIt) {
  service.answer(500);
  say("medan hon var där");
  ASSERT_EQ(server.post(in_room("kick"), alice, {{"user_id", TestServer::user_id("_irc_anna")}}).status,
            200U);
  say("efteråt");
  server.restart();
  service.answer(200);
  EXPECT_EQ(ping(irc).status, 200U);
  until([&] {
    return !service.all("events").empty() &&
           service.all("events").back().at("content").as_object().contains("membership");
  });
  ASSERT_EQ(server.post(in_room("join?" + anna), irc, json::object{}).status, 200U);
  say("tillbaka");
  until_heard("tillbaka");
  EXPECT_EQ(service.messages(), (std::vector<std::string>{"medan hon var där", "tillbaka"}));
}

TEST_P(AppServiceApi, HearsOfTypingAndReceiptsWhereItIs) {
  auto const message = say("hej");
  until_heard("hej");
  auto const me = in_path(TestServer::user_id("alice"));
  ASSERT_EQ(server.put(in_room("typing/" + me), alice, {{"typing", true}, {"timeout", 30'000}}).status, 200U);
  ASSERT_EQ(server.post(in_room("receipt/m.read.private/" + in_path(message)), alice, json::object{}).status,
            200U);
  ASSERT_EQ(
      server.post(in_room("receipt/m.read/" + in_path(message) + "?" + anna), irc, json::object{}).status,
      200U);
  auto const of_type = [&](std::string_view type) {
    auto found = service.all("ephemeral");
    std::erase_if(found, [&](json::value const& each) { return each.at("type") != json::value(type); });
    return found;
  };
  until([&] { return !of_type("m.typing").empty() && !of_type("m.receipt").empty(); });
  EXPECT_EQ(of_type("m.typing").front().at("room_id"), json::value(room));
  EXPECT_EQ(of_type("m.typing").front().at("content").at("user_ids").at(0),
            json::value(TestServer::user_id("alice")));
  auto const receipt = json::serialize(json::value_from(of_type("m.receipt")));
  EXPECT_NE(receipt.find("_irc_anna"), std::string::npos);
  EXPECT_EQ(receipt.find("alice"), std::string::npos) << "what she read is not theirs to know";
}

TEST_P(AppServiceApi, GetsTheMessagesToItsDevicesAndTheyAreGoneThen) {
  ASSERT_EQ(server.put("/_matrix/client/v3/devices/D1?" + anna, irc, json::object{}).status, 200U);
  auto const send = [&](std::string const& text) {
    return server.put("/_matrix/client/v3/sendToDevice/m.x/" + text, alice,
                      {{"messages", {{TestServer::user_id("_irc_anna"), {{"D1", {{"text", text}}}}}}}});
  };
  ASSERT_EQ(send("ett").status, 200U);
  constexpr std::string_view kList = "de.sorunome.msc2409.to_device";
  until([&] { return !service.all(kList).empty(); });
  auto const message = service.all(kList).front();
  EXPECT_EQ(message.at("to_user_id"), json::value(TestServer::user_id("_irc_anna")));
  EXPECT_EQ(message.at("to_device_id"), "D1");
  EXPECT_EQ(message.at("content").at("text"), "ett");
  EXPECT_EQ(message.at("sender"), json::value(TestServer::user_id("alice")));
  EXPECT_TRUE(std::ranges::any_of(service.taken(), [](json::value const& each) {
    return each.as_object().contains("org.matrix.msc3202.device_one_time_keys_count");
  }));
  ASSERT_EQ(send("två").status, 200U);
  until([&] { return service.all(kList).size() == 2; });
  say("sist");
  until_heard("sist");
  auto const sync = server.get("/_matrix/client/v3/sync?timeout=0&device_id=D1&" + anna, irc);
  EXPECT_EQ(sync.at("/to_device"), nullptr);
}

TEST_P(AppServiceApi, IsAskedForUsersAndRoomsOfItsOwnThatArentThere) {
  EXPECT_EQ(server.get("/_matrix/client/v3/profile/" + in_path("@_irc_x:test.example"), alice).errcode(),
            "M_NOT_FOUND");
  EXPECT_EQ(server.get("/_matrix/client/v3/profile/" + in_path("@nobody:test.example"), alice).errcode(),
            "M_NOT_FOUND");
  EXPECT_EQ(
      server.get("/_matrix/client/v3/directory/room/" + in_path("#_irc_x:test.example"), alice).errcode(),
      "M_NOT_FOUND");
  EXPECT_EQ(service.asked(), (std::vector<std::string>{"/_matrix/app/v1/users/%40_irc_x%3Atest.example",
                                                       "/_matrix/app/v1/rooms/%23_irc_x%3Atest.example"}));
}

TEST_P(AppServiceApi, APingSaysWhetherItCanBeReached) {
  EXPECT_TRUE(ping(irc).at("/duration_ms").is_int64());
  EXPECT_EQ(ping(alice).errcode(), "M_FORBIDDEN");
  EXPECT_EQ(ping(irc, "other").errcode(), "M_FORBIDDEN");
  EXPECT_EQ(ping("").errcode(), "M_MISSING_TOKEN");
  service.answer(418);
  auto const refused = ping(irc);
  EXPECT_EQ(refused.status, 502U);
  EXPECT_EQ(refused.errcode(), "M_BAD_STATUS");
  EXPECT_EQ(refused.at("/status"), 418);
  EXPECT_EQ(refused.text("/body"), "{\"a\":1}");
}

TEST_P(AppServiceApi, OtherNetworksAreFoundThroughIt) {
  EXPECT_EQ(server.get("/_matrix/client/v3/thirdparty/protocols", alice).at("/irc/instances/0/desc"),
            "Libera");
  EXPECT_EQ(server.get("/_matrix/client/v3/thirdparty/protocol/irc", alice).at("/instances/0/desc"),
            "Libera");
  EXPECT_EQ(server.get("/_matrix/client/v3/thirdparty/protocol/xmpp", alice).errcode(), "M_NOT_FOUND");
  EXPECT_EQ(server.get("/_matrix/client/v3/thirdparty/location/irc?channel=torg", alice).at("/0/alias"),
            "torg");
  EXPECT_EQ(server.get("/_matrix/client/v3/thirdparty/user?userid=x", alice).at("/0/userid"),
            "@_irc_x:test.example");
  EXPECT_EQ(server.get("/_matrix/client/v3/thirdparty/user", alice).errcode(), "M_MISSING_PARAM");
  EXPECT_EQ(server.get("/_matrix/client/v3/thirdparty/protocols").errcode(), "M_MISSING_TOKEN");
}

TEST_P(AppServiceApi, ItAloneListsRoomsInItsNetwork) {
  auto const list = [&](std::string const& network, std::string const& token, std::string const& visibility) {
    return server.put("/_matrix/client/v3/directory/list/appservice/" + network + "/" + in_path(room), token,
                      {{"visibility", visibility}});
  };
  auto const found = [&](json::value body) {
    return server.post("/_matrix/client/v3/publicRooms", alice, std::move(body))
        .at("/chunk")
        .as_array()
        .size();
  };
  EXPECT_EQ(list("irc", irc, "public").status, 200U);
  EXPECT_EQ(found({{"third_party_instance_id", "irc"}}), 1U);
  EXPECT_EQ(found({{"third_party_instance_id", "xmpp"}}), 0U);
  EXPECT_EQ(found({{"include_all_networks", true}}), 1U);
  EXPECT_EQ(found(json::object{}), 0U);
  EXPECT_EQ(list("irc", irc, "private").status, 200U);
  EXPECT_EQ(found({{"third_party_instance_id", "irc"}}), 0U);
  EXPECT_EQ(list("irc", irc, "secret").errcode(), "M_INVALID_PARAM");
  EXPECT_EQ(list("xmpp", irc, "public").errcode(), "M_FORBIDDEN");
  EXPECT_EQ(list("irc", alice, "public").errcode(), "M_FORBIDDEN");
}

TEST(ServiceWithoutAddress, CantBePinged) {
  db::TemporaryFolder const folder;
  std::ofstream(folder.path() / "a.yaml")
      << "{id: mute, url: null, as_token: a, hs_token: h, sender_localpart: mute, namespaces: {}}";
  TestServer server(db::Database::Kind::sqlite, {"app_services=" + folder.path().string()});
  EXPECT_EQ(server.post("/_matrix/client/v1/appservice/mute/ping", "a", json::object{}).errcode(),
            "M_URL_NOT_SET");
}

TEST(ServiceThatIsGone, CantBeReached) {
  db::TemporaryFolder const folder;
  std::ofstream(folder.path() / "a.yaml") << "{id: gone, url: 'http://127.0.0.1:1', as_token: a, hs_token: "
                                             "h, sender_localpart: gone, namespaces: {}}";
  TestServer server(db::Database::Kind::sqlite, {"app_services=" + folder.path().string()});
  auto const refused = server.post("/_matrix/client/v1/appservice/gone/ping", "a", json::object{});
  EXPECT_EQ(refused.status, 502U);
  EXPECT_EQ(refused.errcode(), "M_CONNECTION_FAILED");
}

TEST_P(AppServiceApi, IsNotAskedWithoutEndByWhoGuessesNames) {
  for (int i = 0; i < 100; ++i) {
    server.start(net::Method::get,
                 "/_matrix/client/v3/profile/%40_irc_guess" + std::to_string(i) + "%3Atest.example", alice,
                 std::nullopt, [](Reply reply) { EXPECT_EQ(reply.errcode(), "M_NOT_FOUND"); });
  }
  server.run_all();
  EXPECT_LT(service.asked().size(), 100U);
  say("ett");
  until_heard("ett");
}

TEST_P(AppServiceApi, SeesWhatAStateEventTookThePlaceOf) {
  for (auto const* name : {"Ett", "Två"})
    ASSERT_EQ(server.put(in_room("state/m.room.name"), alice, {{"name", name}}).status, 200U);
  say("klart");
  until_heard("klart");
  std::vector<json::value> before;
  for (auto const& event : service.all("events")) {
    if (event.at("type") != "m.room.name") continue;
    auto const* more = event.as_object().if_contains("unsigned");
    auto const* content = more == nullptr ? nullptr : more->as_object().if_contains("prev_content");
    before.push_back(content == nullptr ? json::value(nullptr) : *content);
  }
  EXPECT_EQ(before, (std::vector<json::value>{nullptr, {{"name", "Ett"}}}));
}

}  // namespace
}  // namespace torg::testing
