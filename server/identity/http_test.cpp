#include "identity/http.hpp"

#include "base/encoding.hpp"
#include "crypto/hash.hpp"
#include "identity/testing.hpp"

namespace torg::identity {
namespace {

INSTANTIATE_TEST_SUITE_P(Db, HttpTest, db::both_databases(), db::database_name);

// ---- Login

TEST_P(HttpTest, OffersToLogInWithAPassword) {
  EXPECT_EQ(json::serialize(get("/_matrix/client/v3/login").body),
            R"({"flows":[{"type":"m.login.password"},{"type":"m.login.token","get_login_token":true},)"
            R"({"type":"m.login.application_service"}]})");
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
  options.password_attempts = {.burst = 10, .interval = std::chrono::minutes(1)};
  start();
  Reply reply{};
  for (int i = 0; i < 11; ++i) reply = post("/_matrix/client/v3/login", "", login_body("anna", "wrong"));
  EXPECT_EQ(reply.status, 429U);
  EXPECT_EQ(reply.errcode(), "M_LIMIT_EXCEEDED");
  EXPECT_GT(reply.body.at("retry_after_ms").as_int64(), 0);
}

TEST_P(HttpTest, CountsOneAccountHoweverItIsNamedAndOnlyWrongPasswords) {
  options.password_attempts = {.burst = 4, .interval = std::chrono::minutes(1)};
  start();
  auto const attempt = [&](std::string name, std::string password) {
    return post("/_matrix/client/v3/login", "", login_body(std::move(name), std::move(password))).status;
  };
  for (int i = 0; i < 10; ++i) EXPECT_EQ(attempt("anna", "secret"), 200U);
  EXPECT_EQ(attempt("anna", "wrong"), 403U);
  EXPECT_EQ(attempt("@anna:torg.example", "wrong"), 403U);
  EXPECT_EQ(attempt("anna", "wrong"), 403U);
  EXPECT_EQ(attempt("@anna:torg.example", "wrong"), 403U);
  EXPECT_EQ(attempt("anna", "secret"), 429U);
  EXPECT_EQ(attempt("nobody", "wrong"), 403U) << "another account";
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
  auto const reply = post("/_matrix/client/v3/account/deactivate", token, body);
  EXPECT_EQ(reply.status, 403U);
  EXPECT_EQ(reply.errcode(), "M_FORBIDDEN");
  EXPECT_FALSE(reply.body.contains("flows")) << "asking again would not help";
}

TEST_P(HttpTest, EndsAnAccount) {
  std::vector<UserNid> ended;
  identity->on_deactivation = [&](UserNid user) -> Task<> {
    ended.push_back(user);
    co_return;
  };
  EXPECT_EQ(post("/_matrix/client/v3/account/deactivate", token, "{" + auth("secret") + "}").status, 200U);
  EXPECT_EQ(ended, std::vector{anna});
  auto const ended_one = post("/_matrix/client/v3/login", "", login_body("anna", "secret"));
  auto const nobody = post("/_matrix/client/v3/login", "", login_body("never.was", "secret"));
  EXPECT_EQ(ended_one.errcode(), "M_FORBIDDEN");
  EXPECT_EQ(json::serialize(ended_one.body), json::serialize(nobody.body)) << "tells who had an account";
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

}  // namespace
}  // namespace torg::identity
