#include "governance/store.hpp"

#include "db/testing/on_both_databases.hpp"
#include "governance/migrations/migrations.hpp"
#include "governance/zone.hpp"

#include <gmock/gmock.h>

namespace torg::governance::store {
namespace {

class GovernanceStore : public db::OnBothDatabases {
 protected:
  void SetUp() override { ASSERT_TRUE(database->migrate(migrations())); }
};
INSTANTIATE_TEST_SUITE_P(Db, GovernanceStore, db::both_databases(), db::database_name);

Authority named(std::string code, std::string name, Day valid_from, std::optional<Day> valid_to) {
  Authority made;
  made.code = std::move(code);
  made.name_sv = std::move(name);
  made.valid_from = valid_from;
  made.valid_to = valid_to;
  return made;
}

Day day(std::string_view text) { return parse_day(text).value(); }

TEST_P(GovernanceStore, GivesAuthoritiesNumbersInOrder) {
  database->write_now([](db::Transaction& t) {
    EXPECT_EQ(add_authority(t, named("KS", "Kommunstyrelsen", day("2026-01-01"), {})), AuthorityId(1));
    EXPECT_EQ(add_authority(t, named("BN", "", {}, day("2027-12-31"))), AuthorityId(2));
  });
  database->read_now([](db::Reader& reader) {
    auto const all = authorities(reader);
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].name_sv, "Kommunstyrelsen");
    EXPECT_EQ(all[0].valid_from, day("2026-01-01"));
    EXPECT_EQ(all[0].valid_to, std::nullopt);
    EXPECT_EQ(all[1].valid_to, day("2027-12-31"));
  });
}

TEST_P(GovernanceStore, RefusesTheSameCodeTwice) {
  database->write_now([](db::Transaction& t) { add_authority(t, named("KS", "", {}, {})); });
  EXPECT_THROW(database->write_now([](db::Transaction& t) { add_authority(t, named("KS", "", {}, {})); }),
               db::ConstraintViolation);
}

TEST_P(GovernanceStore, EndsAnOpenAssignmentOnly) {
  Assignment const officer{UserNid(3),    AuthorityId(1),    "Plan",
                           Role::officer, day("2026-01-01"), std::nullopt};
  database->write_now([&](db::Transaction& t) {
    add_assignment(t, officer);
    EXPECT_EQ(end_assignment(t, officer, day("2026-06-30")), 1);
    EXPECT_EQ(end_assignment(t, officer, day("2026-12-31")), 0);
  });
  database->read_now([](db::Reader& reader) {
    auto const all = assignments(reader);
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].role, Role::officer);
    EXPECT_EQ(all[0].unit, "Plan");
    EXPECT_EQ(all[0].valid_to, day("2026-06-30"));
  });
}

TEST_P(GovernanceStore, KeepsWhoAcceptedAPlanOnce) {
  database->write_now([](db::Transaction& t) {
    add_proposal(t, {EventNid(9), RoomNid(1), UserNid(2), instant_from_ms(5), "{}"});
    EXPECT_TRUE(add_acceptance(t, {EventNid(9), AuthorityId(1), UserNid(2), instant_from_ms(6)}));
    EXPECT_FALSE(add_acceptance(t, {EventNid(9), AuthorityId(1), UserNid(4), instant_from_ms(7)}));
  });
  database->read_now([](db::Reader& reader) {
    ASSERT_EQ(proposals(reader).size(), 1u);
    ASSERT_EQ(acceptances(reader).size(), 1u);
    EXPECT_EQ(acceptances(reader)[0].by, UserNid(2));
  });
}

TEST_P(GovernanceStore, TheAuditLogShowsAChangedRow) {
  database->write_now([](db::Transaction& t) {
    for (int i = 0; i < 3; ++i)
      add_audit_row(t, instant_from_ms(i), UserNid(1), "plan.accepted", R"({"room":1})");
    EXPECT_EQ(first_broken_audit_row(t), 0);
    static constexpr db::Statement kTamper{"UPDATE audit SET details = '{}' WHERE nid = 2"};
    t.execute(kTamper, {});
    EXPECT_EQ(first_broken_audit_row(t), 2);
  });
}

TEST_P(GovernanceStore, TheAuditLogShowsAMissingRow) {
  database->write_now([](db::Transaction& t) {
    for (int i = 0; i < 3; ++i) add_audit_row(t, instant_from_ms(i), UserNid(1), "plan.accepted", "{}");
    static constexpr db::Statement kTamper{"DELETE FROM audit WHERE nid = 2"};
    t.execute(kTamper, {});
    EXPECT_EQ(first_broken_audit_row(t), 2);
  });
}

TEST_P(GovernanceStore, AMemberWhoJoinsTwiceIsOneMember) {
  database->write_now([](db::Transaction& t) {
    put_part(t, {RoomNid(1), UserNid(1)});
    put_part(t, {RoomNid(1), UserNid(1)});
    put_part(t, {RoomNid(1), UserNid(2)});
    remove_part(t, {RoomNid(1), UserNid(2)});
    EXPECT_EQ(parts(t).size(), 1u);
  });
}

}  // namespace
}  // namespace torg::governance::store
