// Application services, as their token lets them act.
#include "room_fixture.hpp"

#include <fstream>

namespace torg::testing {
namespace {

constexpr std::string_view kIrc = R"(
id: irc
url: null
as_token: irc-token
hs_token: irc-secret
sender_localpart: _irc_bot
rate_limited: false
namespaces:
  users: [{exclusive: true, regex: "@_irc_.*"}, {exclusive: false, regex: "@visitor_.*"}]
  aliases: [{exclusive: true, regex: "#_irc_.*"}]
)";

class ServicesApi : public ::testing::TestWithParam<db::Database::Kind> {
 protected:
  db::TemporaryFolder folder;
  TestServer server{GetParam(), {"app_services=" + write()}};
  std::string const irc = "irc-token";

  std::string write() {
    std::ofstream(folder.path() / "irc.yaml") << kIrc;
    return folder.path().string();
  }
  Reply make_ghost(std::string const& name, std::string const& token) {
    return server.post(
        "/_matrix/client/v3/register", token,
        {{"type", "m.login.application_service"}, {"username", name}, {"inhibit_login", true}});
  }
  Reply log_in(std::string const& name, std::string const& token) {
    return server.post("/_matrix/client/v3/login", token,
                       {{"type", "m.login.application_service"},
                        {"identifier", {{"type", "m.id.user"}, {"user", name}}},
                        {"device_id", "BRIDGE"}});
  }
  static std::string as(std::string const& name) { return "user_id=" + in_path(TestServer::user_id(name)); }
  Reply whoami(std::string const& query, std::string const& token) {
    return server.get("/_matrix/client/v3/account/whoami?" + query, token);
  }
  std::string make_room(std::string const& token, json::value body = json::object{}) {
    return server.post("/_matrix/client/v3/createRoom", token, std::move(body)).text("/room_id");
  }
  static std::string rooms(std::string_view room, std::string_view rest) {
    return "/_matrix/client/v3/rooms/" + in_path(room) + "/" + std::string(rest);
  }
};
INSTANTIATE_TEST_SUITE_P(Db, ServicesApi, db::both_databases(), db::database_name);

TEST_P(ServicesApi, ATokenActsAsTheServicesOwnUserOrAsOneOfItsUsers) {
  EXPECT_EQ(whoami("", irc).text("/user_id"), "@_irc_bot:test.example");
  EXPECT_EQ(whoami("", irc).at("/device_id"), nullptr);
  EXPECT_EQ(whoami(as("_irc_anna"), irc).errcode(), "M_FORBIDDEN") << "she isn't there yet";
  EXPECT_EQ(make_ghost("_irc_anna", irc).text("/user_id"), "@_irc_anna:test.example");
  EXPECT_EQ(whoami(as("_irc_anna"), irc).text("/user_id"), "@_irc_anna:test.example");
  server.sign_up("alice");
  EXPECT_EQ(whoami(as("alice"), irc).errcode(), "M_FORBIDDEN");
  EXPECT_EQ(whoami("", "irc-secret").errcode(), "M_UNKNOWN_TOKEN");
  server.restart();
  EXPECT_EQ(whoami(as("_irc_anna"), irc).text("/user_id"), "@_irc_anna:test.example");
}

TEST_P(ServicesApi, AServiceIsNoAdministratorInAPersonsName) {
  auto const& identity = server.app().identity();
  ASSERT_TRUE(server.run(server.app().identity().create_user({.localpart = "visitor_root",
                                                              .password = "secret-root",
                                                              .displayname = {},
                                                              .role = identity::Role::administrator})));
  EXPECT_EQ(whoami(as("visitor_root"), irc).text("/user_id"), "@visitor_root:test.example");
  for (auto const* path : {"/_torg/v1/admin/users", "/_synapse/admin/v2/users", "/_torg/v1/admin/reports",
                           "/_matrix/client/v1/admin/lock/%40_irc_bot%3Atest.example"})
    EXPECT_EQ(server.get(std::string(path) + "?" + as("visitor_root"), irc).errcode(), "M_FORBIDDEN") << path;
  EXPECT_EQ(server.get("/_torg/v1/admin/users", server.log_in("visitor_root", "secret-root")).status, 200U);
  ASSERT_EQ(make_ghost("_irc_boss", irc).status, 200U);
  auto const boss = identity.find("@_irc_boss:test.example");
  ASSERT_TRUE(server.run(server.app().identity().users().set_role(boss, identity::Role::administrator)));
  EXPECT_EQ(server.get("/_torg/v1/admin/users?" + as("_irc_boss"), irc).status, 200U) << "its own";
}

TEST_P(ServicesApi, NamesThatAreAServicesOwnAreNobodyElses) {
  EXPECT_EQ(make_ghost("_irc_anna", irc).status, 200U);
  EXPECT_EQ(make_ghost("_irc_anna", irc).errcode(), "M_USER_IN_USE");
  EXPECT_EQ(make_ghost("alice", irc).errcode(), "M_EXCLUSIVE");
  EXPECT_EQ(make_ghost("_irc_b", "nonsense").errcode(), "M_UNKNOWN_TOKEN");
  EXPECT_EQ(make_ghost("_irc_b", "").errcode(), "M_MISSING_TOKEN");
  auto const person = [&](std::string const& name) {
    return server.post(
        "/_matrix/client/v3/register", "",
        {{"username", name}, {"password", "a long one"}, {"auth", {{"type", "m.login.dummy"}}}});
  };
  EXPECT_EQ(person("_irc_eva").errcode(), "M_EXCLUSIVE");
  EXPECT_EQ(person("visitor_eva").status, 200U) << "this part is shared";
  EXPECT_EQ(server.get("/_matrix/client/v3/register/available?username=_irc_eva").errcode(), "M_EXCLUSIVE");
}

TEST_P(ServicesApi, AServiceLogsInAsItsUsersWithoutPassword) {
  make_ghost("_irc_anna", irc);
  auto const grant = log_in("_irc_anna", irc);
  ASSERT_EQ(grant.status, 200U) << json::serialize(grant.body);
  EXPECT_EQ(whoami("", grant.text("/access_token")).text("/device_id"), "BRIDGE");
  EXPECT_EQ(log_in("_irc_nobody", irc).errcode(), "M_FORBIDDEN");
  server.sign_up("alice");
  EXPECT_EQ(log_in("alice", irc).errcode(), "M_EXCLUSIVE");
  EXPECT_EQ(log_in("_irc_anna", "").errcode(), "M_MISSING_TOKEN");
  EXPECT_EQ(log_in("_irc_anna", "nonsense").errcode(), "M_UNKNOWN_TOKEN");
}

TEST_P(ServicesApi, ADeviceIsMadeNamedAndTakenAwayWithoutPassword) {
  make_ghost("_irc_anna", irc);
  auto const anna = as("_irc_anna");
  EXPECT_EQ(whoami(anna + "&device_id=D1", irc).errcode(), "M_UNKNOWN_DEVICE");
  EXPECT_EQ(server.put("/_matrix/client/v3/devices/D1?" + anna, irc, {{"display_name", "Bron"}}).status,
            200U);
  EXPECT_EQ(whoami(anna + "&device_id=D1", irc).text("/device_id"), "D1");
  server.restart();
  EXPECT_EQ(whoami(anna + "&org.matrix.msc3202.device_id=D1", irc).text("/device_id"), "D1");
  EXPECT_EQ(whoami("device_id=D1", irc).errcode(), "M_UNKNOWN_DEVICE") << "it is Anna's, not the bot's";
  json::object const keys{{"one_time_keys", {{"signed_curve25519:A", {{"key", "x"}}}}}};
  EXPECT_EQ(server.post("/_matrix/client/v3/keys/upload?" + anna, irc, keys).errcode(), "M_MISSING_PARAM");
  EXPECT_EQ(server.post("/_matrix/client/v3/keys/upload?device_id=D1&" + anna, irc, keys)
                .at("/one_time_key_counts/signed_curve25519"),
            1);
  EXPECT_EQ(
      server.call(net::Method::delete_, "/_matrix/client/v3/devices/D1?" + anna, irc, json::object{}).status,
      200U);
  EXPECT_EQ(whoami(anna + "&device_id=D1", irc).errcode(), "M_UNKNOWN_DEVICE");
}

TEST_P(ServicesApi, AnEventsTimeIsWhatAServiceSaysAndNobodyElse) {
  make_ghost("_irc_anna", irc);
  auto const room = make_room(irc, {{"preset", "public_chat"}});
  auto const anna = as("_irc_anna");
  ASSERT_EQ(server.post(rooms(room, "join?" + anna), irc, json::object{}).status, 200U);
  auto const send = [&](std::string const& token, std::string const& query) {
    return server.put(rooms(room, "send/m.room.message/t" + std::to_string(query.size()) + "?" + query),
                      token, {{"body", "hej"}});
  };
  auto const time_of = [&](std::string const& id) {
    return server.get(rooms(room, "event/" + in_path(id)), irc).at("/origin_server_ts").as_int64();
  };
  EXPECT_EQ(time_of(send(irc, anna + "&ts=1500000000000").text("/event_id")), 1'500'000'000'000);
  EXPECT_EQ(send(irc, anna + "&ts=then").errcode(), "M_INVALID_PARAM");
  EXPECT_EQ(send(irc, anna + "&ts=-1").errcode(), "M_INVALID_PARAM");
  auto const alice = server.sign_up("alice");
  ASSERT_EQ(server.post(rooms(room, "join"), alice, json::object{}).status, 200U);
  EXPECT_GT(time_of(send(alice, "ts=1500000000000").text("/event_id")), 1'600'000'000'000);
}

TEST_P(ServicesApi, RepeatedSendsAreKnownPerUser) {
  make_ghost("_irc_anna", irc);
  auto const room = make_room(irc, {{"preset", "public_chat"}});
  ASSERT_EQ(server.post(rooms(room, "join?" + as("_irc_anna")), irc, json::object{}).status, 200U);
  auto const send = [&](std::string const& query) {
    return server.put(rooms(room, "send/m.room.message/same?" + query), irc, {{"body", "hej"}})
        .text("/event_id");
  };
  auto const first = send(as("_irc_anna"));
  EXPECT_EQ(send(as("_irc_anna")), first);
  EXPECT_NE(send(""), first);
}

TEST_P(ServicesApi, AliasesOfAServiceAreMadeAndTakenAwayByItAlone) {
  auto const alice = server.sign_up("alice");
  auto const room = make_room(alice, {{"preset", "public_chat"}});
  auto const path = [](std::string const& alias) {
    return "/_matrix/client/v3/directory/room/" + in_path(alias);
  };
  EXPECT_EQ(server.put(path("#_irc_x:test.example"), alice, {{"room_id", room}}).errcode(), "M_EXCLUSIVE");
  EXPECT_EQ(server.post("/_matrix/client/v3/createRoom", alice, {{"room_alias_name", "_irc_y"}}).errcode(),
            "M_EXCLUSIVE");
  ASSERT_EQ(server.post(rooms(room, "join"), irc, json::object{}).status, 200U);
  EXPECT_EQ(server.put(path("#_irc_x:test.example"), irc, {{"room_id", room}}).status, 200U);
  EXPECT_EQ(server.put(path("#other:test.example"), irc, {{"room_id", room}}).errcode(), "M_EXCLUSIVE");
  EXPECT_EQ(server.call(net::Method::delete_, path("#_irc_x:test.example"), irc).status, 200U);
}

TEST(ServiceFiles, AWrongOneStopsTheStartAndIsNamed) {
  db::TemporaryFolder const folder;
  std::ofstream(folder.path() / "bad.yaml") << "id: [";
  try {
    TestServer const server(db::Database::Kind::sqlite, {"app_services=" + folder.path().string()});
    FAIL() << "it started";
  } catch (std::runtime_error const& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("bad.yaml: line"));
  }
}

}  // namespace
}  // namespace torg::testing
