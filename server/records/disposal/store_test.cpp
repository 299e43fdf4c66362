#include "records/disposal/store.hpp"

#include "db/testing/on_both_databases.hpp"
#include "records/assessment/migrations/migrations.hpp"
#include "records/assessment/store.hpp"
#include "records/disposal/migrations/migrations.hpp"

#include <gmock/gmock.h>

namespace torg::records::disposal_store {
namespace {
using testing::ElementsAre;
using testing::IsEmpty;

RoomNid const kRoom(1);
AuthorityId const kKs(1);

class DisposalStore : public db::OnBothDatabases {
 protected:
  void SetUp() override {
    std::vector<db::Migration> all;
    for (auto const& slice : {assessment_migrations(), disposal_migrations()}) {
      all.insert(all.end(), slice.begin(), slice.end());
    }
    ASSERT_TRUE(database->migrate(all));
  }
  void write(std::function<void(db::Transaction&)> work) { database->write_now(std::move(work)); }
};
INSTANTIATE_TEST_SUITE_P(Db, DisposalStore, db::both_databases(), db::database_name);

TEST_P(DisposalStore, AHoldIsOpenUntilItsOwnAuthorityReleasesIt) {
  write([](db::Transaction& t) {
    Hold hold;
    hold.authority = kKs;
    hold.room = kRoom;
    hold.reason = "revision";
    hold.id = place_hold(t, hold);
    EXPECT_EQ(open_holds(t).size(), 1u);
    auto foreign = hold;
    foreign.authority = AuthorityId(2);
    EXPECT_FALSE(release_hold(t, foreign));
    hold.released_at = instant_from_ms(5);
    EXPECT_TRUE(release_hold(t, hold));
    EXPECT_FALSE(release_hold(t, hold));
    EXPECT_THAT(open_holds(t), IsEmpty());
    EXPECT_EQ(holds(t, net::Page{}).size(), 1u);
  });
}

TEST_P(DisposalStore, AProposalKeepsItsItemsUntilItIsDone) {
  write([](db::Transaction& t) {
    Disposal proposed;
    proposed.terms = {kKs, "GB 2026-07", Day{std::chrono::days{20000}}, Handling::trivial};
    proposed.items = 2;
    proposed.id = add_disposal(t, proposed, {{kRoom, {EventNid(4), EventNid(9)}}});
    EXPECT_THAT(items_of(t, proposed.id).at(kRoom), ElementsAre(EventNid(4), EventNid(9)));
    auto const read = find_disposal(t, proposed.id);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->terms.decision, "GB 2026-07");
    EXPECT_EQ(read->terms.handling, Handling::trivial);
    EXPECT_EQ(read->terms.before_day, Day{std::chrono::days{20000}});

    proposed.number = "KS G 2026/1";
    EXPECT_TRUE(finish_disposal(t, proposed));
    EXPECT_FALSE(finish_disposal(t, proposed));
    EXPECT_THAT(items_of(t, proposed.id), IsEmpty());
    EXPECT_EQ(find_disposal(t, proposed.id)->state, DisposalState::done);
    EXPECT_EQ(count_done(t, kKs), 1);
  });
}

TEST_P(DisposalStore, RemembersWhoDrewASample) {
  write([](db::Transaction& t) {
    note_sample(t, DisposalId(1), UserNid(2), instant_from_ms(1));
    note_sample(t, DisposalId(1), UserNid(2), instant_from_ms(2));
    EXPECT_TRUE(has_sampled(t, DisposalId(1), UserNid(2)));
    EXPECT_FALSE(has_sampled(t, DisposalId(1), UserNid(3)));
  });
}

TEST_P(DisposalStore, WhatWasOnceARecordIsNeverWorkingMaterial) {
  write([](db::Transaction& t) {
    Registering registering{EventNid(7), kKs, kRoom, RecordId(1), UserNid(2), instant_from_ms(1)};
    ASSERT_TRUE(assessment::registered(t, registering));
    assessment::unregistered(t, RecordId(1), UserNid(2), instant_from_ms(2), "fel");
    ASSERT_EQ(assessment::row_of(t, kRoom, EventNid(7), kKs)->status, Status::not_record);
    EXPECT_THAT(ever_records(t, kRoom, EventNid(1), EventNid(99)), ElementsAre(EventNid(7)));
    forget_item(t, kRoom, EventNid(7));
    EXPECT_THAT(ever_records(t, kRoom, EventNid(1), EventNid(99)), IsEmpty());
  });
}

TEST_P(DisposalStore, FindsWhatIsKeptOrderedInARoom) {
  write([](db::Transaction& t) {
    Arising kept;
    kept.event = EventNid(3);
    kept.authority = kKs;
    kept.room = kRoom;
    kept.rule = "R17";
    kept.handling = Handling::kept_ordered;
    assessment::arise(t, kept);
    EXPECT_THAT(items_with(t, kRoom, kKs, Handling::kept_ordered), ElementsAre(EventNid(3)));
    EXPECT_THAT(items_with(t, kRoom, kKs, Handling::trivial), IsEmpty());
  });
}

TEST_P(DisposalStore, WhatIsLeftToSweepSurvives) {
  write([](db::Transaction& t) {
    add_sweep(t, {{"aa"}, {"bb"}, {"aa"}}, instant_from_ms(1));
    EXPECT_EQ(swept_blobs(t).size(), 2u);
    EXPECT_TRUE(scrub_waits(t));
    blob_is_gone(t, {"aa"});
    scrub_is_done(t);
    EXPECT_EQ(swept_blobs(t).size(), 1u);
    EXPECT_FALSE(scrub_waits(t));
  });
}

TEST_P(DisposalStore, WeedingIsNotPausedUntilSomebodyPausesIt) {
  write([](db::Transaction& t) {
    EXPECT_FALSE(weeding_paused(t));
    pause_weeding(t, true);
    EXPECT_TRUE(weeding_paused(t));
    pause_weeding(t, false);
    EXPECT_FALSE(weeding_paused(t));
    set_weeding_start(t, kRoom, Position(5));
    set_weeding_start(t, kRoom, Position(8));
    EXPECT_EQ(weeding_start(t, kRoom), Position(8));
  });
}

}  // namespace
}  // namespace torg::records::disposal_store
