#include "db/testing/on_both_databases.hpp"
#include "governance/migrations/migrations.hpp"
#include "governance/service.hpp"
#include "governance/store.hpp"

#include <gmock/gmock.h>

namespace torg::governance {
namespace {

using std::chrono::days;
using testing::ElementsAre;

constexpr UserNid kKarin(1), kMaja(2), kAli(3), kHenning(4), kStranger(5);

/// Two boards: Karin keeps the archives of KS, Maja works for it, Ali for BN, Henning administers KS.
class Delegations : public db::OnBothDatabases {
 protected:
  void SetUp() override {
    ASSERT_TRUE(database->migrate(migrations()));
    open();
    ks = found("KS");
    bn = found("BN");
    give(kKarin, ks, Role::archivist);
    give(kMaja, ks, Role::member);
    give(kAli, bn, Role::officer);
    give(kHenning, ks, Role::administrator);
  }
  void open() {
    service = std::make_unique<GovernanceService>(runtime, *database);
    service->start();
  }
  AuthorityId found(std::string code) {
    Authority board;
    board.code = std::move(code);
    board.valid_from = service->today();
    return run(runtime, service->add_authority(std::move(board), {})).value();
  }
  void give(UserNid user, AuthorityId authority, Role role) {
    ASSERT_TRUE(run(runtime, service->assign({user, authority, "", role, service->today(), {}}, {})));
  }
  Delegation wanted(UserNid user, std::variant<Act, Role> what) {
    Delegation one;
    one.user = user;
    one.authority = ks;
    one.what = what;
    one.valid_from = service->today();
    one.valid_to = service->today() + days(30);
    one.decision = "KS 2026-11-03 § 14";
    one.by = kKarin;
    return one;
  }
  Result<Delegation> delegate(Delegation one) { return run(runtime, service->delegate(std::move(one))); }
  ErrorCode refusal(Delegation one) {
    auto const done = delegate(std::move(one));
    return done ? ErrorCode::internal : done.error().code;
  }
  std::vector<std::string> audited() {
    std::vector<std::string> what;
    database->read_now([&](db::Reader& reader) {
      for (auto const& row : store::audit_rows(reader, 0, 100))
        if (row.what.starts_with("delegation.")) what.push_back(row.what);
    });
    return what;
  }

  std::unique_ptr<GovernanceService> service;
  AuthorityId ks, bn;
};
INSTANTIATE_TEST_SUITE_P(Db, Delegations, db::both_databases(), db::database_name);

TEST_P(Delegations, GiveOneActInOneAuthorityAlsoAfterARestart) {
  ASSERT_TRUE(delegate(wanted(kAli, Act::answer_request)));
  for (int start = 0; start < 2; ++start) {
    EXPECT_TRUE(service->may(kAli, Act::answer_request, ks));
    EXPECT_TRUE(service->may(kAli, Act::read_register, ks)) << "it can't be decided blindly";
    EXPECT_FALSE(service->may(kAli, Act::register_record, ks));
    EXPECT_FALSE(service->may(kAli, Act::answer_request, bn));
    EXPECT_THAT(service->where_may(kAli, Act::answer_request), ElementsAre(ks));
    open();
  }
}

TEST_P(Delegations, GiveWhatARoleMayDo) {
  ASSERT_TRUE(delegate(wanted(kMaja, Role::registrar)));
  EXPECT_TRUE(service->may(kMaja, Act::check_for_web, ks));
  EXPECT_TRUE(service->may(kMaja, Act::work_at_desk, ks));
}

TEST_P(Delegations, HoldOnTheirDaysOnly) {
  auto coming = wanted(kMaja, Act::set_hold);
  coming.valid_from = service->today() + days(1);
  ASSERT_TRUE(delegate(coming));
  auto past = wanted(kAli, Act::set_hold);
  past.valid_from = service->today() - days(9);
  past.valid_to = service->today() - days(1);
  database->write_now([&](db::Transaction& transaction) { store::add_delegation(transaction, past); });
  auto last_day = wanted(kAli, Act::mark_secrecy);
  last_day.valid_to = service->today();
  ASSERT_TRUE(delegate(last_day));
  open();
  EXPECT_FALSE(service->may(kMaja, Act::set_hold, ks));
  EXPECT_FALSE(service->may(kAli, Act::set_hold, ks));
  EXPECT_TRUE(service->may(kAli, Act::mark_secrecy, ks));
  EXPECT_EQ(service->delegations_of(ks).size(), 3u);
}

TEST_P(Delegations, EndAtOnceAndOnlyOnce) {
  auto const given = delegate(wanted(kMaja, Act::set_hold)).value();
  ASSERT_TRUE(run(runtime, service->end_delegation(given.id, kKarin)));
  EXPECT_FALSE(service->may(kMaja, Act::set_hold, ks));
  EXPECT_EQ(run(runtime, service->end_delegation(given.id, kKarin)).error().code, ErrorCode::conflict);
  EXPECT_EQ(run(runtime, service->end_delegation(99, kKarin)).error().code, ErrorCode::not_found);
  open();
  EXPECT_FALSE(service->may(kMaja, Act::set_hold, ks));
  EXPECT_EQ(service->delegations_of(ks).front().ended_by, kKarin);
  EXPECT_THAT(audited(), ElementsAre("delegation.began", "delegation.ended"));
}

TEST_P(Delegations, AreRefusedToOneselfAndToStrangers) {
  EXPECT_EQ(refusal(wanted(kKarin, Act::register_record)), ErrorCode::rule_refuses);
  EXPECT_EQ(refusal(wanted(kStranger, Act::register_record)), ErrorCode::rule_refuses);
}

TEST_P(Delegations, AreRefusedWhereNobodyCanBeGivenTheAct) {
  for (auto const act : {Act::delegate, Act::assign_roles, Act::read_audit, Act::administer_server})
    EXPECT_EQ(refusal(wanted(kMaja, act)), ErrorCode::rule_refuses) << to_text(act);
  EXPECT_EQ(refusal(wanted(kMaja, Role::administrator)), ErrorCode::rule_refuses);
}

TEST_P(Delegations, AreRefusedWithoutDaysOrDecision) {
  auto without_decision = wanted(kMaja, Act::set_hold);
  without_decision.decision = "  ";
  EXPECT_EQ(refusal(without_decision), ErrorCode::invalid_param);
  auto backwards = wanted(kMaja, Act::set_hold);
  backwards.valid_to = backwards.valid_from - days(1);
  EXPECT_EQ(refusal(backwards), ErrorCode::invalid_param);
  auto over = wanted(kMaja, Act::set_hold);
  over.valid_from = service->today() - days(9);
  over.valid_to = service->today() - days(1);
  EXPECT_EQ(refusal(over), ErrorCode::invalid_param);
}

TEST_P(Delegations, GiveAnAdministratorNoContent) {
  EXPECT_EQ(refusal(wanted(kHenning, Act::read_register)), ErrorCode::rule_refuses);
  EXPECT_TRUE(delegate(wanted(kHenning, Act::adopt_plan)));
  ASSERT_TRUE(delegate(wanted(kMaja, Act::read_register)));
  give(kMaja, bn, Role::administrator);  // as data of before could have it
  EXPECT_FALSE(service->may(kMaja, Act::read_register, ks)) << "administrator of any authority";
}

TEST_P(Delegations, NobodyIsMadeBothAdministratorAndReader) {
  auto const held_by = [&](UserNid user, AuthorityId authority, Role role) {
    return service->may_hold({user, authority, "", role, service->today(), {}});
  };
  EXPECT_FALSE(held_by(kHenning, bn, Role::officer));
  EXPECT_FALSE(held_by(kAli, ks, Role::administrator));
  EXPECT_TRUE(held_by(kHenning, bn, Role::administrator));
  EXPECT_TRUE(held_by(kAli, ks, Role::registrar));
  service->set_administers([](UserNid user) { return user == kStranger; });
  EXPECT_FALSE(held_by(kStranger, ks, Role::lawyer)) << "by the account";
}

TEST_P(Delegations, ARoleGivenAgainOnTheSameDayHoldsAgain) {
  Assignment const officer{kMaja, ks, "Plan", Role::officer, service->today(), {}};
  ASSERT_TRUE(run(runtime, service->assign(officer, kHenning)));
  ASSERT_TRUE(run(runtime, service->end_assignment(officer, service->today() - days(1), kHenning)));
  EXPECT_FALSE(service->may(kMaja, Act::register_record, ks));
  ASSERT_TRUE(run(runtime, service->assign(officer, kHenning)));
  for (int start = 0; start < 2; ++start) {
    EXPECT_TRUE(service->may(kMaja, Act::register_record, ks));
    open();
  }
}

}  // namespace
}  // namespace torg::governance
