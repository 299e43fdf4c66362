// What a server refuses of sliding syncs.
#include "sliding_fixture.hpp"

namespace torg::testing {
namespace {

struct BadRequest {
  char const* name;
  char const* body;
  char const* errcode;
};
class BadSlidingSync : public ::testing::TestWithParam<BadRequest> {
 protected:
  TestServer server;
  std::string alice = server.sign_up("alice");
};

TEST_P(BadSlidingSync, IsRefusedWithAClearError) {
  auto const reply = server.post("/_matrix/client/unstable/org.matrix.simplified_msc3575/sync", alice,
                                 *parse_json(GetParam().body));
  EXPECT_EQ(reply.status, 400U) << json::serialize(reply.body);
  EXPECT_EQ(reply.errcode(), GetParam().errcode);
}

constexpr BadRequest kBadRequests[] = {
    {"ListsThatAreNoObject", R"({"lists":[]})", "M_BAD_JSON"},
    {"AListThatIsNoObject", R"({"lists":{"a":1}})", "M_BAD_JSON"},
    {"NoTimelineLimit", R"({"lists":{"a":{}}})", "M_MISSING_PARAM"},
    {"ANegativeTimelineLimit", R"({"lists":{"a":{"timeline_limit":-1}}})", "M_INVALID_PARAM"},
    {"ATimelineLimitThatIsNoNumber", R"({"lists":{"a":{"timeline_limit":"1"}}})", "M_BAD_JSON"},
    {"ARangeThatEndsBeforeItBegins", R"({"lists":{"a":{"timeline_limit":1,"ranges":[[5,2]]}}})",
     "M_INVALID_PARAM"},
    {"ANegativeRange", R"({"lists":{"a":{"timeline_limit":1,"ranges":[[-1,2]]}}})", "M_INVALID_PARAM"},
    {"ARangeOfThree", R"({"lists":{"a":{"timeline_limit":1,"ranges":[[0,1,2]]}}})", "M_BAD_JSON"},
    {"StateThatIsNoPair", R"({"lists":{"a":{"timeline_limit":1,"required_state":[["m.room.name"]]}}})",
     "M_BAD_JSON"},
    {"StateThatIsText", R"({"lists":{"a":{"timeline_limit":1,"required_state":"all"}}})", "M_BAD_JSON"},
    {"AFilterOfTheWrongKind", R"({"lists":{"a":{"timeline_limit":1,"filters":{"is_dm":"yes"}}}})",
     "M_BAD_JSON"},
    {"TagsThatAreNoStrings", R"({"lists":{"a":{"timeline_limit":1,"filters":{"tags":[1]}}}})", "M_BAD_JSON"},
    {"ASubscriptionToNoRoom", R"({"room_subscriptions":{"hej":{"timeline_limit":1}}})", "M_INVALID_PARAM"},
    {"AnExtensionThatIsNoObject", R"({"extensions":{"e2ee":true}})", "M_BAD_JSON"},
    {"AForeignToDeviceToken", R"({"extensions":{"to_device":{"enabled":true,"since":"x1"}}})",
     "M_INVALID_PARAM"},
    {"AConnectionThatIsNoString", R"({"conn_id":1})", "M_BAD_JSON"},
    {"AForeignPosition", R"({"pos":"s12_1_1"})", "M_UNKNOWN_POS"},
};
INSTANTIATE_TEST_SUITE_P(All, BadSlidingSync, ::testing::ValuesIn(kBadRequests),
                         [](auto const& info) { return info.param.name; });

TEST(SlidingSyncLimits, TooManyListsAreRefused) {
  TestServer server;
  auto const alice = server.sign_up("alice");
  json::object lists;
  for (int i = 0; i <= 100; ++i) lists["list" + std::to_string(i)] = {{"timeline_limit", 1}};
  auto const reply = server.post("/_matrix/client/unstable/org.matrix.simplified_msc3575/sync", alice,
                                 {{"lists", std::move(lists)}});
  EXPECT_EQ(reply.errcode(), "M_INVALID_PARAM");
}

TEST(SlidingSyncLimits, AFilterOfTooManySpacesIsRefused) {
  TestServer server;
  auto const alice = server.sign_up("alice");
  json::array spaces;
  for (int i = 0; i <= 100; ++i) spaces.emplace_back("!space" + std::to_string(i));
  auto const reply = server.post(
      "/_matrix/client/unstable/org.matrix.simplified_msc3575/sync", alice,
      {{"lists", {{"all", {{"timeline_limit", 1}, {"filters", {{"spaces", std::move(spaces)}}}}}}}});
  EXPECT_EQ(reply.errcode(), "M_INVALID_PARAM");
}

TEST(SlidingSyncLimits, OfVeryManyConnectionsTheOldestIsForgotten) {
  TestServer server;
  auto const alice = server.sign_up("alice");
  auto const ask = [&](int number, std::string const& pos) {
    auto const path = "/_matrix/client/unstable/org.matrix.simplified_msc3575/sync";
    return server.post(pos.empty() ? path : path + ("?pos=" + pos), alice,
                       {{"conn_id", std::to_string(number)}});
  };
  auto const first = ask(0, "").text("/pos");
  for (int i = 1; i < 20; ++i) EXPECT_EQ(ask(i, "").status, 200U);
  EXPECT_EQ(ask(0, first).errcode(), "M_UNKNOWN_POS");
}

}  // namespace
}  // namespace torg::testing
