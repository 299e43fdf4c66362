#include "identity/testing.hpp"

namespace torg::identity {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

class DeviceKeysTest : public IdentityTest {
 protected:
  void SetUp() override {
    IdentityTest::SetUp();
    anna = requester_of("anna", "PHONE");
    bo = requester_of("bo", "LAPTOP");
  }
  Requester requester_of(std::string name, std::string device) {
    auto const grant = log_in(make_user(std::move(name)), std::move(device));
    return identity->authenticate(request_with(grant.access_token)).value();
  }
  Result<KeyCounts> upload(Requester const& who, std::string_view body) {
    return run(runtime, identity->device_keys().upload(who, object(body)));
  }
  json::object query(Requester const& who, std::string_view user_id) {
    json::object const body{{"device_keys", {{user_id, json::array()}}}};
    return run(runtime, identity->device_keys().query(who.user, body)).value();
  }
  std::string claim(std::string_view algorithm = "signed_curve25519") {
    json::object const body{{"one_time_keys", {{"@anna:torg.example", {{"PHONE", algorithm}}}}}};
    auto const answer = run(runtime, identity->device_keys().claim(body)).value();
    auto const& users = answer.at("one_time_keys").as_object();
    if (users.empty()) return "none";
    return json::serialize(users.at("@anna:torg.example").at("PHONE"));
  }
  /// The body that gives Anna's phone identity keys.
  static constexpr std::string_view kIdentityKeys =
      R"({"device_keys":{"user_id":"@anna:torg.example","device_id":"PHONE","algorithms":["m.olm"],)"
      R"("keys":{"ed25519:PHONE":"abc"},"signatures":{"@anna:torg.example":{"ed25519:PHONE":"sig"}}}})";
  Requester anna, bo;
};
INSTANTIATE_TEST_SUITE_P(Db, DeviceKeysTest, db::both_databases(), db::database_name);

TEST_P(DeviceKeysTest, AreShownAsUploadedWithTheNameOfTheDevice) {
  ASSERT_TRUE(upload(anna, kIdentityKeys));
  ASSERT_TRUE(run(runtime, identity->sessions().rename_device(anna.user, anna.device, "Anna's phone")));
  auto const answer = query(bo, "@anna:torg.example");
  auto const& phone = answer.at("device_keys").at("@anna:torg.example").at("PHONE");
  EXPECT_EQ(phone.at("keys").at("ed25519:PHONE").as_string(), "abc");
  EXPECT_EQ(phone.at("signatures").at("@anna:torg.example").at("ed25519:PHONE").as_string(), "sig");
  EXPECT_EQ(phone.at("unsigned").at("device_display_name").as_string(), "Anna's phone");
}

TEST_P(DeviceKeysTest, AreLeftOutForUnknownUsers) {
  auto const answer = query(bo, "@nobody:torg.example");
  EXPECT_TRUE(answer.at("device_keys").as_object().empty());
}

TEST_P(DeviceKeysTest, MustBelongToTheDeviceThatUploadsThem) {
  EXPECT_EQ(upload(bo, kIdentityKeys).error().code, ErrorCode::invalid_param);
  auto laptop = requester_of("carl", "PHONE");
  EXPECT_EQ(upload(laptop, kIdentityKeys).error().code, ErrorCode::invalid_param);
}

TEST_P(DeviceKeysTest, CountAsAChangeOnlyWhenTheyDiffer) {
  std::vector<UserNid> changed;
  identity->device_keys().observe([&](DeviceListChange const& change) { changed.push_back(change.user); });
  ASSERT_TRUE(upload(anna, kIdentityKeys));
  auto const position = identity->device_keys().last_change(anna.user);
  ASSERT_TRUE(upload(anna, kIdentityKeys));
  EXPECT_THAT(changed, ElementsAre(anna.user));
  EXPECT_EQ(identity->device_keys().last_change(anna.user), position);
  restart();
  EXPECT_EQ(identity->device_keys().last_change(anna.user), position);
}

TEST_P(DeviceKeysTest, OfOneTimeAreClaimedOnceInTheOrderOfTheirUpload) {
  ASSERT_TRUE(upload(anna, R"({"one_time_keys":{"signed_curve25519:Z":{"key":"1"}}})"));
  auto const counts =
      upload(anna, R"({"one_time_keys":{"signed_curve25519:A":{"key":"2"},"curve25519:C":"3"}})");
  EXPECT_THAT(counts->one_time, ElementsAre(Pair("curve25519", 1), Pair("signed_curve25519", 2)));
  EXPECT_EQ(claim(), R"({"signed_curve25519:Z":{"key":"1"}})");
  restart();
  EXPECT_EQ(claim(), R"({"signed_curve25519:A":{"key":"2"}})");
  EXPECT_EQ(claim(), "none");
  EXPECT_EQ(claim("curve25519"), R"({"curve25519:C":"3"})");
}

TEST_P(DeviceKeysTest, OfOneTimeMayBeSentAgainButNotChanged) {
  constexpr auto kKey = R"({"one_time_keys":{"signed_curve25519:A":{"key":"1"}}})";
  ASSERT_TRUE(upload(anna, kKey));
  EXPECT_TRUE(upload(anna, kKey));
  auto const changed =
      upload(anna, R"({"one_time_keys":{"x:B":{"key":"1"},"signed_curve25519:A":{"key":"2"}}})");
  EXPECT_EQ(changed.error().code, ErrorCode::invalid_param);
  auto const counts = run(runtime, identity->device_keys().counts(anna.user, anna.device)).value();
  EXPECT_THAT(counts.one_time, ElementsAre(Pair("signed_curve25519", 1)));
}

TEST_P(DeviceKeysTest, FallBackAgainAndAgainWhenTheOthersAreUsedUp) {
  ASSERT_TRUE(upload(anna, R"({"one_time_keys":{"signed_curve25519:A":{"key":"1"}},)"
                           R"("fallback_keys":{"signed_curve25519:F":{"key":"f","fallback":true}}})"));
  auto const unused = [&] {
    return run(runtime, identity->device_keys().counts(anna.user, anna.device))->unused_fallback;
  };
  EXPECT_THAT(unused(), ElementsAre("signed_curve25519"));
  EXPECT_EQ(claim(), R"({"signed_curve25519:A":{"key":"1"}})");
  EXPECT_THAT(unused(), ElementsAre("signed_curve25519"));
  for (int i = 0; i < 2; ++i) EXPECT_EQ(claim(), R"({"signed_curve25519:F":{"key":"f","fallback":true}})");
  EXPECT_THAT(unused(), ElementsAre());
  ASSERT_TRUE(upload(anna, R"({"fallback_keys":{"signed_curve25519:G":{"key":"g"}}})"));
  EXPECT_THAT(unused(), ElementsAre("signed_curve25519"));
}

TEST_P(DeviceKeysTest, GoWithTheirDevice) {
  ASSERT_TRUE(upload(anna, kIdentityKeys));
  ASSERT_TRUE(upload(anna, R"({"one_time_keys":{"signed_curve25519:A":{"key":"1"}}})"));
  auto const before = identity->device_keys().last_change(anna.user);
  ASSERT_TRUE(run(runtime, identity->sessions().remove_all_devices(anna.user)));
  EXPECT_TRUE(query(bo, "@anna:torg.example").at("device_keys").at("@anna:torg.example").as_object().empty());
  EXPECT_EQ(claim(), "none");
  EXPECT_GT(identity->device_keys().last_change(anna.user), before);
}

TEST_P(DeviceKeysTest, NeedAlgorithmsKeysAndSignatures) {
  for (auto const* field : {"algorithms", "keys", "signatures"}) {
    auto body = object(kIdentityKeys);
    body["device_keys"].as_object().erase(field);
    EXPECT_EQ(upload(anna, json::serialize(body)).error().code, ErrorCode::bad_json) << field;
  }
  EXPECT_EQ(upload(anna, R"({"device_keys":[]})").error().code, ErrorCode::bad_json);
}

TEST_P(DeviceKeysTest, AreAskedForByAListOfDevices) {
  auto const answer = run(runtime, identity->device_keys().query(
                                       bo.user, object(R"({"device_keys":{"@anna:torg.example":{}}})")));
  EXPECT_EQ(answer.error().code, ErrorCode::bad_json);
}

TEST_P(DeviceKeysTest, OfOneTimeSentAgainMayHaveTheirMembersInAnotherOrder) {
  ASSERT_TRUE(upload(anna, R"({"one_time_keys":{"signed_curve25519:A":{"key":"1","signatures":{}}}})"));
  EXPECT_TRUE(upload(anna, R"({"one_time_keys":{"signed_curve25519:A":{"signatures":{},"key":"1"}}})"));
}

TEST_P(DeviceKeysTest, CountsFollowUploadsAndClaims) {
  auto const count = [&] {
    auto const counts = run(runtime, identity->device_keys().counts(anna.user, anna.device)).value();
    return counts_body(counts).at("signed_curve25519").as_int64();
  };
  EXPECT_EQ(count(), 0) << "said even before the first upload";
  ASSERT_TRUE(upload(anna, R"({"one_time_keys":{"signed_curve25519:A":{"key":"1"}}})"));
  EXPECT_EQ(count(), 1);
  claim();
  EXPECT_EQ(count(), 0);
}

}  // namespace
}  // namespace torg::identity
