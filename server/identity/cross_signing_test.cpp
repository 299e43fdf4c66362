#include "base/encoding.hpp"
#include "identity/testing.hpp"
#include "matrix/event/canonical.hpp"

namespace torg::identity {
namespace {

constexpr std::string_view kAnna = "@anna:torg.example";
constexpr std::string_view kBo = "@bo:torg.example";

/// A key pair of a client, known by a number.
class Key {
 public:
  explicit Key(unsigned char number) : pair_(crypto::SigningKey::from_seed(seed(number))) {}

  [[nodiscard]] std::string base64() const { return text(pair_.public_key()); }
  [[nodiscard]] std::string id() const { return "ed25519:" + base64(); }
  /// Adds this key's signature to `object`.
  void sign(json::object& object, std::string_view user_id, std::string_view key_id) const {
    auto plain = object;
    plain.erase("signatures");
    auto& all = object["signatures"];
    if (!all.is_object()) all.emplace_object();
    auto& own = all.as_object()[user_id];
    if (!own.is_object()) own.emplace_object();
    own.as_object()[key_id] = text(pair_.sign(matrix::canonical_json(plain).value()));
  }

 private:
  static std::array<unsigned char, 32> seed(unsigned char number) {
    std::array<unsigned char, 32> bytes{};
    bytes.fill(number);
    return bytes;
  }
  template <class Bytes>
  static std::string text(Bytes const& bytes) {
    return base64_encode({reinterpret_cast<char const*>(bytes.data()), bytes.size()}, Base64::standard);
  }
  crypto::SigningKey pair_;
};

json::object cross_signing_key(std::string_view user_id, std::string_view usage, Key const& key) {
  return {{"user_id", user_id}, {"usage", json::array{usage}}, {"keys", {{key.id(), key.base64()}}}};
}

class CrossSigningTest : public HttpTest {
 protected:
  void SetUp() override {
    HttpTest::SetUp();
    bo = log_in(make_user("bo"), "LAPTOP").access_token;
  }
  /// All three keys of a user, the lower ones signed by the master key.
  static json::object keys_of(std::string_view user_id, Key const& master, Key const& self, Key const& user) {
    json::object body{{"master_key", cross_signing_key(user_id, "master", master)},
                      {"self_signing_key", cross_signing_key(user_id, "self_signing", self)},
                      {"user_signing_key", cross_signing_key(user_id, "user_signing", user)}};
    for (auto const* field : {"self_signing_key", "user_signing_key"})
      master.sign(body[field].as_object(), user_id, master.id());
    return body;
  }
  [[nodiscard]] json::object annas_keys() const { return keys_of(kAnna, master, self, user_signing); }
  [[nodiscard]] json::object phone() const {
    json::object keys{{"user_id", kAnna},
                      {"device_id", "PHONE"},
                      {"algorithms", json::array{"m.olm.v1.curve25519-aes-sha2"}},
                      {"keys", {{"ed25519:PHONE", device.base64()}}}};
    device.sign(keys, kAnna, "ed25519:PHONE");
    return keys;
  }
  Reply upload(json::object const& body, std::string const& who) {
    return post("/_matrix/client/v3/keys/device_signing/upload", who, json::serialize(body));
  }
  Reply sign(std::string_view user_id, std::string_view key_id, json::object const& signed_key,
             std::string const& who) {
    return post("/_matrix/client/v3/keys/signatures/upload", who,
                json::serialize(json::object{{user_id, {{key_id, signed_key}}}}));
  }
  json::object query(std::string const& who) {
    return post("/_matrix/client/v3/keys/query", who,
                R"({"device_keys":{"@anna:torg.example":[],"@bo:torg.example":[]}})")
        .body;
  }
  static json::object with_password(json::object body) {
    body["auth"] = object("{" + auth("secret") + "}").at("auth");
    return body;
  }

  Key master{1}, self{2}, user_signing{3}, device{4}, stranger{5};
  std::string bo;
};
INSTANTIATE_TEST_SUITE_P(Db, CrossSigningTest, db::both_databases(), db::database_name);

TEST_P(CrossSigningTest, TakesTheFirstKeysAndTheSameAgainWithoutAPassword) {
  EXPECT_EQ(upload(annas_keys(), token).status, 200U);
  EXPECT_EQ(upload(annas_keys(), token).status, 200U);
}

TEST_P(CrossSigningTest, WantsAPasswordForAnotherMasterKey) {
  ASSERT_EQ(upload(annas_keys(), token).status, 200U);
  auto const others = keys_of(kAnna, stranger, self, user_signing);
  auto const challenge = upload(others, token);
  EXPECT_EQ(challenge.status, 401U);
  EXPECT_TRUE(challenge.body.contains("flows"));
  EXPECT_EQ(upload(with_password(others), token).status, 200U);
  EXPECT_TRUE(query(token).at("master_keys").at(kAnna).at("keys").as_object().contains(stranger.id()));
}

TEST_P(CrossSigningTest, WantsAPasswordForAnAddedKey) {
  auto keys = annas_keys();
  ASSERT_EQ(upload({{"master_key", keys.at("master_key")}}, token).status, 200U);
  json::object const added{{"self_signing_key", keys.at("self_signing_key")}};
  EXPECT_EQ(upload(added, token).status, 401U);
  EXPECT_EQ(upload(with_password(added), token).status, 200U);
}

TEST_P(CrossSigningTest, ANewMasterKeyEndsWhatTheOldOneSigned) {
  ASSERT_EQ(upload(annas_keys(), token).status, 200U);
  auto const others = keys_of(kAnna, stranger, self, user_signing);
  json::object const only_master{{"master_key", others.at("master_key")}};
  ASSERT_EQ(upload(with_password(only_master), token).status, 200U);
  EXPECT_FALSE(query(token).contains("self_signing_keys"));
}

TEST_P(CrossSigningTest, RefusesKeysThatTheMasterKeyHasNotSigned) {
  auto keys = annas_keys();
  keys["self_signing_key"].as_object().erase("signatures");
  stranger.sign(keys["self_signing_key"].as_object(), kAnna, master.id());
  EXPECT_EQ(upload(keys, token).errcode(), "M_INVALID_SIGNATURE");
}

TEST_P(CrossSigningTest, NeedsAMasterKeyFirst) {
  auto const keys = annas_keys();
  EXPECT_EQ(upload({{"self_signing_key", keys.at("self_signing_key")}}, token).errcode(), "M_MISSING_PARAM");
  EXPECT_EQ(upload({}, token).errcode(), "M_MISSING_PARAM");
}

TEST_P(CrossSigningTest, RefusesKeysOfSomebodyElseOrOfAnotherUse) {
  EXPECT_EQ(upload(annas_keys(), bo).errcode(), "M_INVALID_PARAM");
  EXPECT_EQ(upload({{"master_key", cross_signing_key(kAnna, "self_signing", master)}}, token).errcode(),
            "M_INVALID_PARAM");
}

TEST_P(CrossSigningTest, ShowsTheUserSigningKeyToItsOwnerOnly) {
  ASSERT_EQ(upload(annas_keys(), token).status, 200U);
  EXPECT_TRUE(query(token).contains("user_signing_keys"));
  auto const others = query(bo);
  EXPECT_TRUE(others.contains("master_keys"));
  EXPECT_FALSE(others.contains("user_signing_keys"));
}

TEST_P(CrossSigningTest, ShowsASignedDeviceToAll) {
  ASSERT_EQ(upload(annas_keys(), token).status, 200U);
  auto keys = phone();
  ASSERT_EQ(
      post("/_matrix/client/v3/keys/upload", token, json::serialize(json::object{{"device_keys", keys}}))
          .status,
      200U);
  self.sign(keys, kAnna, self.id());
  auto const reply = sign(kAnna, "PHONE", keys, token);
  EXPECT_TRUE(reply.body.at("failures").as_object().empty()) << json::serialize(reply.body);
  auto const answer = query(bo);
  auto const& made = answer.at("device_keys").at(kAnna).at("PHONE").at("signatures").at(kAnna).as_object();
  EXPECT_TRUE(made.contains(self.id()));
  EXPECT_TRUE(made.contains("ed25519:PHONE"));
}

TEST_P(CrossSigningTest, KeepsADevicesSignatureOfTheMasterKey) {
  auto keys = annas_keys();
  ASSERT_EQ(upload(keys, token).status, 200U);
  ASSERT_EQ(
      post("/_matrix/client/v3/keys/upload", token, json::serialize(json::object{{"device_keys", phone()}}))
          .status,
      200U);
  auto& master_key = keys["master_key"].as_object();
  device.sign(master_key, kAnna, "ed25519:PHONE");
  EXPECT_TRUE(sign(kAnna, master.base64(), master_key, token).body.at("failures").as_object().empty());
  EXPECT_TRUE(
      query(bo).at("master_keys").at(kAnna).at("signatures").at(kAnna).as_object().contains("ed25519:PHONE"));
}

TEST_P(CrossSigningTest, ShowsASignatureOfAnothersMasterKeyToItsSignerOnly) {
  ASSERT_EQ(upload(annas_keys(), token).status, 200U);
  Key const bos_master{11}, bos_self{12}, bos_user{13};
  auto bos = keys_of(kBo, bos_master, bos_self, bos_user);
  ASSERT_EQ(upload(bos, bo).status, 200U);
  auto& master_key = bos["master_key"].as_object();
  user_signing.sign(master_key, kAnna, user_signing.id());
  EXPECT_TRUE(sign(kBo, bos_master.base64(), master_key, token).body.at("failures").as_object().empty());
  auto const seen = [&](std::string const& who) {
    auto const answer = query(who);
    auto const* signatures = optional_object(answer.at("master_keys").at(kBo).as_object(), "signatures");
    return signatures != nullptr && signatures->contains(kAnna);
  };
  EXPECT_TRUE(seen(token));
  EXPECT_FALSE(seen(bo));
}

TEST_P(CrossSigningTest, SaysWhichSignaturesDoNotHoldAndWhichKeysAreNotThere) {
  auto keys = annas_keys();
  ASSERT_EQ(upload(keys, token).status, 200U);
  auto forged = phone();
  ASSERT_EQ(
      post("/_matrix/client/v3/keys/upload", token, json::serialize(json::object{{"device_keys", phone()}}))
          .status,
      200U);
  stranger.sign(forged, kAnna, self.id());
  auto const errcode = [](Reply const& reply, std::string_view user, std::string_view key) {
    return std::string(reply.body.at("failures").at(user).at(key).at("errcode").as_string());
  };
  EXPECT_EQ(errcode(sign(kAnna, "PHONE", forged, token), kAnna, "PHONE"), "M_INVALID_SIGNATURE");
  EXPECT_EQ(errcode(sign(kAnna, "NONE", forged, token), kAnna, "NONE"), "M_NOT_FOUND");
  EXPECT_EQ(errcode(sign(kBo, "X", forged, token), kBo, "X"), "M_NOT_FOUND");
}

}  // namespace
}  // namespace torg::identity
