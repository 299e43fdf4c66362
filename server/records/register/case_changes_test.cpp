#include "records/register/case_changes.hpp"

#include "records/assessment/collection.hpp"
#include "records/register/store.hpp"
#include "records/testing/office.hpp"
#include "records/testing/record_builder.hpp"

#include <gmock/gmock.h>

namespace torg::records {
namespace {

class CaseChanges : public Office {
 protected:
  void SetUp() override {
    Office::SetUp();
    of_case = run(runtime, world->records.open_case(world->maja, world->ks, "Vallen", "1.4.1")).value().id;
  }
  Result<CaseView> change(UserNid by, std::string field, std::string value, std::string reason = "") {
    return run(runtime, world->records.change_case(by, of_case, std::move(field), std::move(value),
                                                   std::move(reason)));
  }
  ErrorCode refusal(Result<CaseView> const& done) { return done ? ErrorCode{} : done.error().code; }
  RecordId add(std::uint64_t n) {
    auto record = a_record(n);
    record.series = world->records.series(world->ks);
    record.of_case = of_case;
    return run(runtime, database->write([record](db::Transaction& t) { return register_record(t, record); }))
        .value()
        .id;
  }
  Result<std::int64_t> relate(RelationKind kind, RecordId from, RecordId to, UserNid by) {
    Relate relation;
    relation.kind = kind;
    relation.subject = from.value;
    relation.object = to.value;
    relation.by = by;
    return run(runtime, world->records.relate(relation));
  }
  std::vector<RelationView> relations(UserNid reader, RecordId id) {
    return run(runtime, world->records.relations(reader, Related::records, id.value)).value();
  }
  void close() {
    ASSERT_TRUE(run(runtime, world->records.close_case(world->sandra, of_case, [](db::Transaction&) {})));
  }
  CaseId of_case;
};
INSTANTIATE_TEST_SUITE_P(Db, CaseChanges, db::both_databases(), db::database_name);

TEST_P(CaseChanges, KeepTheOldValue) {
  ASSERT_TRUE(change(world->maja, "title", "Vallen vid Laxån", "den hette fel"));
  ASSERT_TRUE(change(world->maja, "unit", "Kansliet"));
  ASSERT_TRUE(change(world->maja, "deadline", "2026-12-24"));
  ASSERT_TRUE(change(world->maja, "officer", world->identity.user_id(world->maja)));
  ASSERT_TRUE(change(world->maja, "officer", ""));
  auto const view = change(world->maja, "state", "waiting", "remiss ute").value();
  EXPECT_EQ(view.title, "Vallen vid Laxån");
  EXPECT_EQ(view.unit, "Kansliet");
  EXPECT_EQ(governance::to_text(view.deadline.value()), "2026-12-24");
  EXPECT_EQ(view.state, CaseStage::waiting);
  EXPECT_FALSE(view.officer);
  auto const events = run(runtime, world->records.case_events(of_case)).value();
  ASSERT_EQ(events.size(), 6u);
  EXPECT_EQ(events[0].from, "Vallen");
  EXPECT_EQ(events[0].reason, "den hette fel");
  EXPECT_EQ(events[4].from, std::to_string(world->maja.value));
  EXPECT_EQ(events[5].from, "open");
}

TEST_P(CaseChanges, AreRefusedWithWords) {
  EXPECT_EQ(refusal(change(world->maja, "title", " ", "x")), ErrorCode::invalid_param);
  EXPECT_EQ(refusal(change(world->maja, "title", "Ny", "")), ErrorCode::invalid_param) << "a reason";
  EXPECT_EQ(refusal(change(world->maja, "number", "KS 1", "x")), ErrorCode::invalid_param);
  EXPECT_EQ(refusal(change(world->maja, "deadline", "imorgon")), ErrorCode::invalid_param);
  EXPECT_EQ(refusal(change(world->maja, "state", "lost")), ErrorCode::invalid_param);
  EXPECT_EQ(refusal(change(world->maja, "state", "closed")), ErrorCode::rule_refuses) << "R13";
  EXPECT_EQ(refusal(change(world->maja, "state", "archived")), ErrorCode::rule_refuses);
  EXPECT_EQ(refusal(change(world->maja, "officer", world->identity.user_id(world->ali))),
            ErrorCode::invalid_param);
  EXPECT_EQ(refusal(change(world->maja, "parallel", R"([{"authority":"Länsstyrelsen"}])")),
            ErrorCode::invalid_param);
  EXPECT_EQ(refusal(change(world->ali, "unit", "x")), ErrorCode::not_found) << "another board's";
}

TEST_P(CaseChanges, AfterTheClosingAreTheRegistrars) {
  close();
  EXPECT_EQ(refusal(change(world->maja, "unit", "Kansliet")), ErrorCode::forbidden);
  EXPECT_EQ(refusal(change(world->sandra, "state", "open")), ErrorCode::rule_refuses);
  ASSERT_TRUE(change(karin, "state", "archived"));
  EXPECT_EQ(refusal(change(karin, "state", "closed")), ErrorCode::rule_refuses);
}

TEST_P(CaseChanges, OfATitleSendItBackToTheCheck) {
  database->write_now([&](db::Transaction& t) { register_store::show_case_title(t, of_case); });
  EXPECT_EQ(change(world->sandra, "title", "Vallen vid ån", "fel").value().public_title, "Vallen vid ån");
  EXPECT_EQ(change(world->maja, "title", "Gun Ahlbäcks källare", "fel").value().public_title, std::nullopt);
}

TEST_P(CaseChanges, AreFoundByTheSearchAtOnce) {
  add(500);
  ASSERT_TRUE(change(world->maja, "title", "Bryggan", "fel"));
  ASSERT_TRUE(change(world->maja, "officer", world->identity.user_id(world->maja)));
  StaffQuery query;
  query.authorities = {world->ks};
  query.text = "bryggan";
  query.officer = world->maja;
  EXPECT_EQ(run(runtime, world->records.staff_search(query))->hits.size(), 1u);
}

TEST_P(CaseChanges, NameTheSameMatterElsewhere) {
  auto const view =
      change(world->maja, "parallel", R"([{"authority":"Länsstyrelsen","number":"551-123-2026"}])").value();
  ASSERT_EQ(view.parallel.size(), 1u);
  EXPECT_EQ(view.parallel[0].number, "551-123-2026");
}

TEST_P(CaseChanges, NarrowTheListOfCases) {
  ASSERT_TRUE(change(world->maja, "state", "waiting"));
  ASSERT_TRUE(change(world->maja, "deadline", "2026-12-24"));
  auto const count = [&](CaseFilter filter) {
    return run(runtime,
               world->records.cases({world->ks}, "", Register::Open::any, CaseId(INT64_MAX), 10, filter))
        ->size();
  };
  CaseFilter filter;
  filter.state = CaseStage::waiting;
  EXPECT_EQ(count(filter), 1u);
  filter.due_by = governance::parse_day("2026-12-23");
  EXPECT_EQ(count(filter), 0u);
  filter.due_by = governance::parse_day("2026-12-24");
  EXPECT_EQ(count(filter), 1u);
  filter.officer = world->maja;
  EXPECT_EQ(count(filter), 0u);
}

TEST_P(CaseChanges, RelateRecordsSeenFromBothEnds) {
  auto const letter = add(500), reply = add(501);
  ASSERT_TRUE(relate(RelationKind::answers, reply, letter, world->maja));
  EXPECT_FALSE(relate(RelationKind::answers, letter, reply, world->maja)) << "it stands";
  EXPECT_FALSE(relate(RelationKind::see, letter, letter, world->maja));
  EXPECT_EQ(relate(RelationKind::see, reply, letter, world->ali).error().code, ErrorCode::not_found);
  auto const seen = relations(world->maja, letter);
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_TRUE(seen[0].reverse);
  EXPECT_EQ(seen[0].other, reply.value);
  EXPECT_FALSE(relations(world->maja, reply)[0].reverse);
  ASSERT_TRUE(run(runtime, world->records.end_relation(world->maja, seen[0].id)));
  EXPECT_TRUE(relations(world->maja, letter).empty());
  EXPECT_TRUE(relate(RelationKind::version_of, reply, letter, world->maja)) << "a version of the earlier one";
}

TEST_P(CaseChanges, TellNoTitleOfWhatTheReaderMayNotSee) {
  auto const letter = add(500), reply = add(501);
  ASSERT_TRUE(relate(RelationKind::see, reply, letter, world->maja));
  auto const seen = relations(world->ali, letter);
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_TRUE(seen[0].other_title.empty());
}

TEST_P(CaseChanges, ListWhatWasKeptInOrder) {
  share();
  auto const event = say(world->ali, "Vi ses på torsdag");
  std::vector<KeptItem> kept;
  database->read_now([&](db::Reader& reader) {
    kept = kept_items(reader, {world->room}, world->ks, Handling::kept_ordered, EventNid(INT64_MAX), 10);
  });
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept[0].event, event.nid);
  EXPECT_EQ(kept[0].rule, "R17");
}

}  // namespace
}  // namespace torg::records
