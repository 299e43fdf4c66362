#include "identity/http.hpp"

#include "base/encoding.hpp"
#include "crypto/hash.hpp"
#include "identity/testing.hpp"

namespace torg::identity {
namespace {

class HttpTest : public IdentityTest {
 protected:
  void SetUp() override {
    IdentityTest::SetUp();
    anna = make_user("anna", "secret");
    token = log_in(anna, "PHONE").access_token;
  }
  static std::string login_body(std::string_view user, std::string_view password,
                                std::string_view more = "") {
    return R"({"type":"m.login.password","identifier":{"type":"m.id.user","user":")" + std::string(user) +
           R"("},"password":")" + std::string(password) + "\"" + std::string(more) + "}";
  }
  static std::string auth(std::string_view password) {
    return R"("auth":{"type":"m.login.password","identifier":{"type":"m.id.user","user":"anna"},"password":")" +
           std::string(password) + "\"}";
  }
  UserNid anna;
  std::string token;
};
INSTANTIATE_TEST_SUITE_P(Db, HttpTest, db::both_databases(), db::database_name);

// ---- Login

TEST_P(HttpTest, OffersToLogInWithAPassword) {
  EXPECT_EQ(json::serialize(get("/_matrix/client/v3/login").body),
            R"({"flows":[{"type":"m.login.password"}]})");
}

TEST_P(HttpTest, LogsInAndOut) {
  auto const reply =
      post("/_matrix/client/v3/login", "", login_body("anna", "secret", R"(,"device_id":"LAPTOP")"));
  ASSERT_EQ(reply.status, 200U);
  EXPECT_EQ(reply.body.at("user_id").as_string(), "@anna:torg.example");
  EXPECT_EQ(reply.body.at("device_id").as_string(), "LAPTOP");
  EXPECT_FALSE(reply.body.contains("refresh_token"));
  std::string const access(reply.body.at("access_token").as_string());
  auto const who = get("/_matrix/client/v3/account/whoami", access);
  EXPECT_EQ(who.body.at("user_id").as_string(), "@anna:torg.example");
  EXPECT_EQ(who.body.at("device_id").as_string(), "LAPTOP");
  EXPECT_EQ(post("/_matrix/client/v3/logout", access, "{}").status, 200U);
  EXPECT_EQ(get("/_matrix/client/v3/account/whoami", access).errcode(), "M_UNKNOWN_TOKEN");
  EXPECT_EQ(get("/_matrix/client/v3/account/whoami", token).status, 200U);
  EXPECT_EQ(post("/_matrix/client/v3/logout/all", token, "{}").status, 200U);
  EXPECT_EQ(get("/_matrix/client/v3/account/whoami", token).errcode(), "M_UNKNOWN_TOKEN");
}

TEST_P(HttpTest, RefusesLoginsThatAreWrong) {
  auto const refused = [&](std::string body) {
    return post("/_matrix/client/v3/login", "", std::move(body));
  };
  EXPECT_EQ(refused(login_body("anna", "wrong")).errcode(), "M_FORBIDDEN");
  EXPECT_EQ(refused(login_body("nobody", "secret")).status, 403U);
  EXPECT_EQ(refused("not json").errcode(), "M_NOT_JSON");
  EXPECT_EQ(refused("{}").errcode(), "M_MISSING_PARAM");
  EXPECT_EQ(refused(R"({"type":"m.login.sso"})").errcode(), "M_UNKNOWN");
  EXPECT_EQ(refused(R"({"type":"m.login.password","user":"anna"})").errcode(), "M_MISSING_PARAM");
}

TEST_P(HttpTest, AcceptsTheOlderFormOfALogin) {
  EXPECT_EQ(
      post("/_matrix/client/v3/login", "", R"({"type":"m.login.password","user":"anna","password":"secret"})")
          .status,
      200U);
}

TEST_P(HttpTest, RefreshesTokens) {
  auto const reply =
      post("/_matrix/client/v3/login", "", login_body("anna", "secret", R"(,"refresh_token":true)"));
  EXPECT_EQ(reply.body.at("expires_in_ms").as_int64(), 3'600'000);
  auto const renewed = post("/_matrix/client/v3/refresh", "",
                            json::serialize(json::object{{"refresh_token", reply.body.at("refresh_token")}}));
  ASSERT_EQ(renewed.status, 200U);
  std::string const access(renewed.body.at("access_token").as_string());
  EXPECT_EQ(get("/_matrix/client/v3/account/whoami", access).status, 200U);
  EXPECT_EQ(post("/_matrix/client/v3/refresh", "", R"({"refresh_token":"x"})").errcode(), "M_UNKNOWN_TOKEN");
}

TEST_P(HttpTest, SaysSoftLogoutOfAnExpiredToken) {
  options.access_token_lifetime = std::chrono::milliseconds(0);
  start();
  auto const grant = log_in(anna, "LAPTOP", Refresh::supported);
  auto const reply = get("/_matrix/client/v3/account/whoami", grant.access_token);
  EXPECT_EQ(reply.status, 401U);
  EXPECT_TRUE(reply.body.at("soft_logout").as_bool());
  EXPECT_FALSE(get("/_matrix/client/v3/account/whoami", "nonsense").body.contains("soft_logout"));
}

TEST_P(HttpTest, LimitsAttemptsToLogIn) {
  options.rate_limits = RateLimits::on;
  start();
  Reply reply{};
  for (int i = 0; i < 11; ++i) reply = post("/_matrix/client/v3/login", "", login_body("anna", "wrong"));
  EXPECT_EQ(reply.status, 429U);
  EXPECT_EQ(reply.errcode(), "M_LIMIT_EXCEEDED");
  EXPECT_GT(reply.body.at("retry_after_ms").as_int64(), 0);
}

// ---- Accounts

TEST_P(HttpTest, ChangesThePasswordAfterAskingForTheOldOne) {
  auto const other = log_in(anna, "LAPTOP").access_token;
  auto const challenge = post("/_matrix/client/v3/account/password", token, R"({"new_password":"new"})");
  EXPECT_EQ(challenge.status, 401U);
  EXPECT_EQ(json::serialize(challenge.body.at("flows")), R"([{"stages":["m.login.password"]}])");
  auto const wrong =
      post("/_matrix/client/v3/account/password", token, R"({"new_password":"new",)" + auth("no") + "}");
  EXPECT_EQ(wrong.status, 401U);
  EXPECT_EQ(wrong.errcode(), "M_FORBIDDEN");
  EXPECT_EQ(
      post("/_matrix/client/v3/account/password", token, R"({"new_password":"new",)" + auth("secret") + "}")
          .status,
      200U);
  EXPECT_EQ(get("/_matrix/client/v3/account/whoami", token).status, 200U);
  EXPECT_EQ(get("/_matrix/client/v3/account/whoami", other).status, 401U) << "other devices are logged out";
  EXPECT_EQ(post("/_matrix/client/v3/login", "", login_body("anna", "secret")).status, 403U);
  EXPECT_EQ(post("/_matrix/client/v3/login", "", login_body("anna", "new")).status, 200U);
}

TEST_P(HttpTest, AcceptsNobodyElsesPasswordAsAProof) {
  make_user("bo", "secret");
  auto const body = R"({"auth":{"type":"m.login.password","user":"bo","password":"secret"}})";
  EXPECT_EQ(post("/_matrix/client/v3/account/deactivate", token, body).status, 401U);
}

TEST_P(HttpTest, EndsAnAccount) {
  std::vector<UserNid> ended;
  identity->on_deactivation = [&](UserNid user) -> Task<> {
    ended.push_back(user);
    co_return;
  };
  EXPECT_EQ(post("/_matrix/client/v3/account/deactivate", token, "{" + auth("secret") + "}").status, 200U);
  EXPECT_EQ(ended, std::vector{anna});
  EXPECT_EQ(post("/_matrix/client/v3/login", "", login_body("anna", "secret")).errcode(),
            "M_USER_DEACTIVATED");
  EXPECT_EQ(get("/_matrix/client/v3/profile/@anna:torg.example", log_in(make_user("bo")).access_token).status,
            404U);
}

TEST_P(HttpTest, RegistersNobodyUnlessConfigured) {
  EXPECT_EQ(post("/_matrix/client/v3/register", "", "{}").errcode(), "M_FORBIDDEN");
  EXPECT_EQ(get("/_matrix/client/v3/register/available?username=bo").errcode(), "M_FORBIDDEN");
  EXPECT_EQ(get("/_synapse/admin/v1/register").errcode(), "M_UNRECOGNIZED");
}

TEST_P(HttpTest, RegistersWhenItIsOpen) {
  options.registration = Registration::open;
  start();
  EXPECT_EQ(get("/_matrix/client/v3/register/available?username=bo").status, 200U);
  EXPECT_EQ(get("/_matrix/client/v3/register/available?username=anna").errcode(), "M_USER_IN_USE");
  auto const challenge = post("/_matrix/client/v3/register", "", R"({"username":"bo","password":"pw"})");
  EXPECT_EQ(challenge.status, 401U);
  EXPECT_EQ(json::serialize(challenge.body.at("flows")), R"([{"stages":["m.login.dummy"]}])");
  auto const made = post("/_matrix/client/v3/register", "",
                         R"({"username":"bo","password":"pw","auth":{"type":"m.login.dummy"}})");
  ASSERT_EQ(made.status, 200U);
  EXPECT_EQ(
      get("/_matrix/client/v3/account/whoami", std::string(made.body.at("access_token").as_string())).status,
      200U);
  EXPECT_EQ(post("/_matrix/client/v3/register", "", R"({"username":"bo","password":"pw"})").errcode(),
            "M_USER_IN_USE");
  EXPECT_EQ(post("/_matrix/client/v3/register", "", R"({"username":"B O"})").errcode(), "M_INVALID_USERNAME");
  EXPECT_EQ(post("/_matrix/client/v3/register?kind=guest", "", "{}").errcode(), "M_GUEST_ACCESS_FORBIDDEN");
}

class SharedSecretTest : public HttpTest {
 protected:
  void SetUp() override {
    options.registration_shared_secret = "shared";
    HttpTest::SetUp();
  }
  std::string nonce() { return std::string(get("/_synapse/admin/v1/register").body.at("nonce").as_string()); }
  Reply send(std::string_view nonce, std::string_view key, std::string_view signed_role, bool admin) {
    auto const text = std::string(nonce) + '\0' + "bo" + '\0' + "pw" + '\0' + std::string(signed_role);
    json::object const body{{"nonce", nonce},
                            {"username", "bo"},
                            {"password", "pw"},
                            {"admin", admin},
                            {"mac", hex_encode(crypto::hmac_sha1(key, text))}};
    return post("/_synapse/admin/v1/register", "", json::serialize(body));
  }
};
INSTANTIATE_TEST_SUITE_P(Db, SharedSecretTest, db::both_databases(), db::database_name);

TEST_P(SharedSecretTest, MakesAdministrators) {
  auto const reply = send(nonce(), "shared", "admin", true);
  ASSERT_EQ(reply.status, 200U);
  EXPECT_EQ(identity->account(identity->find("@bo:torg.example"))->role, Role::administrator);
  EXPECT_TRUE(reply.body.contains("access_token"));
}

TEST_P(SharedSecretTest, MakesOrdinaryPeople) {
  EXPECT_EQ(send(nonce(), "shared", "notadmin", false).status, 200U);
  EXPECT_EQ(identity->account(identity->find("@bo:torg.example"))->role, Role::person);
}

TEST_P(SharedSecretTest, RefusesAWrongSecretAndAChangedRole) {
  EXPECT_EQ(send(nonce(), "guess", "notadmin", false).status, 403U);
  EXPECT_EQ(send(nonce(), "shared", "notadmin", true).status, 403U);
}

TEST_P(SharedSecretTest, TakesEachNonceOnce) {
  auto const used = nonce();
  EXPECT_EQ(send(used, "guess", "notadmin", false).status, 403U);
  EXPECT_EQ(send(used, "shared", "notadmin", false).status, 400U);
  EXPECT_EQ(send("invented", "shared", "notadmin", false).status, 400U);
}

// ---- Devices and profile

TEST_P(HttpTest, ListsAndRenamesDevices) {
  EXPECT_EQ(put("/_matrix/client/v3/devices/PHONE", token, R"({"display_name":"Phone"})").status, 200U);
  EXPECT_EQ(json::serialize(get("/_matrix/client/v3/devices", token).body),
            R"({"devices":[{"device_id":"PHONE","user_id":"@anna:torg.example","display_name":"Phone"}]})");
  EXPECT_EQ(get("/_matrix/client/v3/devices/PHONE", token).body.at("display_name").as_string(), "Phone");
  EXPECT_EQ(get("/_matrix/client/v3/devices/NONE", token).status, 404U);
  EXPECT_EQ(put("/_matrix/client/v3/devices/NONE", token, "{}").status, 404U);
  EXPECT_EQ(put("/_matrix/client/v3/devices/NONE", token, R"({"display_name":"x"})").status, 404U);
}

TEST_P(HttpTest, DeletesDevicesAfterAskingForThePassword) {
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

TEST_P(HttpTest, ShowsAndChangesProfiles) {
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

TEST_P(HttpTest, RefusesToChangeSomebodyElse) {
  make_user("bo");
  EXPECT_EQ(put("/_matrix/client/v3/profile/@bo:torg.example/displayname", token, R"({"displayname":"x"})")
                .errcode(),
            "M_FORBIDDEN");
  EXPECT_EQ(put("/_matrix/client/v3/user/@bo:torg.example/account_data/x", token, "{}").errcode(),
            "M_FORBIDDEN");
  EXPECT_EQ(get("/_matrix/client/v3/user/@bo:torg.example/account_data/x", token).errcode(), "M_FORBIDDEN");
}

TEST_P(HttpTest, FindsUsers) {
  auto const reply = post("/_matrix/client/v3/user_directory/search", token, R"({"search_term":"ann"})");
  EXPECT_EQ(json::serialize(reply.body), R"({"limited":false,"results":[{"user_id":"@anna:torg.example"}]})");
}

// ---- What clients keep here

TEST_P(HttpTest, KeepsAccountData) {
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

TEST_P(HttpTest, KeepsTagsOfRooms) {
  constexpr auto kTags = "/_matrix/client/v3/user/@anna:torg.example/rooms/!room/tags";
  EXPECT_EQ(json::serialize(get(kTags, token).body), R"({"tags":{}})");
  EXPECT_EQ(put(kTags + std::string("/m.favourite"), token, R"({"order":0.25})").status, 200U);
  EXPECT_EQ(put(kTags + std::string("/u.work"), token, "{}").status, 200U);
  EXPECT_EQ(get(kTags, token).body.at("tags").at("m.favourite").at("order").as_double(), 0.25);
  EXPECT_EQ(call(net::Method::delete_, kTags + std::string("/m.favourite"), token).status, 200U);
  EXPECT_EQ(json::serialize(get(kTags, token).body), R"({"tags":{"u.work":{}}})");
}

TEST_P(HttpTest, KeepsFilters) {
  auto const reply = post("/_matrix/client/v3/user/@anna:torg.example/filter", token, R"({"room":{}})");
  ASSERT_EQ(reply.status, 200U);
  auto const id = std::string(reply.body.at("filter_id").as_string());
  EXPECT_EQ(json::serialize(get("/_matrix/client/v3/user/@anna:torg.example/filter/" + id, token).body),
            R"({"room":{}})");
  EXPECT_EQ(get("/_matrix/client/v3/user/@anna:torg.example/filter/99", token).status, 404U);
}

TEST_P(HttpTest, KeepsPushRules) {
  constexpr auto kRule = "/_matrix/client/v3/pushrules/global/content/cake";
  EXPECT_TRUE(get("/_matrix/client/v3/pushrules/", token).body.at("global").as_object().contains("override"));
  EXPECT_TRUE(get("/_matrix/client/v3/pushrules/global/", token).body.contains("override"));
  EXPECT_EQ(get(kRule, token).status, 404U);
  EXPECT_EQ(put(kRule, token, R"({"pattern":"cake*lie","actions":["notify"]})").status, 200U);
  EXPECT_EQ(get(kRule, token).body.at("pattern").as_string(), "cake*lie");
  EXPECT_EQ(put(kRule + std::string("/enabled"), token, R"({"enabled":false})").status, 200U);
  EXPECT_EQ(json::serialize(get(kRule + std::string("/enabled"), token).body), R"({"enabled":false})");
  EXPECT_EQ(put(kRule + std::string("/actions"), token, R"({"actions":[]})").status, 200U);
  EXPECT_EQ(json::serialize(get(kRule + std::string("/actions"), token).body), R"({"actions":[]})");
  EXPECT_EQ(call(net::Method::delete_, kRule, token).status, 200U);
  EXPECT_EQ(get(kRule, token).status, 404U);
}

TEST_P(HttpTest, KeepsDeviceKeys) {
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

TEST_P(HttpTest, AsksForThePasswordBeforeReplacingCrossSigningKeys) {
  std::string const key =
      R"("master_key":{"user_id":"@anna:torg.example","usage":["master"],"keys":{"ed25519:M":"M"}})";
  EXPECT_EQ(post("/_matrix/client/v3/keys/device_signing/upload", token, "{" + key + "}").status, 200U);
  EXPECT_EQ(post("/_matrix/client/v3/keys/device_signing/upload", token, "{" + key + "}").status, 401U);
  EXPECT_EQ(
      post("/_matrix/client/v3/keys/device_signing/upload", token, "{" + key + "," + auth("secret") + "}")
          .status,
      200U);
}

// ---- Discovery

TEST_P(HttpTest, SaysWhatItCanDo) {
  options.unstable_features = {"org.example.feature"};
  start();
  auto const versions = get("/_matrix/client/versions");
  EXPECT_EQ(versions.body.at("versions").at(0).as_string(), "v1.1");
  EXPECT_TRUE(versions.body.at("unstable_features").at("org.example.feature").as_bool());
  auto const capabilities = get("/_matrix/client/v3/capabilities", token);
  EXPECT_EQ(capabilities.body.at("capabilities").at("m.room_versions").at("default").as_string(), "12");
  EXPECT_EQ(get("/_matrix/client/v3/capabilities").errcode(), "M_MISSING_TOKEN");
}

TEST_P(HttpTest, SaysWhereItIsWhenItKnows) {
  EXPECT_EQ(get("/.well-known/matrix/client").status, 404U);
  options.public_base_url = "https://matrix.torg.example";
  start();
  EXPECT_EQ(json::serialize(get("/.well-known/matrix/client").body),
            R"({"m.homeserver":{"base_url":"https://matrix.torg.example"}})");
}

TEST_P(HttpTest, DoesNotPretendToKnowMore) {
  EXPECT_EQ(get("/_matrix/client/v3/account/3pid", token).errcode(), "M_UNRECOGNIZED");
}

}  // namespace
}  // namespace torg::identity
