// Accounts beyond logging in: names, login tokens, locks, suspension, addresses, dehydrated devices.
#include "identity/testing.hpp"

namespace torg::identity {
namespace {

class AccountHttpTest : public HttpTest {
 protected:
  std::string administrator() {
    auto const user =
        run(runtime,
            identity->create_user(
                {.localpart = "root", .password = "secret", .displayname = {}, .role = Role::administrator}));
    return log_in(*user).access_token;
  }
  Reply restrict(std::string const& admin, std::string_view what, bool on, std::string_view user = kAnna) {
    return put("/_matrix/client/v1/admin/" + std::string(what == "locked" ? "lock/" : "suspend/") +
                   std::string(user),
               admin, json::serialize(json::object{{what, on}}));
  }
  static constexpr std::string_view kAnna = "@anna:torg.example";
};
INSTANTIATE_TEST_SUITE_P(Db, AccountHttpTest, db::both_databases(), db::database_name);

TEST_P(AccountHttpTest, ReadsCapitalsInUserNamesAsSmallLetters) {
  options.registration = Registration::open;
  start();
  auto const made = post("/_matrix/client/v3/register", "",
                         R"({"username":"BoBerg","password":"pw","auth":{"type":"m.login.dummy"}})");
  EXPECT_EQ(made.body.at("user_id").as_string(), "@boberg:torg.example");
  EXPECT_EQ(post("/_matrix/client/v3/login", "", login_body("ANNA", "secret")).status, 200U);
  EXPECT_EQ(post("/_matrix/client/v3/login", "", login_body("@Anna:torg.example", "secret")).status, 200U);
  EXPECT_EQ(get("/_matrix/client/v3/register/available?username=ANNA").errcode(), "M_USER_IN_USE");
}

TEST_P(AccountHttpTest, LogsInAnotherDeviceByATokenOnce) {
  constexpr auto kPath = "/_matrix/client/v1/login/get_token";
  EXPECT_EQ(post(kPath, token, "{}").status, 401U);
  auto const made = post(kPath, token, "{" + auth("secret") + "}");
  ASSERT_EQ(made.status, 200U);
  EXPECT_EQ(made.body.at("expires_in_ms").as_int64(), 120'000);
  auto const body = json::serialize(
      json::object{{"type", "m.login.token"}, {"token", made.body.at("login_token")}, {"device_id", "TV"}});
  auto const login = post("/_matrix/client/v3/login", "", body);
  EXPECT_EQ(login.body.at("user_id").as_string(), kAnna);
  EXPECT_EQ(login.body.at("device_id").as_string(), "TV");
  EXPECT_EQ(post("/_matrix/client/v3/login", "", body).errcode(), "M_FORBIDDEN");
}

TEST_P(AccountHttpTest, GoesOnInTheSessionThatTheChallengeNamed) {
  auto const first = post("/_matrix/client/v3/account/password", token, R"({"new_password":"new"})");
  std::string const session(first.body.at("session").as_string());
  auto body = object("{" + auth("wrong") + "}");
  body["auth"].as_object()["session"] = session;
  body["new_password"] = "new";
  auto const second = post("/_matrix/client/v3/account/password", token, json::serialize(body));
  EXPECT_EQ(second.body.at("session").as_string(), session);
  EXPECT_NE(post("/_matrix/client/v3/account/deactivate", token, json::serialize(body))
                .body.at("session")
                .as_string(),
            session)
      << "a session is for one operation";
}

TEST_P(AccountHttpTest, ALockedAccountMayLogOutAndNothingElse) {
  auto const admin = administrator();
  ASSERT_EQ(restrict(admin, "locked", true).body.at("locked").as_bool(), true);
  restart();
  auto const refused = get("/_matrix/client/v3/account/whoami", token);
  EXPECT_EQ(refused.status, 401U);
  EXPECT_EQ(refused.errcode(), "M_USER_LOCKED");
  EXPECT_TRUE(refused.body.at("soft_logout").as_bool());
  EXPECT_EQ(post("/_matrix/client/v3/login", "", login_body("anna", "secret")).errcode(), "M_USER_LOCKED");
  ASSERT_EQ(restrict(admin, "locked", false).status, 200U);
  EXPECT_EQ(get("/_matrix/client/v3/account/whoami", token).status, 200U) << "the session has survived";
  ASSERT_EQ(restrict(admin, "locked", true).status, 200U);
  EXPECT_EQ(post("/_matrix/client/v3/logout", token, "{}").status, 200U);
}

TEST_P(AccountHttpTest, ASuspendedAccountMayReadButNotChangeItsProfile) {
  auto const admin = administrator();
  constexpr auto kName = "/_matrix/client/v3/profile/@anna:torg.example/displayname";
  ASSERT_EQ(restrict(admin, "suspended", true).status, 200U);
  EXPECT_EQ(get("/_matrix/client/v1/admin/suspend/@anna:torg.example", admin).body.at("suspended"), true);
  EXPECT_EQ(get("/_matrix/client/v3/account/whoami", token).status, 200U);
  EXPECT_EQ(put(kName, token, R"({"displayname":"A"})").errcode(), "M_USER_SUSPENDED");
  ASSERT_EQ(restrict(admin, "suspended", false).status, 200U);
  EXPECT_EQ(put(kName, token, R"({"displayname":"A"})").status, 200U);
}

TEST_P(AccountHttpTest, OnlyAdministratorsRestrictAndOnlyOrdinaryPeople) {
  auto const admin = administrator();
  EXPECT_EQ(restrict(token, "locked", true, "@nobody:torg.example").status, 403U);
  EXPECT_EQ(restrict(admin, "locked", true, "@root:torg.example").errcode(), "M_FORBIDDEN");
  EXPECT_EQ(restrict(admin, "locked", true, "@nobody:torg.example").errcode(), "M_NOT_FOUND");
  EXPECT_EQ(restrict(admin, "locked", true, "@anna:other.example").errcode(), "M_INVALID_PARAM");
}

TEST_P(AccountHttpTest, KeepsNoAddressesAndSaysSo) {
  EXPECT_TRUE(get("/_matrix/client/v3/account/3pid", token).body.at("threepids").as_array().empty());
  EXPECT_EQ(post("/_matrix/client/v3/account/3pid/add", token, "{}").errcode(), "M_THREEPID_DENIED");
  EXPECT_EQ(post("/_matrix/client/v3/account/3pid/bind", token, "{}").errcode(), "M_THREEPID_DENIED");
  EXPECT_EQ(post("/_matrix/client/v3/account/3pid/email/requestToken", "", "{}").errcode(),
            "M_THREEPID_DENIED");
  EXPECT_EQ(post("/_matrix/client/v3/account/password/email/requestToken", "", "{}").errcode(),
            "M_THREEPID_NOT_FOUND");
  auto const removed = post("/_matrix/client/v3/account/3pid/delete", token,
                            R"({"medium":"email","address":"anna@x.example"})");
  EXPECT_EQ(removed.body.at("id_server_unbind_result").as_string(), "no-support");
}

TEST_P(AccountHttpTest, EndsWithEverythingThatWasKeptForItAlone) {
  ASSERT_EQ(put("/_matrix/client/v3/user/@anna:torg.example/account_data/x", token, R"({"a":1})").status,
            200U);
  ASSERT_EQ(post("/_matrix/client/v3/room_keys/version", token, R"({"algorithm":"a","auth_data":{}})").status,
            200U);
  ASSERT_EQ(
      post("/_matrix/client/v3/account/deactivate", token, R"({"erase":true,)" + auth("secret") + "}").status,
      200U);
  EXPECT_EQ(run(runtime, identity->account_data().get(anna, "", "x")).error().code, ErrorCode::not_found);
  EXPECT_EQ(run(runtime, identity->key_backup().version(anna, 0)).error().code, ErrorCode::not_found);
}

class DehydratedHttpTest : public AccountHttpTest {
 protected:
  static constexpr auto kPath = "/_matrix/client/unstable/org.matrix.msc3814.v1/dehydrated_device";
  static std::string body(std::string_view id) {
    return json::serialize(
        json::object{{"device_id", id},
                     {"initial_device_display_name", "Asleep"},
                     {"device_data", {{"algorithm", "m.dehydration.v2"}, {"device_pickle", "p"}}},
                     {"device_keys",
                      {{"user_id", kAnna},
                       {"device_id", id},
                       {"algorithms", json::array{"m.olm"}},
                       {"keys", {{"ed25519:" + std::string(id), "abc"}}},
                       {"signatures", json::object{}}}},
                     {"one_time_keys", {{"signed_curve25519:A", {{"key", "1"}}}}}});
  }
};
INSTANTIATE_TEST_SUITE_P(Db, DehydratedHttpTest, db::both_databases(), db::database_name);

TEST_P(DehydratedHttpTest, IsKeptAndGivenBack) {
  EXPECT_EQ(get(kPath, token).errcode(), "M_NOT_FOUND");
  ASSERT_EQ(put(kPath, token, body("ASLEEP")).body.at("device_id").as_string(), "ASLEEP");
  restart();
  auto const kept = get(kPath, token).body;
  EXPECT_EQ(kept.at("device_id").as_string(), "ASLEEP");
  EXPECT_EQ(kept.at("device_data").at("device_pickle").as_string(), "p");
  auto const keys =
      post("/_matrix/client/v3/keys/query", token, R"({"device_keys":{"@anna:torg.example":[]}})");
  EXPECT_TRUE(keys.body.at("device_keys").at(kAnna).as_object().contains("ASLEEP"));
}

TEST_P(DehydratedHttpTest, TakesThePlaceOfTheOneBefore) {
  ASSERT_EQ(put(kPath, token, body("ONE")).status, 200U);
  ASSERT_EQ(put(kPath, token, body("TWO")).status, 200U);
  EXPECT_EQ(get(kPath, token).body.at("device_id").as_string(), "TWO");
  EXPECT_EQ(get("/_matrix/client/v3/devices/ONE", token).status, 404U);
  EXPECT_EQ(get("/_matrix/client/v3/devices/TWO", token).status, 200U);
}

TEST_P(DehydratedHttpTest, IsNoDeviceInUse) {
  EXPECT_EQ(put(kPath, token, body("PHONE")).errcode(), "M_INVALID_PARAM");
  EXPECT_EQ(get("/_matrix/client/v3/account/whoami", token).status, 200U);
}

TEST_P(DehydratedHttpTest, GoesWithItsKeys) {
  ASSERT_EQ(put(kPath, token, body("ASLEEP")).status, 200U);
  ASSERT_EQ(call(net::Method::delete_, kPath, token).body.at("device_id").as_string(), "ASLEEP");
  EXPECT_EQ(get(kPath, token).status, 404U);
  EXPECT_EQ(call(net::Method::delete_, kPath, token).status, 404U);
  auto const claimed = post("/_matrix/client/v3/keys/claim", token,
                            R"({"one_time_keys":{"@anna:torg.example":{"ASLEEP":"signed_curve25519"}}})");
  EXPECT_TRUE(claimed.body.at("one_time_keys").as_object().empty());
}

}  // namespace
}  // namespace torg::identity
