#include "testing/test_server.hpp"

namespace torg::testing {
namespace {

/// What the configuration decides about who may see what.
class PolicyApi : public ::testing::TestWithParam<db::Database::Kind> {
 protected:
  static std::vector<std::string> found_by(TestServer& server, std::string const& token,
                                           std::string_view term) {
    auto const reply =
        server.post("/_matrix/client/v3/user_directory/search", token, {{"search_term", term}});
    std::vector<std::string> ids;
    for (auto const& user : reply.at("/results").as_array()) ids.emplace_back(user.at("user_id").as_string());
    return ids;
  }
  static std::string make_room(TestServer& server, std::string const& token, json::value body) {
    return server.post("/_matrix/client/v3/createRoom", token, std::move(body)).text("/room_id");
  }
  static std::string upload(TestServer& server, std::string const& token) {
    auto const uri =
        server.post("/_matrix/media/v3/upload?filename=a.txt", token, {{"n", 1}}).text("/content_uri");
    return uri.substr(std::string_view("mxc://").size());
  }
};
INSTANTIATE_TEST_SUITE_P(Db, PolicyApi, db::both_databases(), db::database_name);

TEST_P(PolicyApi, ProfilesAreForThoseWhoHaveSignedInUnlessTheConfigurationSaysOtherwise) {
  TestServer closed(GetParam());
  TestServer open(GetParam(), {"profiles_need_sign_in=off"});
  auto const path = "/_matrix/client/v3/profile/" + in_path(TestServer::user_id("alice"));
  for (auto* server : {&closed, &open}) {
    auto const alice = server->sign_up("alice");
    ASSERT_EQ(server->put(path + "/displayname", alice, {{"displayname", "Alice"}}).status, 200U);
    EXPECT_EQ(server->get(path, alice).text("/displayname"), "Alice");
  }
  EXPECT_EQ(closed.get(path).errcode(), "M_MISSING_TOKEN");
  EXPECT_EQ(closed.get(path + "/displayname").errcode(), "M_MISSING_TOKEN");
  EXPECT_EQ(open.get(path).text("/displayname"), "Alice");
  EXPECT_EQ(open.get(path + "/displayname").text("/displayname"), "Alice");
  EXPECT_EQ(open.get(path + "/avatar_url").status, 200U);
  EXPECT_EQ(open.put(path + "/displayname", "", {{"displayname", "x"}}).errcode(), "M_MISSING_TOKEN");
}

TEST_P(PolicyApi, TheUserDirectoryOfAnOrganisationShowsEverybody) {
  TestServer server(GetParam());
  auto const alice = server.sign_up("alice");
  server.sign_up("bob");
  EXPECT_THAT(found_by(server, alice, "bob"), ::testing::ElementsAre(TestServer::user_id("bob")));
}

TEST_P(PolicyApi, ANarrowUserDirectoryShowsThoseWhomOneMeets) {
  TestServer server(GetParam(), {"user_directory_search_all=off"});
  auto const alice = server.sign_up("alice");
  auto const bob = server.sign_up("bob");
  auto const carol = server.sign_up("carol");
  EXPECT_THAT(found_by(server, carol, "test.example"), ::testing::IsEmpty());
  make_room(server, alice, {{"preset", "public_chat"}});
  EXPECT_THAT(found_by(server, carol, "test.example"), ::testing::ElementsAre(TestServer::user_id("alice")));
  auto const room = make_room(server, bob, {{"invite", {TestServer::user_id("carol")}}});
  EXPECT_THAT(found_by(server, carol, "bob"), ::testing::IsEmpty()) << "an invitation is no meeting";
  ASSERT_EQ(server.post("/_matrix/client/v3/join/" + in_path(room), carol, json::object{}).status, 200U);
  EXPECT_THAT(found_by(server, carol, "bob"), ::testing::ElementsAre(TestServer::user_id("bob")));
  EXPECT_THAT(found_by(server, alice, "bob"), ::testing::IsEmpty());
}

TEST_P(PolicyApi, ARoomThatWasClosedIsNoPlaceToMeetPeopleAnyMore) {
  TestServer server(GetParam(), {"user_directory_search_all=off"});
  auto const alice = server.sign_up("alice"), carol = server.sign_up("carol");
  auto const room = make_room(server, alice, {{"preset", "public_chat"}});
  ASSERT_THAT(found_by(server, carol, "alice"), ::testing::ElementsAre(TestServer::user_id("alice")));
  auto const rules = "/_matrix/client/v3/rooms/" + in_path(room) + "/state/m.room.join_rules";
  ASSERT_EQ(server.put(rules, alice, {{"join_rule", "invite"}}).status, 200U);
  EXPECT_THAT(found_by(server, carol, "alice"), ::testing::IsEmpty());
}

TEST_P(PolicyApi, NamesAreFoundInCapitalsAndInSmallLetters) {
  TestServer server(GetParam());
  auto const alice = server.sign_up("alice"), asa = server.sign_up("asa");
  auto const profile = "/_matrix/client/v3/profile/" + in_path(TestServer::user_id("asa")) + "/displayname";
  ASSERT_EQ(server.put(profile, asa, {{"displayname", "Åsa Öberg"}}).status, 200U);
  for (auto const* term : {"Åsa", "åsa", "ÖBERG", "ASA"})
    EXPECT_THAT(found_by(server, alice, term), ::testing::ElementsAre(TestServer::user_id("asa"))) << term;
}

TEST_P(PolicyApi, OldDownloadsAreClosedUnlessTheConfigurationOpensThem) {
  TestServer closed(GetParam());
  TestServer open(GetParam(), {"unauthenticated_media=on"});
  auto const refused = upload(closed, closed.sign_up("alice"));
  EXPECT_EQ(closed.get("/_matrix/media/v3/download/" + refused).errcode(), "M_NOT_FOUND");
  EXPECT_EQ(closed.get("/_matrix/media/v3/thumbnail/" + refused).errcode(), "M_NOT_FOUND");
  auto const given = upload(open, open.sign_up("alice"));
  for (auto const* version : {"v3", "v1", "r0"})
    EXPECT_EQ(open.get("/_matrix/media/" + std::string(version) + "/download/" + given).status, 200U);
  EXPECT_EQ(open.get("/_matrix/media/v3/download/" + given + "/b.txt").status, 200U);
  EXPECT_EQ(open.get("/_matrix/client/v1/media/download/" + given).errcode(), "M_MISSING_TOKEN");
}

TEST_P(PolicyApi, OtherServersLearnWhatThisOneIs) {
  TestServer server(GetParam());
  constexpr auto kPath = "/_matrix/federation/v1/version";
  EXPECT_EQ(server.get(kPath).text("/server/name"), "Torg");
  EXPECT_EQ(server.put(kPath, "", json::object{}).status, 405U);
  EXPECT_EQ(server.get("/_matrix/federation/v1/unknown").errcode(), "M_UNRECOGNIZED");
}

TEST_P(PolicyApi, ClientsOfOldReachTheSameEndpoints) {
  TestServer server(GetParam());
  auto const alice = server.sign_up("alice");
  EXPECT_EQ(server.get("/_matrix/client/r0/account/whoami", alice).text("/user_id"),
            TestServer::user_id("alice"));
  EXPECT_EQ(server.get("/_matrix/client/r0/nothing", alice).errcode(), "M_UNRECOGNIZED");
}

}  // namespace
}  // namespace torg::testing
