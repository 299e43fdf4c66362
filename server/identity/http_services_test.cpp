#include "base/encoding.hpp"
#include "crypto/hash.hpp"
#include "identity/testing.hpp"

namespace torg::identity {
namespace {

class HttpServicesTest : public HttpTest {};
INSTANTIATE_TEST_SUITE_P(Db, HttpServicesTest, db::both_databases(), db::database_name);

// ---- Devices and profile

TEST_P(HttpServicesTest, ListsAndRenamesDevices) {
  EXPECT_EQ(put("/_matrix/client/v3/devices/PHONE", token, R"({"display_name":"Phone"})").status, 200U);
  EXPECT_EQ(json::serialize(get("/_matrix/client/v3/devices", token).body),
            R"({"devices":[{"device_id":"PHONE","user_id":"@anna:torg.example","display_name":"Phone"}]})");
  EXPECT_EQ(get("/_matrix/client/v3/devices/PHONE", token).body.at("display_name").as_string(), "Phone");
  EXPECT_EQ(get("/_matrix/client/v3/devices/NONE", token).status, 404U);
  EXPECT_EQ(put("/_matrix/client/v3/devices/NONE", token, "{}").status, 404U);
  EXPECT_EQ(put("/_matrix/client/v3/devices/NONE", token, R"({"display_name":"x"})").status, 404U);
}

TEST_P(HttpServicesTest, DeletesDevicesAfterAskingForThePassword) {
  auto const other = log_in(anna, "LAPTOP").access_token;
  log_in(anna, "TABLET");
  EXPECT_EQ(call(net::Method::delete_, "/_matrix/client/v3/devices/LAPTOP", token).status, 401U);
  EXPECT_EQ(get("/_matrix/client/v3/account/whoami", other).status, 200U);
  EXPECT_EQ(call(net::Method::delete_, "/_matrix/client/v3/devices/LAPTOP", token, "{" + auth("secret") + "}")
                .status,
            200U);
  EXPECT_EQ(get("/_matrix/client/v3/account/whoami", other).status, 401U);
  EXPECT_EQ(
      post("/_matrix/client/v3/delete_devices", token, R"({"devices":["TABLET"],)" + auth("secret") + "}")
          .status,
      200U);
  EXPECT_EQ(get("/_matrix/client/v3/devices", token).body.at("devices").as_array().size(), 1U);
}

TEST_P(HttpServicesTest, ShowsAndChangesProfiles) {
  std::vector<UserNid> changed;
  identity->on_profile_change = [&](UserNid user) -> Task<> {
    changed.push_back(user);
    co_return;
  };
  auto const profile = [&] {
    return json::serialize(get("/_matrix/client/v3/profile/@anna:torg.example", token).body);
  };
  EXPECT_EQ(profile(), "{}");
  EXPECT_EQ(
      put("/_matrix/client/v3/profile/@anna:torg.example/displayname", token, R"({"displayname":"Anna"})")
          .status,
      200U);
  EXPECT_EQ(put("/_matrix/client/v3/profile/%40anna%3Atorg.example/avatar_url", token,
                R"({"avatar_url":"mxc://a/b"})")
                .status,
            200U);
  EXPECT_EQ(profile(), R"({"displayname":"Anna","avatar_url":"mxc://a/b"})");
  EXPECT_EQ(changed, (std::vector{anna, anna}));
  EXPECT_EQ(put("/_matrix/client/v3/profile/@anna:torg.example/displayname", token, R"({"displayname":null})")
                .status,
            200U);
  EXPECT_EQ(profile(), R"({"avatar_url":"mxc://a/b"})");
}

TEST_P(HttpServicesTest, RefusesToChangeSomebodyElse) {
  make_user("bo");
  EXPECT_EQ(put("/_matrix/client/v3/profile/@bo:torg.example/displayname", token, R"({"displayname":"x"})")
                .errcode(),
            "M_FORBIDDEN");
  EXPECT_EQ(put("/_matrix/client/v3/user/@bo:torg.example/account_data/x", token, "{}").errcode(),
            "M_FORBIDDEN");
  EXPECT_EQ(get("/_matrix/client/v3/user/@bo:torg.example/account_data/x", token).errcode(), "M_FORBIDDEN");
}

TEST_P(HttpServicesTest, FindsUsers) {
  auto const reply = post("/_matrix/client/v3/user_directory/search", token, R"({"search_term":"ann"})");
  EXPECT_EQ(json::serialize(reply.body), R"({"limited":false,"results":[{"user_id":"@anna:torg.example"}]})");
}

// ---- What clients keep here

TEST_P(HttpServicesTest, KeepsAccountData) {
  constexpr auto kGlobal = "/_matrix/client/v3/user/@anna:torg.example/account_data/org.example";
  constexpr auto kOfRoom = "/_matrix/client/v3/user/@anna:torg.example/rooms/!room/account_data/org.example";
  EXPECT_EQ(get(kGlobal, token).status, 404U);
  EXPECT_EQ(put(kGlobal, token, R"({"a":1})").status, 200U);
  EXPECT_EQ(put(kOfRoom, token, R"({"b":1})").status, 200U);
  EXPECT_EQ(json::serialize(get(kGlobal, token).body), R"({"a":1})");
  EXPECT_EQ(json::serialize(get(kOfRoom, token).body), R"({"b":1})");
  EXPECT_EQ(put(kGlobal, token, "[]").errcode(), "M_BAD_JSON");
  EXPECT_EQ(put("/_matrix/client/v3/user/@anna:torg.example/account_data/m.push_rules", token, "{}").status,
            405U);
  EXPECT_EQ(
      put("/_matrix/client/v3/user/@anna:torg.example/rooms/!room/account_data/m.fully_read", token, "{}")
          .status,
      405U);
  EXPECT_EQ(put("/_matrix/client/v3/user/@anna:torg.example/rooms/room/account_data/x", token, "{}").status,
            400U);
}

TEST_P(HttpServicesTest, KeepsTagsOfRooms) {
  constexpr auto kTags = "/_matrix/client/v3/user/@anna:torg.example/rooms/!room/tags";
  EXPECT_EQ(json::serialize(get(kTags, token).body), R"({"tags":{}})");
  EXPECT_EQ(put(kTags + std::string("/m.favourite"), token, R"({"order":0.25})").status, 200U);
  EXPECT_EQ(put(kTags + std::string("/u.work"), token, "{}").status, 200U);
  EXPECT_EQ(put(kTags + std::string("/u.work"), token, R"({"order":"0.25"})").status, 400U);
  EXPECT_EQ(get(kTags, token).body.at("tags").at("m.favourite").at("order").as_double(), 0.25);
  EXPECT_EQ(call(net::Method::delete_, kTags + std::string("/m.favourite"), token).status, 200U);
  EXPECT_EQ(json::serialize(get(kTags, token).body), R"({"tags":{"u.work":{}}})");
}

TEST_P(HttpServicesTest, KeepsFilters) {
  auto const reply = post("/_matrix/client/v3/user/@anna:torg.example/filter", token, R"({"room":{}})");
  ASSERT_EQ(reply.status, 200U);
  auto const id = std::string(reply.body.at("filter_id").as_string());
  EXPECT_EQ(json::serialize(get("/_matrix/client/v3/user/@anna:torg.example/filter/" + id, token).body),
            R"({"room":{}})");
  EXPECT_EQ(get("/_matrix/client/v3/user/@anna:torg.example/filter/99", token).status, 404U);
}

TEST_P(HttpServicesTest, KeepsPushRules) {
  constexpr auto kRule = "/_matrix/client/v3/pushrules/global/content/cake";
  EXPECT_TRUE(get("/_matrix/client/v3/pushrules/", token).body.at("global").as_object().contains("override"));
  EXPECT_TRUE(get("/_matrix/client/v3/pushrules/global/", token).body.contains("override"));
  EXPECT_EQ(get(kRule, token).status, 404U);
  EXPECT_EQ(put(kRule, token, R"({"pattern":"cake*lie","actions":["notify"]})").status, 200U);
  EXPECT_EQ(get(kRule, token).body.at("pattern").as_string(), "cake*lie");
  EXPECT_EQ(put(kRule + std::string("/enabled"), token, R"({"enabled":false})").status, 200U);
  EXPECT_EQ(json::serialize(get(kRule + std::string("/enabled"), token).body), R"({"enabled":false})");
  EXPECT_EQ(put(kRule + std::string("/actions"), token, R"({"actions":[false]})").status, 400U);
  EXPECT_EQ(put(kRule, token, R"({"pattern":"cake*lie","actions":[7]})").status, 400U);
  EXPECT_EQ(put("/_matrix/client/v3/pushrules/global/override/mine", token,
                R"({"conditions":[{}],"actions":["notify"]})")
                .status,
            400U);
  EXPECT_EQ(put(kRule + std::string("/actions"), token, R"({"actions":[]})").status, 200U);
  EXPECT_EQ(json::serialize(get(kRule + std::string("/actions"), token).body), R"({"actions":[]})");
  EXPECT_EQ(call(net::Method::delete_, kRule, token).status, 200U);
  EXPECT_EQ(get(kRule, token).status, 404U);
}

TEST_P(HttpServicesTest, KeepsDeviceKeys) {
  auto const counts = post("/_matrix/client/v3/keys/upload", token,
                           R"({"one_time_keys":{"signed_curve25519:A":{"key":"1"}}})");
  EXPECT_EQ(json::serialize(counts.body), R"({"one_time_key_counts":{"signed_curve25519":1}})");
  auto const claimed = post("/_matrix/client/v3/keys/claim", token,
                            R"({"one_time_keys":{"@anna:torg.example":{"PHONE":"signed_curve25519"}}})");
  EXPECT_EQ(json::serialize(claimed.body.at("one_time_keys")),
            R"({"@anna:torg.example":{"PHONE":{"signed_curve25519:A":{"key":"1"}}}})");
  EXPECT_EQ(
      post("/_matrix/client/v3/keys/query", token, R"({"device_keys":{"@anna:torg.example":[]}})").status,
      200U);
}

// ---- Discovery

TEST_P(HttpServicesTest, SaysWhatItCanDo) {
  options.unstable_features = {"org.example.feature"};
  start();
  auto const versions = get("/_matrix/client/versions");
  EXPECT_EQ(versions.body.at("versions").at(0).as_string(), "v1.1");
  EXPECT_EQ(versions.body.at("versions").as_array().back().as_string(), "v1.19");
  EXPECT_TRUE(versions.body.at("unstable_features").at("org.example.feature").as_bool());
  auto const capabilities = get("/_matrix/client/v3/capabilities", token);
  EXPECT_EQ(capabilities.body.at("capabilities").at("m.room_versions").at("default").as_string(), "12");
  EXPECT_EQ(get("/_matrix/client/v3/capabilities").errcode(), "M_MISSING_TOKEN");
}

TEST_P(HttpServicesTest, SaysWhereItIsWhenItKnows) {
  EXPECT_EQ(get("/.well-known/matrix/client").status, 404U);
  options.public_base_url = "https://matrix.torg.example";
  start();
  EXPECT_EQ(json::serialize(get("/.well-known/matrix/client").body),
            R"({"m.homeserver":{"base_url":"https://matrix.torg.example"}})");
}

TEST_P(HttpServicesTest, DoesNotPretendToKnowOtherWaysOfSigningIn) {
  auto const metadata = get("/_matrix/client/v1/auth_metadata");
  EXPECT_EQ(metadata.status, 404U);
  EXPECT_EQ(metadata.errcode(), "M_UNRECOGNIZED");
  EXPECT_EQ(get("/_matrix/client/v3/login/sso/redirect?redirectUrl=app:").errcode(), "M_NOT_FOUND");
  auto const provider = get("/_matrix/client/v3/login/sso/redirect/oidc?redirectUrl=app:");
  EXPECT_EQ(provider.status, 404U);
  EXPECT_EQ(provider.errcode(), "M_NOT_FOUND");
  auto const flows = json::serialize(get("/_matrix/client/v3/login").body);
  EXPECT_THAT(flows, ::testing::Not(::testing::HasSubstr("m.login.sso")));
}

// ---- Calls

TEST_P(HttpServicesTest, KnowsNoRelaysUntilItIsToldOfThem) {
  auto const reply = get("/_matrix/client/v3/voip/turnServer", token);
  EXPECT_EQ(reply.status, 200U);
  EXPECT_EQ(json::serialize(reply.body), "{}");
  options.turn.uris = {"turn:turn.example?transport=udp"};
  start();
  EXPECT_EQ(json::serialize(get("/_matrix/client/v3/voip/turnServer", token).body), "{}") << "no secret";
  EXPECT_EQ(get("/_matrix/client/v3/voip/turnServer").errcode(), "M_MISSING_TOKEN");
}

TEST_P(HttpServicesTest, GivesCredentialsForRelaysThatHoldForATime) {
  options.turn = {.uris = {"turn:turn.example?transport=udp", "turns:turn.example"},
                  .shared_secret = "north",
                  .lifetime = std::chrono::hours(1)};
  start();
  auto const before = to_ms(runtime.now()) / 1'000;
  auto const reply = get("/_matrix/client/v3/voip/turnServer", token);
  auto const after = to_ms(runtime.now()) / 1'000;
  ASSERT_EQ(reply.status, 200U);
  EXPECT_EQ(reply.body.at("uris").as_array().size(), 2U);
  EXPECT_EQ(reply.body.at("ttl").as_int64(), 3'600);
  std::string const username(reply.body.at("username").as_string());
  auto const colon = username.find(':');
  auto const end = std::stoll(username.substr(0, colon));
  EXPECT_GE(end, before + 3'600);
  EXPECT_LE(end, after + 3'600);
  EXPECT_EQ(username.substr(colon + 1), "@anna:torg.example");
  std::string const password(reply.body.at("password").as_string());
  EXPECT_EQ(password.size(), 28U) << "a SHA-1 with its padding";
  EXPECT_EQ(base64_decode(password, Base64::standard), crypto::hmac_sha1("north", username));
}

}  // namespace
}  // namespace torg::identity
