#include "governance/plan.hpp"

#include "governance/room_parts.hpp"
#include "governance/room_plans.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace torg::governance {
namespace {
using testing::ElementsAre;
using testing::IsEmpty;

class PlanOf : public testing::Test {
 protected:
  PlanOf() {
    for (auto const* code : {"KS", "BN", "TN"}) {
      Authority made;
      made.id = AuthorityId(static_cast<int>(authorities_.size()) + 1);
      made.code = code;
      authorities_.push_back(std::move(made));
    }
  }
  Result<Plan> parse(std::string_view text) {
    return parse_plan(parse_json_object(text).value(), [this](std::string_view code) -> Authority const* {
      for (auto const& authority : authorities_) {
        if (authority.code == code) return &authority;
      }
      return nullptr;
    });
  }
  std::vector<Authority> authorities_;
};

TEST_F(PlanOf, ThreeBoardsIsRead) {
  auto const plan = parse(R"({"purpose":"Ny bro","level":"shared","class":"internal","host":"KS",
    "parties":["KS","BN","TN"],"case":{"id":7},"classification":"1.3.2","retention_decision":"GB 2026-07",
    "standing_decision":{"number":"KS § 14","day":"2026-02-03"}})");
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(plan->host, AuthorityId(1));
  EXPECT_EQ(plan->registers, AuthorityId(1));
  EXPECT_THAT(plan->parties, ElementsAre(AuthorityId(1), AuthorityId(2), AuthorityId(3)));
  EXPECT_EQ(plan->case_id, CaseId(7));
  EXPECT_TRUE(plan->standing_decision);
  EXPECT_EQ(plan->dispose_after_days, 365);
}

TEST(LinkedCase, HasNumberAndTitleHoweverItWasWritten) {
  auto const linked = [](std::string_view text) {
    return json::serialize(linked_case(parse_json_object(text).value()));
  };
  EXPECT_EQ(linked(R"({"case":{"id":7,"number":"KS 2026/7","title":"Bro","more":1}})"),
            R"({"id":7,"number":"KS 2026/7","title":"Bro"})");
  EXPECT_EQ(linked(R"({"case":{"id":7,"title":[]}})"), R"({"id":7,"number":"","title":""})");
  EXPECT_EQ(linked(R"({"case":{"number":"KS 2026/7"}})"), "null");
}

TEST_F(PlanOf, TheSensitiveClassIsRefused) {
  auto const plan = parse(R"({"host":"KS","class":"sensitive"})");
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, ErrorCode::rule_refuses);
}

TEST_F(PlanOf, AStandingDecisionNeedsNumberAndDay) {
  EXPECT_EQ(parse(R"({"host":"KS","standing_decision":{"number":"KS § 14"}})").error().code,
            ErrorCode::rule_refuses);
  EXPECT_EQ(parse(R"({"host":"KS","standing_decision":{"number":"","day":"2026-02-03"}})").error().code,
            ErrorCode::rule_refuses);
}

TEST_F(PlanOf, ARoomWithinOneBoardHasNoOtherParty) {
  EXPECT_EQ(parse(R"({"host":"KS","level":"within","parties":["KS","BN"]})").error().code,
            ErrorCode::rule_refuses);
}

TEST_F(PlanOf, AnUnknownAuthorityIsRefused) {
  EXPECT_EQ(parse(R"({"host":"XX"})").error().code, ErrorCode::invalid_param);
  EXPECT_EQ(parse(R"({"host":"KS","level":"shared","parties":[3]})").error().code, ErrorCode::invalid_param);
}

PlanEntry entry(int event, std::vector<AuthorityId> parties) {
  PlanEntry made{EventNid(event), {}, {}};
  made.plan.host = parties.front();
  made.plan.parties = std::move(parties);
  return made;
}

AuthorityId const kHost(1), kOther(2);

TEST(RoomPlans, AFirstPlanIsInForceFromTheHostsAcceptance) {
  RoomPlans plans;
  plans.propose(entry(1, {kHost, kOther}));
  EXPECT_EQ(plans.in_force(), nullptr);
  EXPECT_TRUE(plans.accept(EventNid(1), kHost));
  ASSERT_NE(plans.in_force(), nullptr);
  EXPECT_THAT(plans.in_force()->plan.accepted_by, ElementsAre(kHost));
  EXPECT_THAT(plans.waiting_for(), ElementsAre(kOther));
  EXPECT_TRUE(plans.accept(EventNid(1), kOther));
  EXPECT_THAT(plans.waiting_for(), IsEmpty());
}

TEST(RoomPlans, AChangeWaitsUntilAllHaveAccepted) {
  RoomPlans plans;
  plans.propose(entry(1, {kHost, kOther}));
  plans.accept(EventNid(1), kHost);
  plans.accept(EventNid(1), kOther);
  plans.propose(entry(2, {kHost, kOther}));
  EXPECT_TRUE(plans.accept(EventNid(2), kHost));
  EXPECT_EQ(plans.in_force()->event, EventNid(1));
  EXPECT_TRUE(plans.accept(EventNid(2), kOther));
  EXPECT_EQ(plans.in_force()->event, EventNid(2));
  EXPECT_EQ(plans.proposed(), nullptr);
}

TEST(RoomPlans, NobodyAcceptsTwiceOrAsAStranger) {
  RoomPlans plans;
  plans.propose(entry(1, {kHost, kOther}));
  EXPECT_FALSE(plans.accept(EventNid(1), AuthorityId(9)));
  EXPECT_TRUE(plans.accept(EventNid(1), kOther));
  EXPECT_FALSE(plans.accept(EventNid(1), kOther));
  EXPECT_FALSE(plans.accept(EventNid(7), kHost));
}

TEST(RoomParts, TellWhoseOfficialsAndWhetherOutsidersReadAlong) {
  RoomParts parts;
  RoomNid const room(1);
  parts.put(room, UserNid(3), kOther);
  parts.put(room, UserNid(1), kHost);
  parts.put(room, UserNid(1), kHost);
  EXPECT_THAT(parts.taking_part(room).authorities, ElementsAre(kHost, kOther));
  EXPECT_FALSE(parts.taking_part(room).outsiders);
  parts.put(room, UserNid(2), AuthorityId{});
  EXPECT_TRUE(parts.taking_part(room).outsiders);
  parts.remove(room, UserNid(2));
  parts.move(UserNid(3), kHost);
  EXPECT_THAT(parts.taking_part(room).authorities, ElementsAre(kHost));
  EXPECT_FALSE(parts.taking_part(room).outsiders);
}

}  // namespace
}  // namespace torg::governance
