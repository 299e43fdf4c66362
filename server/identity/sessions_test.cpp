#include "identity/testing.hpp"

#include <fstream>

namespace torg::identity {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class SessionsTest : public IdentityTest {
 protected:
  [[nodiscard]] bool is_good(std::string const& token) const {
    return identity->authenticate(request_with(token)).has_value();
  }
};
INSTANTIATE_TEST_SUITE_P(Db, SessionsTest, db::both_databases(), db::database_name);

TEST_P(SessionsTest, KnowsTheBearerOfAToken) {
  auto const user = make_user("anna");
  auto const grant = log_in(user, "PHONE");
  auto const requester = identity->authenticate(request_with(grant.access_token));
  ASSERT_TRUE(requester);
  EXPECT_EQ(requester->user, user);
  EXPECT_EQ(requester->user_id, "@anna:torg.example");
  EXPECT_EQ(requester->device.value, "PHONE");
  EXPECT_NE(requester->session, 0);
}

TEST_P(SessionsTest, OfVeryManyDevicesTheOldestUnusedGoes) {
  auto const user = make_user("anna");
  // Names in order of time, for some are made in the same millisecond.
  auto const used = log_in(user, "A");
  EXPECT_TRUE(is_good(used.access_token));
  auto const unused = log_in(user, "B");
  for (int i = 2; i < 300; ++i) log_in(user, "C" + std::to_string(i));
  EXPECT_THAT(run(runtime, identity->sessions().devices(user)).value(), SizeIs(300));
  auto const newest = log_in(user, "D");
  EXPECT_THAT(run(runtime, identity->sessions().devices(user)).value(), SizeIs(300));
  EXPECT_TRUE(is_good(used.access_token));
  EXPECT_TRUE(is_good(newest.access_token));
  EXPECT_FALSE(is_good(unused.access_token));
  log_in(user, "D");
  EXPECT_THAT(run(runtime, identity->sessions().devices(user)).value(), SizeIs(300)) << "no new device";
}

TEST_P(SessionsTest, ShortensTheNamesOfDevices) {
  auto const user = make_user("anna");
  std::string long_name;
  for (int i = 0; i < 80; ++i) long_name += "å";
  ASSERT_TRUE(run(runtime, identity->sessions().open({.user = user,
                                                      .device_id = "PHONE",
                                                      .display_name = "x" + long_name,
                                                      .refresh = Refresh::unsupported})));
  auto const device = run(runtime, identity->sessions().device(user, DeviceId("PHONE"))).value();
  EXPECT_EQ(device.display_name, "x" + long_name.substr(0, 98)) << "no half characters";
}

TEST_P(SessionsTest, AcceptsATokenInTheQuery) {
  auto const grant = log_in(make_user("anna"));
  net::Request request;
  request.target = "/x?access_token=" + grant.access_token;
  EXPECT_TRUE(identity->authenticate(request));
}

TEST_P(SessionsTest, TellsAMissingTokenFromAnUnknownOne) {
  EXPECT_EQ(identity->authenticate({}).error().code, ErrorCode::missing_token);
  net::Request basic;
  basic.headers.emplace_back("authorization", "Basic abc");
  EXPECT_EQ(identity->authenticate(basic).error().code, ErrorCode::missing_token);
  EXPECT_EQ(identity->authenticate(request_with("nonsense")).error().code, ErrorCode::unknown_token);
}

TEST_P(SessionsTest, KeepsSessionsOverARestartWithoutStoringTokens) {
  auto const grant = log_in(make_user("anna"));
  restart();
  EXPECT_TRUE(is_good(grant.access_token));
  if (GetParam() != db::Database::Kind::sqlite) return;
  for (auto const& entry : std::filesystem::directory_iterator(database.files())) {
    std::ifstream file(entry.path(), std::ios::binary);
    std::string const bytes((std::istreambuf_iterator<char>(file)), {});
    EXPECT_EQ(bytes.find(grant.access_token), std::string::npos) << entry.path();
  }
}

TEST_P(SessionsTest, EndTheOlderOneOfTheSameDevice) {
  auto const user = make_user("anna");
  auto const older = log_in(user, "PHONE");
  auto const other = log_in(user, "LAPTOP");
  auto const newer = log_in(user, "PHONE");
  EXPECT_FALSE(is_good(older.access_token));
  EXPECT_TRUE(is_good(other.access_token));
  EXPECT_TRUE(is_good(newer.access_token));
  EXPECT_THAT(run(runtime, identity->sessions().devices(user)).value(), SizeIs(2));
}

TEST_P(SessionsTest, GiveDifferentDevicesToWhoNamesNone) {
  auto const user = make_user("anna");
  EXPECT_NE(log_in(user).device_id, log_in(user).device_id);
}

TEST_P(SessionsTest, EndWithTheirDevice) {
  auto const user = make_user("anna");
  auto const grant = log_in(user, "PHONE");
  auto const kept = log_in(user, "LAPTOP");
  std::vector<DeviceId> devices{DeviceId("PHONE"), DeviceId("NEVER-THERE")};
  ASSERT_TRUE(run(runtime, identity->sessions().remove_devices(user, devices)));
  EXPECT_FALSE(is_good(grant.access_token));
  EXPECT_TRUE(is_good(kept.access_token));
  restart();
  EXPECT_FALSE(is_good(grant.access_token));
  EXPECT_TRUE(is_good(kept.access_token));
}

TEST_P(SessionsTest, OfAnotherUserStayWhenADeviceOfTheSameNameGoes) {
  auto const anna = make_user("anna");
  auto const bo = make_user("bo");
  log_in(anna, "PHONE");
  auto const other = log_in(bo, "PHONE");
  ASSERT_TRUE(run(runtime, identity->sessions().remove_all_devices(anna)));
  EXPECT_TRUE(is_good(other.access_token));
  EXPECT_THAT(run(runtime, identity->sessions().devices(anna)).value(), IsEmpty());
}

TEST_P(SessionsTest, ExpireWhenTheyCanBeRefreshed) {
  options.access_token_lifetime = std::chrono::milliseconds(0);
  start();
  auto const grant = log_in(make_user("anna"), {}, Refresh::supported);
  auto const expired = identity->authenticate(request_with(grant.access_token));
  ASSERT_FALSE(expired);
  EXPECT_EQ(expired.error().code, ErrorCode::unknown_token);
  EXPECT_EQ(expired.error().detail, "soft_logout");
}

TEST_P(SessionsTest, LastWithoutARefreshToken) {
  options.access_token_lifetime = std::chrono::milliseconds(0);
  start();
  auto const grant = log_in(make_user("anna"));
  EXPECT_TRUE(is_good(grant.access_token));
  EXPECT_FALSE(grant.refresh_token);
  EXPECT_FALSE(grant.expires_in);
}

TEST_P(SessionsTest, GetNewTokensByRefreshing) {
  auto const old = log_in(make_user("anna"), "PHONE", Refresh::supported);
  auto const renewed = run(runtime, identity->sessions().refresh(*old.refresh_token));
  ASSERT_TRUE(renewed);
  EXPECT_EQ(renewed->device_id, "PHONE");
  EXPECT_FALSE(is_good(old.access_token));
  EXPECT_TRUE(is_good(renewed->access_token));
  restart();
  EXPECT_TRUE(is_good(renewed->access_token));
}

TEST_P(SessionsTest, CanBeRefreshedAgainWhenTheAnswerWasLost) {
  auto const old = log_in(make_user("anna"), "PHONE", Refresh::supported);
  ASSERT_TRUE(run(runtime, identity->sessions().refresh(*old.refresh_token)));
  auto const repeated = run(runtime, identity->sessions().refresh(*old.refresh_token));
  ASSERT_TRUE(repeated);
  EXPECT_TRUE(is_good(repeated->access_token));
  EXPECT_FALSE(run(runtime, identity->sessions().refresh(*old.refresh_token)))
      << "the new token was used by now";
  EXPECT_TRUE(run(runtime, identity->sessions().refresh(*repeated->refresh_token)));
}

TEST_P(SessionsTest, AreNotRefreshedByStrangers) {
  auto const grant = log_in(make_user("anna"), "PHONE", Refresh::supported);
  EXPECT_EQ(run(runtime, identity->sessions().refresh("nonsense")).error().code, ErrorCode::unknown_token);
  EXPECT_EQ(run(runtime, identity->sessions().refresh(grant.access_token)).error().code,
            ErrorCode::unknown_token);
  ASSERT_TRUE(run(runtime, identity->sessions().remove_all_devices(grant.user)));
  EXPECT_EQ(run(runtime, identity->sessions().refresh(*grant.refresh_token)).error().code,
            ErrorCode::unknown_token);
}

TEST_P(SessionsTest, RefuseAnEndlessDeviceId) {
  auto const user = make_user("anna");
  auto const refused =
      run(runtime,
          identity->sessions().open({.user = user, .device_id = std::string(256, 'D'), .display_name = {}}));
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_param);
}

}  // namespace
}  // namespace torg::identity
