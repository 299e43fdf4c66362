#include "identity/push_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace torg::identity {
namespace {

using ::testing::ElementsAre;

constexpr auto kUser = "@anna:torg.example";

std::vector<std::string> ids(json::object const& rules, std::string_view kind) {
  std::vector<std::string> found;
  for (auto const& rule : rules.at(kind).as_array()) found.emplace_back(rule.at("rule_id").as_string());
  return found;
}

json::object content_rule(std::string_view pattern) {
  return {{"pattern", pattern}, {"actions", json::array{"notify"}}};
}

TEST(PushRules, BeginWithThePredefinedOnes) {
  auto const rules = default_push_rules(kUser);
  EXPECT_THAT(ids(rules, "override"),
              ElementsAre(".m.rule.master", ".m.rule.suppress_notices", ".m.rule.invite_for_me",
                          ".m.rule.member_event", ".m.rule.is_user_mention", ".m.rule.is_room_mention",
                          ".m.rule.tombstone", ".m.rule.reaction", ".m.rule.room.server_acl",
                          ".m.rule.suppress_edits", ".org.matrix.msc3930.rule.poll_response"));
  EXPECT_THAT(
      ids(rules, "underride"),
      ElementsAre(".m.rule.call", ".m.rule.encrypted_room_one_to_one", ".m.rule.room_one_to_one",
                  ".m.rule.message", ".m.rule.encrypted", ".org.matrix.msc3930.rule.poll_start_one_to_one",
                  ".org.matrix.msc3930.rule.poll_start", ".org.matrix.msc3930.rule.poll_end_one_to_one",
                  ".org.matrix.msc3930.rule.poll_end"));
}

TEST(PushRules, ArePredefinedInTheFormOfTheSpecification) {
  auto const rules = default_push_rules(kUser);
  EXPECT_EQ(
      json::serialize(*find_rule(rules, "override", ".m.rule.is_user_mention")),
      R"({"rule_id":".m.rule.is_user_mention","default":true,"enabled":true,"conditions":)"
      R"([{"kind":"event_property_contains","key":"content.m\\.mentions.user_ids","value":"@anna:torg.example"}],)"
      R"("actions":["notify",{"set_tweak":"sound","value":"default"},{"set_tweak":"highlight"}]})");
  EXPECT_EQ(json::serialize(*find_rule(rules, "override", ".m.rule.master")),
            R"({"rule_id":".m.rule.master","default":true,"enabled":false,"conditions":[],"actions":[]})");
  EXPECT_EQ(json::serialize(*find_rule(rules, "underride", ".m.rule.message")),
            R"({"rule_id":".m.rule.message","default":true,"enabled":true,"conditions":)"
            R"([{"kind":"event_match","key":"type","pattern":"m.room.message"}],"actions":["notify"]})");
}

TEST(PushRules, PutANewRuleFirstButAfterTheMaster) {
  auto rules =
      with_rule(default_push_rules(kUser), "override", "mine", {{"actions", json::array()}}, {}).value();
  auto const order = ids(rules, "override");
  EXPECT_EQ(order[0], ".m.rule.master");
  EXPECT_EQ(order[1], "mine");
  rules = with_rule(std::move(rules), "content", "a", content_rule("a"), {}).value();
  rules = with_rule(std::move(rules), "content", "b", content_rule("b"), {}).value();
  EXPECT_THAT(ids(rules, "content"), ElementsAre("b", "a"));
}

TEST(PushRules, PutARuleBeforeOrAfterAnother) {
  auto rules = default_push_rules(kUser);
  rules = with_rule(std::move(rules), "content", "a", content_rule("a"), {}).value();
  rules =
      with_rule(std::move(rules), "content", "b", content_rule("b"), {.before = {}, .after = "a"}).value();
  rules =
      with_rule(std::move(rules), "content", "c", content_rule("c"), {.before = "b", .after = {}}).value();
  EXPECT_THAT(ids(rules, "content"), ElementsAre("a", "c", "b"));
  rules =
      with_rule(std::move(rules), "content", "b", content_rule("b"), {.before = "a", .after = {}}).value();
  EXPECT_THAT(ids(rules, "content"), ElementsAre("b", "a", "c"));
}

TEST(PushRules, RefuseAPlaceBesideNoneOrAPredefinedRule) {
  auto const rules = default_push_rules(kUser);
  json::object const body{{"actions", json::array()}};
  EXPECT_EQ(with_rule(rules, "override", "a", body, {.before = "none", .after = {}}).error().code,
            ErrorCode::bad_request);
  EXPECT_EQ(with_rule(rules, "override", "a", body, {.before = {}, .after = ".m.rule.reaction"}).error().code,
            ErrorCode::bad_request);
}

TEST(PushRules, KeepPlaceAndSwitchOfARuleThatIsChanged) {
  auto rules = default_push_rules(kUser);
  for (auto const* id : {"a", "b"})
    rules = with_rule(std::move(rules), "content", id, content_rule(id), {}).value();
  rules = with_rule_part(std::move(rules), "content", "a", "enabled", false).value();
  rules = with_rule(std::move(rules), "content", "a", content_rule("new"), {}).value();
  EXPECT_THAT(ids(rules, "content"), ElementsAre("b", "a"));
  EXPECT_EQ(find_rule(rules, "content", "a")->at("pattern").as_string(), "new");
  EXPECT_FALSE(find_rule(rules, "content", "a")->at("enabled").as_bool());
}

TEST(PushRules, RefuseMalformedRules) {
  auto const rules = default_push_rules(kUser);
  auto const code = [&](std::string_view kind, std::string_view id, json::object const& body) {
    return with_rule(rules, kind, id, body, {}).error().code;
  };
  EXPECT_EQ(code("content", ".mine", content_rule("a")), ErrorCode::invalid_param);
  EXPECT_EQ(code("content", "a/b", content_rule("a")), ErrorCode::invalid_param);
  EXPECT_EQ(code("other", "a", content_rule("a")), ErrorCode::invalid_param);
  EXPECT_EQ(code("content", "a", {{"actions", json::array()}}), ErrorCode::missing_param);
  EXPECT_EQ(code("room", "!a", {}), ErrorCode::missing_param);
}

TEST(PushRules, DeleteOnlyTheUsersOwn) {
  auto rules = with_rule(default_push_rules(kUser), "content", "a", content_rule("a"), {}).value();
  rules = without_rule(std::move(rules), "content", "a").value();
  EXPECT_EQ(find_rule(rules, "content", "a"), nullptr);
  EXPECT_EQ(without_rule(rules, "content", "a").error().code, ErrorCode::not_found);
  EXPECT_EQ(without_rule(rules, "override", ".m.rule.reaction").error().code, ErrorCode::invalid_param);
}

TEST(PushRules, SurviveStoringWithTheUsersChanges) {
  auto stored =
      with_rule(default_push_rules(kUser), "override", "mine", {{"actions", json::array()}}, {}).value();
  stored = with_rule(std::move(stored), "override", "later", {{"actions", json::array()}}, {}).value();
  stored = with_rule_part(std::move(stored), "override", ".m.rule.master", "enabled", true).value();
  stored =
      with_rule_part(std::move(stored), "underride", ".m.rule.message", "actions", json::array()).value();
  EXPECT_EQ(effective_push_rules(kUser, stored), stored);
}

TEST(PushRules, BringNewPredefinedRulesToOldUsers) {
  auto stored = default_push_rules(kUser);
  auto& override_rules = stored["override"].as_array();
  override_rules.erase(override_rules.begin() + 3);
  override_rules.insert(override_rules.begin() + 3,
                        {{"rule_id", ".m.rule.of_old"}, {"default", true}, {"enabled", true}});
  EXPECT_EQ(effective_push_rules(kUser, stored), default_push_rules(kUser));
}

}  // namespace
}  // namespace torg::identity
