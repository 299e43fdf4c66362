#include "records/assessment/store.hpp"

#include "db/testing/on_both_databases.hpp"
#include "governance/zone.hpp"
#include "records/assessment/migrations/migrations.hpp"
#include "records/rules/settings.hpp"

#include <gmock/gmock.h>

namespace torg::records::assessment {
namespace {

RoomNid const kRoom(1);
AuthorityId const kKs(1), kBn(2);
EventNid const kEvent(10);
UserNid const kMaja(5);

class AssessmentStore : public db::OnBothDatabases {
 protected:
  void SetUp() override { ASSERT_TRUE(database->migrate(assessment_migrations())); }
  void write(std::function<void(db::Transaction&)> work) { database->write_now(std::move(work)); }
};
INSTANTIATE_TEST_SUITE_P(Db, AssessmentStore, db::both_databases(), db::database_name);

Day day(std::string_view text) { return governance::parse_day(text).value(); }

Arising received(AuthorityId authority, EventNid event = kEvent) {
  Arising made;
  made.event = event;
  made.authority = authority;
  made.room = kRoom;
  made.rule = "R9";
  made.since = instant_from_ms(1000);
  made.due_day = day("2026-11-24");
  return made;
}

Arising kept_by_rule(AuthorityId authority) {
  auto made = received(authority);
  made.handling = Handling::kept_ordered;
  made.rule = "R17";
  made.due_day = std::nullopt;
  return made;
}

Deciding decision(Handling handling) {
  Deciding made;
  made.event = kEvent;
  made.authority = kKs;
  made.room = kRoom;
  made.handling = handling;
  made.rule = "R21";
  made.by = kMaja;
  made.at = instant_from_ms(2000);
  return made;
}

Registering registering(RecordId record) {
  return {kEvent, kKs, kRoom, record, kMaja, instant_from_ms(3000)};
}

TEST_P(AssessmentStore, TwoAuthoritiesHaveTwoClocks) {
  write([](db::Transaction& t) {
    arise(t, received(kKs));
    auto later = received(kBn);
    later.basis = Basis::drawn_up_sent;
    later.due_day = day("2026-11-25");
    arise(t, later);
    std::vector const events{kEvent};
    auto const rows = rows_of(t, kRoom, events);
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[0].basis, Basis::received);
    EXPECT_EQ(rows[0].due_day, day("2026-11-24"));
    EXPECT_EQ(rows[1].basis, Basis::drawn_up_sent);
    EXPECT_EQ(rows[1].due_day, day("2026-11-25"));
  });
}

TEST_P(AssessmentStore, ALaterFactNeverStopsARunningClock) {
  write([](db::Transaction& t) {
    arise(t, received(kKs));
    arise(t, kept_by_rule(kKs));
    EXPECT_EQ(row_of(t, kRoom, kEvent, kKs)->handling, Handling::unassessed);
  });
}

TEST_P(AssessmentStore, ALaterFactStartsAClockForWhatARuleKept) {
  write([](db::Transaction& t) {
    arise(t, kept_by_rule(kKs));
    EXPECT_EQ(count_unassessed(t, kKs), 0);
    arise(t, received(kKs));
    EXPECT_EQ(row_of(t, kRoom, kEvent, kKs)->handling, Handling::unassessed);
    EXPECT_EQ(count_unassessed(t, kKs), 1);
  });
}

TEST_P(AssessmentStore, WhatAPersonDecidedStaysDecided) {
  write([](db::Transaction& t) {
    arise(t, received(kKs));
    ASSERT_TRUE(decide(t, decision(Handling::kept_ordered)));
    arise(t, received(kKs));
    EXPECT_EQ(row_of(t, kRoom, kEvent, kKs)->handling, Handling::kept_ordered);
  });
}

TEST_P(AssessmentStore, EveryStepIsKeptWithPersonRuleAndVersion) {
  write([](db::Transaction& t) {
    arise(t, received(kKs));
    auto trivial = decision(Handling::trivial);
    trivial.second_person = UserNid(6);
    trivial.reason = "advertising";
    ASSERT_TRUE(decide(t, trivial));
    auto const steps = history(t, kRoom, kEvent, kKs);
    ASSERT_EQ(steps.size(), 2u);
    EXPECT_EQ(steps[0].handling, Handling::unassessed);
    EXPECT_EQ(steps[0].by, UserNid{});
    EXPECT_EQ(steps[1].handling, Handling::trivial);
    EXPECT_EQ(steps[1].by, kMaja);
    EXPECT_EQ(steps[1].second_person, UserNid(6));
    EXPECT_EQ(steps[1].reason, "advertising");
    EXPECT_EQ(steps[1].rule_version, records::kRuleVersion);
  });
}

TEST_P(AssessmentStore, ARowMadeByRuleGetsItsHistoryWhenItChanges) {
  write([](db::Transaction& t) {
    auto row = Assessment{};
    row.room = kRoom;
    row.event = kEvent;
    row.authority = kKs;
    row.status = Status::record;
    row.handling = Handling::kept_ordered;
    row.rule = "R17";
    insert_row(t, row);
    EXPECT_EQ(history(t, kRoom, kEvent, kKs).size(), 0u);
    ASSERT_TRUE(registered(t, registering(RecordId(7))));
    auto const steps = history(t, kRoom, kEvent, kKs);
    ASSERT_EQ(steps.size(), 2u);
    EXPECT_EQ(steps[0].rule, "R17");
    EXPECT_EQ(steps[1].handling, Handling::registered);
  });
}

TEST_P(AssessmentStore, RegisteringTwiceIsOnceAndByAnotherRecordAConflict) {
  write([](db::Transaction& t) {
    ASSERT_TRUE(registered(t, registering(RecordId(7))));
    EXPECT_TRUE(registered(t, registering(RecordId(7))));
    auto const other = registered(t, registering(RecordId(8)));
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, ErrorCode::conflict);
    EXPECT_FALSE(decide(t, decision(Handling::kept_ordered)));
    EXPECT_EQ(rows_of_record(t, RecordId(7)).size(), 1u);
  });
}

TEST_P(AssessmentStore, WorkingMaterialThatIsRegisteredBecomesARecord) {
  write([](db::Transaction& t) {
    ASSERT_TRUE(registered(t, registering(RecordId(7))));
    auto const row = row_of(t, kRoom, kEvent, kKs);
    EXPECT_EQ(row->status, Status::record);
    EXPECT_EQ(row->basis, Basis::archived);
  });
}

TEST_P(AssessmentStore, ACorrectionToNoRecordGivesTheClockBack) {
  write([](db::Transaction& t) {
    arise(t, received(kKs));
    ASSERT_TRUE(registered(t, registering(RecordId(7))));
    unregistered(t, RecordId(7), kMaja, instant_from_ms(4000), "fel handling");
    auto const row = row_of(t, kRoom, kEvent, kKs);
    EXPECT_EQ(row->handling, Handling::unassessed);
    EXPECT_EQ(row->due_day, day("2026-11-24"));
    EXPECT_FALSE(row->record);
  });
}

TEST_P(AssessmentStore, TheQueueComesByDueTime) {
  write([](db::Transaction& t) {
    auto late = received(kKs, EventNid(11));
    late.due_day = day("2026-11-20");
    arise(t, received(kKs, EventNid(10)));
    arise(t, late);
    arise(t, received(kBn, EventNid(12)));
    auto const queue = unassessed(t, kKs, std::nullopt, 10);
    ASSERT_EQ(queue.size(), 2u);
    EXPECT_EQ(queue[0].event, EventNid(11));
    EXPECT_EQ(count_unassessed(t, kKs), 2);
  });
}

TEST_P(AssessmentStore, CountsWhatPersonsDecided) {
  write([](db::Transaction& t) {
    arise(t, received(kKs));
    EXPECT_EQ(count_decided(t, kKs, instant_from_ms(0)), 0);
    ASSERT_TRUE(decide(t, decision(Handling::kept_ordered)));
    EXPECT_EQ(count_decided(t, kKs, instant_from_ms(0)), 1);
    EXPECT_EQ(count_decided(t, kKs, instant_from_ms(9000)), 0);
  });
}

}  // namespace
}  // namespace torg::records::assessment
