#include "identity/push_rules.hpp"
#include "identity/testing.hpp"

namespace torg::identity {
namespace {

using ::testing::ElementsAre;

class AccountDataTest : public IdentityTest {
 protected:
  void SetUp() override {
    IdentityTest::SetUp();
    anna = make_user("anna");
  }
  Position put(std::string room_id, std::string type, std::string content) {
    return run(runtime,
               identity->account_data().put(anna, std::move(room_id), std::move(type), std::move(content)))
        .value();
  }
  std::vector<std::string> types_since(Position since) {
    std::vector<std::string> types;
    for (auto const& entry : run(runtime, identity->account_data().changes(anna, since)).value()) {
      types.push_back(entry.room_id + entry.type);
    }
    return types;
  }
  UserNid anna;
};
INSTANTIATE_TEST_SUITE_P(Db, AccountDataTest, db::both_databases(), db::database_name);

TEST_P(AccountDataTest, IsGivenBackAsItWasPut) {
  put("", "org.example", R"({ "float": 0.50 })");
  put("!room", "org.example", R"({"room":1})");
  EXPECT_EQ(run(runtime, identity->account_data().get(anna, "", "org.example")).value(),
            R"({ "float": 0.50 })");
  EXPECT_EQ(run(runtime, identity->account_data().get(anna, "!room", "org.example")).value(),
            R"({"room":1})");
  EXPECT_EQ(run(runtime, identity->account_data().get(anna, "!room", "other")).error().code,
            ErrorCode::not_found);
}

TEST_P(AccountDataTest, HasABound) {
  auto const put_any = [&](std::string type, std::string content) {
    return run(runtime, identity->account_data().put(anna, "", std::move(type), std::move(content)));
  };
  EXPECT_EQ(put_any("large", R"({"x":")" + std::string(128 * 1024, 'x') + R"("})").error().code,
            ErrorCode::too_large);
  EXPECT_EQ(put_any(std::string(256, 't'), "{}").error().code, ErrorCode::too_large);
  EXPECT_TRUE(put_any("large", R"({"x":")" + std::string(100 * 1024, 'x') + R"("})"));
}

TEST_P(AccountDataTest, ShowsOnlyWhatChangedSinceAPosition) {
  auto const first = put("", "a", R"({"n":1})");
  auto const second = put("!room", "b", R"({"n":1})");
  EXPECT_THAT(types_since(first), ElementsAre("!roomb"));
  EXPECT_THAT(types_since(second), ElementsAre());
  put("", "a", R"({"again":1})");
  EXPECT_THAT(types_since(second), ElementsAre("a"));
}

TEST_P(AccountDataTest, BeginsWithThePredefinedPushRules) {
  put("", "a", R"({"n":1})");
  EXPECT_THAT(types_since(Position()), ElementsAre("a", "m.push_rules"));
  EXPECT_THAT(types_since(Position(1)), ElementsAre());
  auto const entries = run(runtime, identity->account_data().changes(anna, Position())).value();
  EXPECT_TRUE(object(entries[1].content).at("global").as_object().contains("underride"));
}

TEST_P(AccountDataTest, RemembersWhereItLastChanged) {
  EXPECT_EQ(identity->account_data().last_change(anna), Position());
  auto const position = put("", "a", R"({"n":1})");
  EXPECT_EQ(identity->account_data().last_change(anna), position);
  restart();
  EXPECT_EQ(identity->account_data().last_change(anna), position);
}

TEST_P(AccountDataTest, TellsObserversInOrder) {
  std::vector<AccountDataChange> seen;
  identity->account_data().observe([&](AccountDataChange const& change) { seen.push_back(change); });
  put("", "a", R"({"n":1})");
  put("!room", "b", R"({"n":1})");
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].type, "a");
  EXPECT_EQ(seen[1].room_id, "!room");
  EXPECT_LT(seen[0].position, seen[1].position);
}

TEST_P(AccountDataTest, IsTakenAwayByAnEmptyContentOrARemoval) {
  auto& data = identity->account_data();
  for (auto const* room : {"", "!room"}) {
    auto const first = put(room, "a", R"({"n":1})");
    put(room, "a", "{}");
    EXPECT_EQ(run(runtime, data.get(anna, room, "a")).error().code, ErrorCode::not_found);
    EXPECT_THAT(types_since(first), ElementsAre(std::string(room) + "a")) << "told once";
    EXPECT_THAT(types_since(Position()), ElementsAre("m.push_rules"));
    auto const second = put(room, "a", R"({"n":2})");
    ASSERT_TRUE(run(runtime, data.remove(anna, room, "a")));
    EXPECT_EQ(run(runtime, data.get(anna, room, "a")).error().code, ErrorCode::not_found);
    EXPECT_THAT(types_since(second), ElementsAre(std::string(room) + "a"));
    auto const last = data.last_change(anna);
    ASSERT_TRUE(run(runtime, data.remove(anna, room, "a")));
    EXPECT_EQ(data.last_change(anna), last) << "there was nothing left";
  }
}

TEST_P(AccountDataTest, OfADeviceGoesWithTheDevice) {
  auto const grant = log_in(anna, "PHONE");
  for (auto const* type :
       {"m.local_notification_settings.PHONE", "org.matrix.msc3890.local_notification_settings.PHONE",
        "m.local_notification_settings.OTHER"}) {
    put("", type, R"({"is_silenced":true})");
  }
  EXPECT_EQ(call(net::Method::post, "/_matrix/client/v3/logout", grant.access_token, "{}").status, 200U);
  EXPECT_THAT(types_since(Position()), ElementsAre("m.local_notification_settings.OTHER", "m.push_rules"));
}

TEST_P(AccountDataTest, IsTakenAwayOverHttp) {
  auto const token = log_in(anna, "PHONE").access_token;
  std::string const path = "/_matrix/client/v3/user/@anna:torg.example/account_data/a";
  std::string const removal =
      "/_matrix/client/unstable/org.matrix.msc3391/user/@anna:torg.example/account_data/";
  EXPECT_EQ(call(net::Method::put, path, token, R"({"n":1})").status, 200U);
  EXPECT_EQ(call(net::Method::delete_, removal + "a", token).status, 200U);
  EXPECT_EQ(get(path, token).errcode(), "M_NOT_FOUND");
  EXPECT_EQ(call(net::Method::put, path, token, "{ }").status, 200U);
  EXPECT_EQ(get(path, token).errcode(), "M_NOT_FOUND");
  EXPECT_EQ(call(net::Method::delete_, removal + "m.push_rules", token).status, 405U);
  auto const bo = log_in(make_user("bo")).access_token;
  EXPECT_EQ(call(net::Method::delete_, removal + "a", bo).errcode(), "M_FORBIDDEN");
}

TEST_P(AccountDataTest, KnowsWhoIsIgnored) {
  auto& data = identity->account_data();
  EXPECT_FALSE(data.ignores(anna, "@bo:torg.example"));
  put("", "m.ignored_user_list", R"({"ignored_users":{"@bo:torg.example":{}}})");
  EXPECT_TRUE(data.ignores(anna, "@bo:torg.example"));
  put("!room", "m.ignored_user_list", R"({"ignored_users":{}})");
  restart();
  EXPECT_TRUE(identity->account_data().ignores(anna, "@bo:torg.example"));
  put("", "m.ignored_user_list", R"({"ignored_users":["no","map"]})");
  EXPECT_FALSE(identity->account_data().ignores(anna, "@bo:torg.example"));
}

TEST_P(AccountDataTest, BelongsToOneUser) {
  auto const bo = make_user("bo");
  put("", "a", R"({"n":1})");
  EXPECT_EQ(run(runtime, identity->account_data().get(bo, "", "a")).error().code, ErrorCode::not_found);
  EXPECT_EQ(identity->account_data().last_change(bo), Position());
}

TEST_P(AccountDataTest, KeepsChangedPushRules) {
  auto const change = [](json::object rules) {
    return with_rule_part(std::move(rules), "override", ".m.rule.master", "enabled", true);
  };
  ASSERT_TRUE(run(runtime, identity->account_data().change_push_rules(anna, change)));
  restart();
  auto const rules = run(runtime, identity->account_data().push_rules(anna)).value();
  EXPECT_TRUE(rules.at("global").at("override").at(0).at("enabled").as_bool());
  EXPECT_THAT(types_since(Position()), ElementsAre("m.push_rules"));
}

TEST_P(AccountDataTest, LeavesNothingBehindWhenAChangeFails) {
  auto const refused = run(runtime, identity->account_data().change_push_rules(anna, [](json::object) {
    return Result<json::object>(fail(ErrorCode::not_found, "No."));
  }));
  EXPECT_EQ(refused.error().code, ErrorCode::not_found);
  EXPECT_EQ(identity->account_data().last_change(anna), Position());
}

TEST_P(AccountDataTest, GivesTheSameFilterTheSameId) {
  auto const filter = object(R"({"room":{"timeline":{"limit":10}}})");
  auto const first = run(runtime, identity->account_data().put_filter(anna, filter)).value();
  EXPECT_EQ(run(runtime, identity->account_data().put_filter(anna, filter)).value(), first);
  EXPECT_NE(run(runtime, identity->account_data().put_filter(anna, {})).value(), first);
  EXPECT_EQ(run(runtime, identity->account_data().filter(anna, first)).value(), filter);
  for (auto const* unknown : {"99", "", "x", "1x"}) {
    EXPECT_EQ(run(runtime, identity->account_data().filter(anna, unknown)).error().code,
              ErrorCode::not_found);
  }
}

}  // namespace
}  // namespace torg::identity
