// Making accounts with a token.
// https://spec.matrix.org/v1.19/client-server-api/#token-authenticated-registration
#include "identity/testing.hpp"

namespace torg::identity {
namespace {

class RegistrationTokenTest : public HttpTest {
 protected:
  void SetUp() override {
    options.registration = Registration::token;
    HttpTest::SetUp();
  }
  RegistrationToken make(std::optional<std::int64_t> uses, std::optional<Instant> expires = {}) {
    auto const made =
        run(runtime,
            identity->registration_tokens().make({.token = "key", .uses_allowed = uses, .expires = expires}));
    EXPECT_TRUE(made) << made.error().message;
    return made.value_or(RegistrationToken{});
  }
  Reply sign_up(std::string_view name, std::string_view token) {
    json::object const body{{"username", name},
                            {"password", "a long password"},
                            {"auth", {{"type", "m.login.registration_token"}, {"token", token}}}};
    return post("/_matrix/client/v3/register", "", json::serialize(body));
  }
  bool is_valid(std::string_view token) {
    auto const reply =
        get("/_matrix/client/v1/register/m.login.registration_token/validity?token=" + std::string(token));
    EXPECT_EQ(reply.status, 200U);
    return reply.body.at("valid").as_bool();
  }
  int names_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Db, RegistrationTokenTest, db::both_databases(), db::database_name);

TEST_P(RegistrationTokenTest, OpensTheDoorAsOftenAsItMay) {
  make(2);
  auto const challenge = post("/_matrix/client/v3/register", "", R"({"username":"bo","password":"pw"})");
  EXPECT_EQ(challenge.status, 401U);
  EXPECT_EQ(json::serialize(challenge.body.at("flows")), R"([{"stages":["m.login.registration_token"]}])");
  EXPECT_EQ(sign_up("bo", "key").status, 200U);
  EXPECT_TRUE(is_valid("key"));
  EXPECT_EQ(sign_up("cleo", "key").status, 200U);
  EXPECT_FALSE(is_valid("key"));
  auto const refused = sign_up("dora", "key");
  EXPECT_EQ(refused.status, 401U);
  EXPECT_EQ(refused.errcode(), "M_FORBIDDEN");
  EXPECT_EQ(run(runtime, identity->registration_tokens().find("key"))->completed, 2);
}

TEST_P(RegistrationTokenTest, OpensNothingWhenItIsUnknownOrOver) {
  EXPECT_FALSE(is_valid("key"));
  EXPECT_EQ(sign_up("bo", "key").status, 401U);
  make(std::nullopt, runtime.now() + std::chrono::hours(1));
  EXPECT_TRUE(is_valid("key"));
  ASSERT_TRUE(run(runtime, database->write([at = to_ms(runtime.now())](db::Transaction& t) -> Result<> {
    static constexpr db::Statement kEnd{"UPDATE registration_tokens SET expires_ms = $1"};
    t.execute(kEnd, {at});
    return {};
  })));
  EXPECT_FALSE(is_valid("key"));
  EXPECT_EQ(sign_up("bo", "key").status, 401U);
}

TEST_P(RegistrationTokenTest, IsNotUsedUpByAnAccountThatCouldNotBeMade) {
  make(1);
  EXPECT_EQ(sign_up("B O", "key").errcode(), "M_INVALID_USERNAME");
  EXPECT_EQ(sign_up("anna", "key").errcode(), "M_USER_IN_USE");
  EXPECT_EQ(sign_up("bo", "key").status, 200U);
}

TEST_P(RegistrationTokenTest, MakesNoMoreAccountsThanAllowedWhenManyComeAtOnce) {
  make(1);
  std::vector<RegistrationTokens::Use> uses;
  uses.push_back(identity->registration_tokens().use("key"));
  EXPECT_FALSE(is_valid("key")) << "somebody is making an account with it just now";
  EXPECT_EQ(run(runtime, identity->registration_tokens().find("key"))->pending, 1);
  auto const first = uses.front().counted();
  uses.clear();
  EXPECT_TRUE(is_valid("key"));
  auto const made = [&](Also also) {
    return run(runtime, identity->accounts().create({.localpart = "x" + std::to_string(++names_),
                                                     .password = "a long password",
                                                     .displayname = {}},
                                                    std::move(also)));
  };
  EXPECT_TRUE(made(first));
  EXPECT_EQ(made(first).error().code, ErrorCode::forbidden);
}

TEST_P(RegistrationTokenTest, AsksForATokenThatCanBeWritten) {
  auto& tokens = identity->registration_tokens();
  auto const code = [&](RegistrationToken wanted) {
    return run(runtime, tokens.make(std::move(wanted))).error().code;
  };
  EXPECT_EQ(code({.token = "a b"}), ErrorCode::invalid_param);
  EXPECT_EQ(code({.token = std::string(65, 'a')}), ErrorCode::invalid_param);
  EXPECT_EQ(code({.token = "a", .uses_allowed = -1}), ErrorCode::invalid_param);
  EXPECT_EQ(code({.token = "a", .expires = runtime.now()}), ErrorCode::invalid_param);
  make(1);
  EXPECT_EQ(code({.token = "key"}), ErrorCode::conflict);
  auto const random = run(runtime, tokens.make({}));
  ASSERT_TRUE(random);
  EXPECT_EQ(random->token.size(), 16U);
}

TEST_P(RegistrationTokenTest, SurvivesARestartAndCanBeTakenAway) {
  make(5);
  ASSERT_EQ(sign_up("bo", "key").status, 200U);
  restart();
  EXPECT_EQ(run(runtime, identity->registration_tokens().find("key"))->completed, 1);
  ASSERT_TRUE(run(runtime, identity->registration_tokens().remove("key")));
  EXPECT_FALSE(is_valid("key"));
  EXPECT_EQ(run(runtime, identity->registration_tokens().remove("key")).error().code, ErrorCode::not_found);
}

TEST_P(RegistrationTokenTest, SaysNothingOfTokensWhereNobodyMakesAccounts) {
  options.registration = Registration::closed;
  start();
  EXPECT_EQ(get("/_matrix/client/v1/register/m.login.registration_token/validity?token=key").errcode(),
            "M_FORBIDDEN");
}

// ---- Limits of new accounts

class NewAccountTest : public HttpTest {
 protected:
  void SetUp() override {
    options.registration = Registration::open;
    HttpTest::SetUp();
  }
  Reply sign_up(std::string_view name, std::string_view password) {
    json::object const body{
        {"username", name}, {"password", password}, {"auth", {{"type", "m.login.dummy"}}}};
    return post("/_matrix/client/v3/register", "", json::serialize(body));
  }
};
INSTANTIATE_TEST_SUITE_P(Db, NewAccountTest, db::both_databases(), db::database_name);

TEST_P(NewAccountTest, NeedsAPasswordOfSomeLength) {
  options.password_length = 8;
  start();
  EXPECT_EQ(sign_up("bo", "seven77").errcode(), "M_WEAK_PASSWORD");
  EXPECT_EQ(sign_up("bo", "eight888").status, 200U);
  EXPECT_EQ(
      post("/_matrix/client/v3/account/password", token, R"({"new_password":"short",)" + auth("secret") + "}")
          .errcode(),
      "M_WEAK_PASSWORD");
}

TEST_P(NewAccountTest, IsRefusedWhenTheServerHasAsManyAsItMay) {
  options.most_accounts = 2;
  options.admin_contact = "mailto:it@kommun.example";
  start();
  EXPECT_EQ(sign_up("bo", "secret").status, 200U);
  auto const refused = sign_up("cleo", "secret");
  EXPECT_EQ(refused.status, 403U);
  EXPECT_EQ(refused.errcode(), "M_RESOURCE_LIMIT_EXCEEDED");
  EXPECT_EQ(refused.body.at("admin_contact").as_string(), "mailto:it@kommun.example");
}

TEST_P(NewAccountTest, GetsNoNameOfTheServersOwn) {
  options.reserved_names = {"notices"};
  start();
  EXPECT_EQ(sign_up("notices", "secret").errcode(), "M_USER_IN_USE");
  EXPECT_TRUE(run(runtime, identity->create_user({.localpart = "notices"})));
}

TEST_P(NewAccountTest, SaysThatItHasEndedToWhoProvedWhoTheyAre) {
  auto const made = post("/_matrix/client/v1/login/get_token", token, "{" + auth("secret") + "}");
  ASSERT_EQ(made.status, 200U);
  ASSERT_TRUE(run(runtime, identity->accounts().deactivate(anna)));
  json::object const body{{"type", "m.login.token"}, {"token", made.body.at("login_token")}};
  auto const refused = post("/_matrix/client/v3/login", "", json::serialize(body));
  EXPECT_EQ(refused.status, 403U);
  EXPECT_EQ(refused.errcode(), "M_USER_DEACTIVATED");
}

// ---- Guests

TEST_P(NewAccountTest, IsAGuestsOnlyWhereGuestsAreLetIn) {
  EXPECT_EQ(post("/_matrix/client/v3/register?kind=guest", "", "{}").errcode(), "M_GUEST_ACCESS_FORBIDDEN");
  EXPECT_EQ(post("/_matrix/client/v3/register?kind=bot", "", "{}").errcode(), "M_INVALID_PARAM");
  options.guests = Guests::allowed;
  start();
  auto const guest = post("/_matrix/client/v3/register?kind=guest", "", "{}");
  ASSERT_EQ(guest.status, 200U);
  auto const access = std::string(guest.body.at("access_token").as_string());
  EXPECT_TRUE(get("/_matrix/client/v3/account/whoami", access).body.at("is_guest").as_bool());
  EXPECT_FALSE(get("/_matrix/client/v3/account/whoami", token).body.at("is_guest").as_bool());
  restart();
  EXPECT_TRUE(get("/_matrix/client/v3/account/whoami", access).body.at("is_guest").as_bool());
}

TEST_P(NewAccountTest, OfAGuestMayDoWhatTheSpecificationLists) {
  options.guests = Guests::allowed;
  start();
  auto const guest = post("/_matrix/client/v3/register?kind=guest", "", "");
  auto const access = std::string(guest.body.at("access_token").as_string());
  auto const user = std::string(guest.body.at("user_id").as_string());
  EXPECT_EQ(
      put("/_matrix/client/v3/profile/" + user + "/displayname", access, R"({"displayname":"G"})").status,
      200U);
  EXPECT_EQ(get("/_matrix/client/v3/devices", access).status, 200U);
  EXPECT_EQ(put("/_matrix/client/v3/profile/" + user + "/avatar_url", access, R"({"avatar_url":"mxc://a/b"})")
                .errcode(),
            "M_GUEST_ACCESS_FORBIDDEN");
  EXPECT_EQ(put("/_matrix/client/v3/user/" + user + "/account_data/x", access, "{}").errcode(),
            "M_GUEST_ACCESS_FORBIDDEN");
  EXPECT_EQ(post("/_matrix/client/v3/user_directory/search", access, R"({"search_term":"a"})").errcode(),
            "M_GUEST_ACCESS_FORBIDDEN");
}

}  // namespace
}  // namespace torg::identity
