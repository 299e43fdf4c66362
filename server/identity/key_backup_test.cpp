#include "identity/testing.hpp"

namespace torg::identity {
namespace {

class KeyBackupTest : public HttpTest {
 protected:
  static constexpr std::string_view kVersion = "/_matrix/client/v3/room_keys/version";
  static constexpr std::string_view kKeys = "/_matrix/client/v3/room_keys/keys";

  std::string create() {
    auto const reply = post(std::string(kVersion), token, kDescription);
    EXPECT_EQ(reply.status, 200U);
    return std::string(reply.body.at("version").as_string());
  }
  static std::string key(int index, int forwarded, bool verified, std::string_view data = "x") {
    return json::serialize(json::object{{"first_message_index", index},
                                        {"forwarded_count", forwarded},
                                        {"is_verified", verified},
                                        {"session_data", {{"ciphertext", data}}}});
  }
  Reply put_key(std::string const& version, std::string const& path, std::string body) {
    return put(std::string(kKeys) + path + "?version=" + version, token, std::move(body));
  }
  Reply get_keys(std::string const& version, std::string const& path = "") {
    return get(std::string(kKeys) + path + "?version=" + version, token);
  }
  static constexpr auto kDescription =
      R"({"algorithm":"m.megolm_backup.v1.curve25519-aes-sha2","auth_data":{"public_key":"abc"}})";
};
INSTANTIATE_TEST_SUITE_P(Db, KeyBackupTest, db::both_databases(), db::database_name);

TEST_P(KeyBackupTest, HasNumberedVersionsOfWhichTheNewestIsShown) {
  EXPECT_EQ(get(std::string(kVersion), token).errcode(), "M_NOT_FOUND");
  EXPECT_EQ(create(), "1");
  EXPECT_EQ(create(), "2");
  auto const newest = get(std::string(kVersion), token).body;
  EXPECT_EQ(newest.at("version").as_string(), "2");
  EXPECT_EQ(newest.at("count").as_int64(), 0);
  EXPECT_EQ(newest.at("auth_data").at("public_key").as_string(), "abc");
  EXPECT_EQ(get(std::string(kVersion) + "/1", token).body.at("version").as_string(), "1");
  EXPECT_EQ(get(std::string(kVersion) + "/3", token).status, 404U);
  EXPECT_EQ(get(std::string(kVersion) + "/x", token).status, 404U);
}

TEST_P(KeyBackupTest, NeverGivesTheNumberOfADeletedVersionAgain) {
  create();
  EXPECT_EQ(call(net::Method::delete_, std::string(kVersion) + "/1", token).status, 200U);
  EXPECT_EQ(call(net::Method::delete_, std::string(kVersion) + "/1", token).status, 404U);
  EXPECT_EQ(get(std::string(kVersion), token).status, 404U);
  EXPECT_EQ(create(), "2");
}

TEST_P(KeyBackupTest, ChangesItsAuthDataButNotItsAlgorithm) {
  create();
  auto const path = std::string(kVersion) + "/1";
  EXPECT_EQ(put(path, token,
                R"({"algorithm":"m.megolm_backup.v1.curve25519-aes-sha2","auth_data":{"public_key":"new"}})")
                .status,
            200U);
  EXPECT_EQ(get(path, token).body.at("auth_data").at("public_key").as_string(), "new");
  EXPECT_EQ(put(path, token, R"({"algorithm":"other","auth_data":{}})").errcode(), "M_INVALID_PARAM");
  EXPECT_EQ(put(path, token, R"({"version":"2","algorithm":"other","auth_data":{}})").errcode(),
            "M_INVALID_PARAM");
  EXPECT_EQ(put(std::string(kVersion) + "/2", token, kDescription).status, 404U);
}

TEST_P(KeyBackupTest, GivesBackKeysOneByOneByRoomAndAll) {
  auto const version = create();
  auto const stored = put_key(version, "/!a:x/s1", key(1, 0, true, "one"));
  EXPECT_EQ(stored.body.at("count").as_int64(), 1);
  ASSERT_EQ(put_key(version, "/!a:x", R"({"sessions":{"s2":)" + key(2, 0, true) + "}}").status, 200U);
  ASSERT_EQ(put_key(version, "", R"({"rooms":{"!b:x":{"sessions":{"s3":)" + key(3, 0, false) + "}}}}")
                .body.at("count")
                .as_int64(),
            3);
  restart();
  EXPECT_EQ(get_keys(version, "/!a:x/s1").body.at("session_data").at("ciphertext").as_string(), "one");
  EXPECT_EQ(get_keys(version, "/!a:x").body.at("sessions").as_object().size(), 2U);
  auto const all = get_keys(version).body;
  EXPECT_EQ(all.at("rooms").as_object().size(), 2U);
  EXPECT_EQ(all.at("rooms").at("!b:x").at("sessions").at("s3").at("first_message_index").as_int64(), 3);
  EXPECT_EQ(get_keys(version, "/!a:x/s9").status, 404U);
  EXPECT_TRUE(get_keys(version, "/!c:x").body.at("sessions").as_object().empty());
}

TEST_P(KeyBackupTest, ReplacesAKeyByABetterOneOnly) {
  auto const version = create();
  auto const stored = [&] { return json::serialize(get_keys(version, "/!a:x/s").body); };
  auto const etag = [&](Reply const& reply) { return reply.body.at("etag").as_string(); };
  auto last = etag(put_key(version, "/!a:x/s", key(10, 5, false)));
  for (auto const& worse :
       {key(11, 5, false), key(10, 6, false), key(11, 6, false), key(10, 5, false, "y")}) {
    EXPECT_EQ(etag(put_key(version, "/!a:x/s", worse)), last);
    EXPECT_EQ(stored(), key(10, 5, false));
  }
  for (auto const& better : {key(10, 4, false), key(9, 8, false), key(20, 9, true), key(19, 9, true)}) {
    auto const next = etag(put_key(version, "/!a:x/s", better));
    EXPECT_NE(next, last);
    EXPECT_EQ(stored(), better);
    last = next;
  }
  put_key(version, "/!a:x/s", key(0, 0, false));
  EXPECT_EQ(stored(), key(19, 9, true)) << "a verified key stays";
  EXPECT_EQ(get(std::string(kVersion), token).body.at("count").as_int64(), 1);
}

TEST_P(KeyBackupTest, TakesKeysIntoItsNewestVersionOnly) {
  auto const old = create();
  auto const newest = create();
  auto const refused = put_key(old, "/!a:x/s", key(1, 1, true));
  EXPECT_EQ(refused.status, 403U);
  EXPECT_EQ(refused.errcode(), "M_WRONG_ROOM_KEYS_VERSION");
  EXPECT_EQ(refused.body.at("current_version").as_string(), newest);
  EXPECT_EQ(put(std::string(kKeys) + "/!a:x/s", token, key(1, 1, true)).errcode(), "M_MISSING_PARAM");
  EXPECT_EQ(put_key(newest, "/!a:x/s", R"({"first_message_index":1})").status, 400U);
  EXPECT_EQ(put_key(newest, "", R"({"rooms":{"!a:x":7}})").errcode(), "M_BAD_JSON");
}

TEST_P(KeyBackupTest, DeletesKeysAndCountsTheRest) {
  auto const version = create();
  for (auto const* path : {"/!a:x/s1", "/!a:x/s2", "/!b:x/s3"}) put_key(version, path, key(1, 1, true));
  auto const remove = [&](std::string const& path) {
    return call(net::Method::delete_, std::string(kKeys) + path + "?version=" + version, token)
        .body.at("count")
        .as_int64();
  };
  EXPECT_EQ(remove("/!a:x/s1"), 2);
  EXPECT_EQ(remove("/!b:x"), 1);
  EXPECT_EQ(remove(""), 0);
  EXPECT_EQ(get_keys("7").status, 404U);
}

TEST_P(KeyBackupTest, IsItsOwnersAlone) {
  auto const version = create();
  put_key(version, "/!a:x/s", key(1, 1, true));
  auto const bo = log_in(make_user("bo")).access_token;
  EXPECT_EQ(get(std::string(kKeys) + "?version=" + version, bo).status, 404U);
  EXPECT_EQ(get(std::string(kVersion), bo).status, 404U);
}

}  // namespace
}  // namespace torg::identity
