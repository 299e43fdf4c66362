#include "records/disposal/rule.hpp"

#include "governance/zone.hpp"
#include "records/rules/test_data.hpp"

#include <gtest/gtest.h>

namespace torg::records {
namespace {

AuthorityId const kKs(1), kBn(2);

Day day(std::string_view text) { return governance::parse_day(text).value(); }
Day today() { return day("2027-12-01"); }

Assessment row(AuthorityId authority, Handling handling) {
  Assessment made;
  made.authority = authority;
  made.status = Status::record;
  made.handling = handling;
  made.since = governance::start_of(day("2026-11-01"));
  return made;
}

DisposalTerms terms() { return {kKs, "GB 2026-07", day("2027-01-01"), Handling::kept_ordered}; }

governance::Plan plan() {
  governance::Plan made;
  made.host = made.archives = kKs;
  made.retention_decision = "GB 2026-07";
  made.dispose_after_days = 365;
  return made;
}

DisposalCandidate kept_by_both() {
  return {.rows = {row(kKs, Handling::kept_ordered), row(kBn, Handling::kept_ordered)}};
}

TEST(DisposalRule, WhatEveryAuthorityKeepsOrderedMayGoAfterItsTime) {
  EXPECT_EQ(why_stopped(kept_by_both(), plan(), terms(), today()), std::nullopt);
}

TEST(DisposalRule, AHoldBeatsEverything) {
  auto candidate = kept_by_both();
  candidate.held = true;
  EXPECT_EQ(why_stopped(candidate, plan(), terms(), today()), Stop::held);
}

TEST(DisposalRule, AnOpenRequestStopsIt) {
  auto candidate = kept_by_both();
  candidate.requested = true;
  EXPECT_EQ(why_stopped(candidate, plan(), terms(), today()), Stop::requested);
}

TEST(DisposalRule, WhatAnotherBoardRegisteredOrHasNotAssessedStays) {
  for (auto const handling : {Handling::registered, Handling::unassessed}) {
    DisposalCandidate const candidate{.rows = {row(kKs, Handling::kept_ordered), row(kBn, handling)}};
    EXPECT_EQ(why_stopped(candidate, plan(), terms(), today()), Stop::another_decided_otherwise);
  }
}

TEST(DisposalRule, ThePlansTimeCountsWithTheAnniversaryElapsed) {
  EXPECT_EQ(why_stopped(kept_by_both(), plan(), terms(), day("2027-10-31")), Stop::too_early);
  EXPECT_EQ(why_stopped(kept_by_both(), plan(), terms(), day("2027-11-01")), std::nullopt);
  auto early = terms();
  early.before_day = day("2026-11-01");
  EXPECT_EQ(why_stopped(kept_by_both(), plan(), early, today()), Stop::too_early);
}

TEST(DisposalRule, WhatWasAssessedAnewIsLeftOut) {
  DisposalCandidate const candidate{.rows = {row(kKs, Handling::registered)}};
  EXPECT_EQ(why_stopped(candidate, plan(), terms(), today()), Stop::changed);
}

TEST(DisposalRule, AnotherDecisionOrArchiveCoversNothing) {
  EXPECT_TRUE(covers(plan(), terms()));
  auto other = terms();
  other.decision = "GB 2020-01";
  EXPECT_FALSE(covers(plan(), other));
  other = terms();
  other.authority = kBn;
  EXPECT_FALSE(covers(plan(), other));
}

TEST(DisposalRule, WorkingMaterialGoesByTheRoomsRule) {
  EXPECT_TRUE(may_weed({.age = std::chrono::days{90}}, std::chrono::days{90}));
  EXPECT_FALSE(may_weed({.age = std::chrono::days{89}}, std::chrono::days{90}));
  EXPECT_FALSE(may_weed({.age = std::chrono::days{900}, .is_or_was_record = true}, std::chrono::days{90}));
  EXPECT_FALSE(may_weed({.age = std::chrono::days{900}, .held = true}, std::chrono::days{90}));
}

TEST(DisposalRule, RoomsOfSeveralAuthoritiesAreNeverWeeded) {
  auto shared = plan();
  shared.level = governance::Level::shared;
  shared.parties = {kKs, kBn};
  EXPECT_FALSE(is_weeded(shared, false));
  EXPECT_TRUE(is_weeded(plan(), false));
  EXPECT_FALSE(is_weeded(plan(), true));
}

json::object worked_case(json::value const& data, std::string_view id) {
  for (auto const& c : data.at("cases").as_array()) {
    if (c.at("id").as_string() == id) return c.as_object();
  }
  throw std::runtime_error("no case " + std::string(id));
}

bool refuses(json::object const& c, std::string_view what) {
  for (auto const& name : c.at("expected").at("refuse").as_array()) {
    if (name.as_string() == what) return true;
  }
  return false;
}

/// The worked cases of disposal: GA02, GA03 and GA06 by their decision, GA01 and GA05 by what the item is.
TEST(DisposalRule, AgreesWithTheWorkedCases) {
  auto const data = read_test_data("assessment-cases.json");
  for (auto const* id : {"GA02", "GA03", "GA06"}) {
    auto const c = worked_case(data, id);
    auto asked = terms();
    asked.decision = optional_string(c.at("inputs").as_object(), "decision").value_or("");
    EXPECT_EQ(!check_terms(asked, today()), refuses(c, "dispose")) << id;
  }
  for (auto const* id : {"GA01", "GA05"}) {
    auto const c = worked_case(data, id);
    WeedingCandidate candidate{.age = std::chrono::days{1000}};
    candidate.is_or_was_record = c.at("inputs").at("public_record").as_bool();
    EXPECT_EQ(may_weed(candidate, std::chrono::days{90}), !refuses(c, "purge")) << id;
  }
}

/// DI06: what a request concerns is not disposed of, though its day has come.
TEST(DisposalRule, AgreesWithTheWorkedCaseOfARequest) {
  auto const c = worked_case(read_test_data("assessment-cases.json"), "DI06");
  auto candidate = kept_by_both();
  ASSERT_EQ(why_stopped(candidate, plan(), terms(), today()), std::nullopt);
  candidate.requested = c.at("inputs").at("act").as_string() == "request_record";
  bool const stopped = why_stopped(candidate, plan(), terms(), today()).has_value();
  EXPECT_EQ(stopped, refuses(c, "dispose_while_request_open"));
}

}  // namespace
}  // namespace torg::records
