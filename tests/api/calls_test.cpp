// What calls and widgets need: OpenID tokens, sticky events (MSC4354), where calls go (MSC4143).
#include "room_fixture.hpp"

namespace torg::testing {
namespace {

class CallsApi : public RoomApi {
 protected:
  Reply request_token(std::string const& token, std::string_view user) {
    return server.post(
        "/_matrix/client/v3/user/" + in_path(TestServer::user_id(user)) + "/openid/request_token", token,
        json::object{});
  }
  Reply user_info(std::string const& token) {
    return server.get("/_matrix/federation/v1/openid/userinfo?access_token=" + token);
  }
  Reply stick(std::string const& token, std::string const& text, std::string const& duration,
              std::string const& transaction) {
    return server.put(rooms(room, "send/m.rtc.member/" + transaction +
                                      "?org.matrix.msc4354.sticky_duration_ms=" + duration),
                      token, {{"body", text}});
  }
  std::vector<std::string> sticky_in(Reply const& reply) {
    std::vector<std::string> texts;
    auto const events = member(part(reply), "/msc4354_sticky/events");
    if (!events.is_array()) return texts;
    for (auto const& event : events.get_array())
      texts.emplace_back(member(event, "/content/body").as_string());
    return texts;
  }
  std::string const narrow = "&filter=" + in_path(R"({"room":{"timeline":{"limit":1}}})");
};
INSTANTIATE_TEST_SUITE_P(Db, CallsApi, db::both_databases(), db::database_name);

TEST_P(CallsApi, AnOpenIdTokenSaysWhoSomebodyIsAndNothingElse) {
  auto const made = request_token(alice, "alice");
  ASSERT_EQ(made.status, 200U);
  EXPECT_EQ(made.text("/matrix_server_name"), "test.example");
  EXPECT_EQ(made.text("/token_type"), "Bearer");
  EXPECT_EQ(made.at("/expires_in"), 3600);
  auto const token = made.text("/access_token");
  EXPECT_EQ(user_info(token).text("/sub"), TestServer::user_id("alice"));
  EXPECT_EQ(server.get("/_matrix/client/v3/account/whoami", token).errcode(), "M_UNKNOWN_TOKEN");
  EXPECT_EQ(user_info(alice).errcode(), "M_UNKNOWN_TOKEN") << "an access token is none";
  EXPECT_EQ(user_info("").status, 401U);
  EXPECT_EQ(request_token(alice, "bob").errcode(), "M_FORBIDDEN");
}

TEST_P(CallsApi, AStickyEventReachesEverybodyHoweverMuchWasSaidSince) {
  auto const since = sync(bob).text("/next_batch");
  ASSERT_EQ(stick(alice, "jag är med", "600000", "t").status, 200U);
  for (auto const* text : {"ett", "två"}) say(alice, text);
  auto const reply = sync(bob, since, narrow);
  EXPECT_EQ(bodies(member(part(reply), "/timeline/events")), std::vector<std::string>{"två"});
  EXPECT_EQ(sticky_in(reply), std::vector<std::string>{"jag är med"});
  auto const event = member(part(reply), "/msc4354_sticky/events/0");
  EXPECT_EQ(member(event, "/msc4354_sticky/duration_ms"), 600'000);
  EXPECT_GT(member(event, "/unsigned/msc4354_sticky_duration_ttl_ms").as_int64(), 0);
  EXPECT_TRUE(sticky_in(sync(bob, reply.text("/next_batch"), narrow)).empty()) << "once";
  auto const wide = sync(bob, since);
  EXPECT_TRUE(sticky_in(wide).empty()) << "what the timeline shows is not said twice";
}

TEST_P(CallsApi, WhoJoinsGetsWhatIsStickyStill) {
  ASSERT_EQ(stick(alice, "kort", "0", "a").status, 200U);
  ASSERT_EQ(stick(alice, "länge", "3600000", "b").status, 200U);
  say(alice, "annat");
  server.restart();
  EXPECT_EQ(sticky_in(sync(bob, "", narrow)), std::vector<std::string>{"länge"});
  EXPECT_EQ(stick(alice, "för länge", "3600001", "c").errcode(), "M_INVALID_PARAM");
  EXPECT_EQ(stick(alice, "hur länge", "länge", "d").errcode(), "M_INVALID_PARAM");
}

TEST_P(CallsApi, ARedactedStickyEventIsAnOrdinaryOne) {
  auto const event = stick(alice, "jag är med", "600000", "t").text("/event_id");
  ASSERT_EQ(server.put(rooms(room, "redact/" + in_path(event) + "/r"), alice, json::object{}).status, 200U);
  say(alice, "annat");
  EXPECT_TRUE(sticky_in(sync(bob, "", narrow)).empty());
  EXPECT_EQ(server.get(rooms(room, "event/" + in_path(event)), bob).at("/msc4354_sticky"), nullptr);
}

TEST_P(CallsApi, StickinessIsPartOfTheEventsHash) {
  auto const id = stick(alice, "jag är med", "600000", "t").text("/event_id");
  auto& rooms_service = server.app().rooms();
  auto const event = server.run(rooms_service.event(EventId(id)));
  ASSERT_TRUE(event);
  auto const pdu = server.run(rooms_service.pdu(event->nid));
  ASSERT_TRUE(pdu);
  EXPECT_NE(pdu->find(R"("msc4354_sticky":{"duration_ms":600000},"origin_server_ts")"), std::string::npos)
      << *pdu;
}

TEST(CallTransports, AreSaidToThoseWhoAskAndInTheWellKnownFile) {
  TestServer server(db::Database::Kind::sqlite,
                    {"livekit_urls=https://sfu.example/jwt", "public_url=https://torg.example"});
  auto const alice = server.sign_up("alice");
  json::value const transports =
      json::array{json::object{{"type", "livekit"}, {"livekit_service_url", "https://sfu.example/jwt"}}};
  constexpr std::string_view kPath = "/_matrix/client/unstable/org.matrix.msc4143/rtc/transports";
  EXPECT_EQ(server.get(std::string(kPath), alice).at("/rtc_transports"), transports);
  EXPECT_EQ(server.get(std::string(kPath)).errcode(), "M_MISSING_TOKEN");
  EXPECT_EQ(server.get("/.well-known/matrix/client").at("/org.matrix.msc4143.rtc_foci"), transports);
}

}  // namespace
}  // namespace torg::testing
