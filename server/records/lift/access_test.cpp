// Who may open what: as a member what the history shows, at a desk what is a record of the authority.
#include "records/testing/office.hpp"

#include <gmock/gmock.h>

namespace torg::records {
namespace {

class LiftAccess : public Office {
 protected:
  /// An item from before `nils`, officer of KS, came into a room whose history starts with one's own joining.
  std::string item_before_nils() {
    world->set_history("joined");
    auto const item = world->say(world->ali, "Vi tillstyrker vallen.");
    nils = world->hire("nils", "Nils Berg", world->ks, governance::Role::officer);
    world->let_in(nils);
    return item;
  }
  ErrorCode preview_error(UserNid by, std::string const& item) {
    auto const preview = run(runtime, world->lifts.preview(by, world->room, std::vector{item}, world->ks));
    EXPECT_FALSE(preview);
    return preview ? ErrorCode::internal : preview.error().code;
  }
  ErrorCode lift_error(UserNid by, std::string const& item) {
    auto const lifted = world->lift_now(world->request("k1", {item}, by, world->ks));
    EXPECT_FALSE(lifted);
    return lifted ? ErrorCode::internal : lifted.error().code;
  }
  std::int64_t openings_noted() {
    std::int64_t noted = 0;
    database->read_now([&](db::Reader& reader) {
      static constexpr db::Statement kNoted{"SELECT COUNT(*) FROM audit WHERE what = 'sealed.opened'"};
      noted = reader.query_one(kNoted, {}, [](db::Row const& row) { return row.integer(0); }).value_or(0);
    });
    return noted;
  }

  UserNid nils;
};
INSTANTIATE_TEST_SUITE_P(Db, LiftAccess, db::both_databases(), db::database_name);

TEST_P(LiftAccess, ShowsNobodyWhatWasSaidBeforeTheyMayRead) {
  auto const item = item_before_nils();  // makes Nils a member, too
  EXPECT_EQ(preview_error(nils, item), ErrorCode::not_found);
}

TEST_P(LiftAccess, LiftsNothingThatWasSaidBeforeTheyMayRead) {
  auto const item = item_before_nils();
  EXPECT_EQ(lift_error(nils, item), ErrorCode::not_found);
  EXPECT_TRUE(world->lift_now(world->request("k2", {item}, world->maja, world->ks)));
}

TEST_P(LiftAccess, AnswersTheSameForWhatIsHiddenAndWhatIsNotThere) {
  auto const item = item_before_nils();
  auto const hidden = run(runtime, world->lifts.preview(nils, world->room, std::vector{item}, world->ks));
  auto const unknown =
      run(runtime, world->lifts.preview(
                       nils, world->room,
                       std::vector<std::string>{"$Rqnc-F-dvnEYJTyHq_iKxU2bZ1CI92-kuZq3a5lr5Zg"}, world->ks));
  ASSERT_FALSE(hidden);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(hidden.error().code, unknown.error().code);
  EXPECT_EQ(hidden.error().message, unknown.error().message);
}

TEST_P(LiftAccess, DecidesNothingAboutWhatIsHidden) {
  auto const item = item_before_nils();
  auto const event = run(runtime, world->rooms.event(EventId(item))).value();
  auto const done = assess(event, nils, world->ks, "kept_ordered");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().error.code, ErrorCode::not_found);
}

TEST_P(LiftAccess, ARightThatEndsWhileALiftWaitsEndsTheLift) {
  auto const item = world->say(world->ali, "Vi tillstyrker vallen.");
  auto const waiting =
      std::get<Intent>(run(runtime, world->lifts.lift(world->request("k1", {item}, world->maja, world->ks),
                                                      CommitWhen::after, {}))
                           .value());
  run(runtime,
      world->rooms.set_membership(world->room, world->service, world->maja, matrix::Membership::leave, ""))
      .value();
  auto const done = run(runtime, world->lifts.commit_now(waiting.key));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::forbidden);
}

TEST_P(LiftAccess, ARegistrarOpensTheRecordsOfHerAuthorityInARoomSheIsNotIn) {
  share();
  auto const item = world->say(world->ali, "Vi tillstyrker vallen.");
  auto const rut = world->hire("rut", "Rut Lind", world->ks, governance::Role::registrar);
  EXPECT_TRUE(run(runtime, world->lifts.preview(rut, world->room, std::vector{item}, world->ks)));
  EXPECT_TRUE(world->lift_now(world->request("k1", {item}, rut, world->ks)));
}

TEST_P(LiftAccess, ARegistrarOpensNoWorkingMaterialOfARoomSheIsNotIn) {
  auto const post = say_in(room_within_ks(), world->maja, {{"msgtype", "m.text"}, {"body", "Ett utkast."}});
  auto const preview =
      run(runtime, world->lifts.preview(world->sandra, post.room, std::vector{post.id.value}, world->ks));
  ASSERT_FALSE(preview);
  EXPECT_EQ(preview.error().code, ErrorCode::not_found);
  auto const done = assess(post, world->sandra, world->ks, "working");
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().error.code, ErrorCode::not_found);
}

TEST_P(LiftAccess, ARegistrarOpensNoRecordOfAnotherBoard) {
  auto const bo = world->hire("bo", "Bo Ek", world->bn, governance::Role::registrar);
  auto const post = say_in(room_within_ks(), world->maja, {{"msgtype", "m.text"}, {"body", "Ett utkast."}});
  auto const preview =
      run(runtime, world->lifts.preview(bo, post.room, std::vector{post.id.value}, world->bn));
  ASSERT_FALSE(preview);
  EXPECT_EQ(preview.error().code, ErrorCode::not_found);
}

TEST_P(LiftAccess, WhatAnAuthorTookAwayOpensAsARecordAndIsNoted) {
  share();
  auto const item = world->say(world->ali, "Vi tillstyrker vallen.");
  auto const event = run(runtime, world->rooms.event(EventId(item))).value();
  run(runtime, world->rooms.redact(world->room, world->ali, event.nid, "", 0, "")).value();
  EXPECT_TRUE(run(runtime, world->lifts.preview(world->maja, world->room, std::vector{item}, world->ks)));
  EXPECT_EQ(openings_noted(), 1);
}

TEST_P(LiftAccess, WorkingMaterialThatItsAuthorTookAwayStaysShut) {
  auto const post = say_in(room_within_ks(), world->maja, {{"msgtype", "m.text"}, {"body", "Ett utkast."}});
  run(runtime, world->rooms.redact(post.room, world->maja, post.nid, "", 0, "")).value();
  auto const preview =
      run(runtime, world->lifts.preview(world->maja, post.room, std::vector{post.id.value}, world->ks));
  ASSERT_FALSE(preview);
  EXPECT_EQ(preview.error().code, ErrorCode::not_found);
}

/// What is disposed of between a look and a lift, and what its head keeps as a skeleton.
TEST_P(LiftAccess, WhatWasDisposedOfASecondAgoIsNotLifted) {
  share();
  for (bool const head : {false, true}) {
    auto const item = world->say(world->ali, "Ska vi ses på torsdag?");
    if (!head) world->say(world->ali, "Något efteråt");
    auto const event = run(runtime, world->rooms.event(EventId(item))).value();
    ASSERT_TRUE(run(runtime, world->lifts.preview(world->maja, world->room, std::vector{item}, world->ks)));
    auto const doomed = run(runtime, destroyer->gather({{world->room, {event.nid}}})).value();
    database->write_now([&](db::Transaction& transaction) {
      static_cast<void>(Destroyer::destroy(transaction, doomed, "alvhamn.example", runtime.now()));
    });
    destroyer->forget(doomed);
    EXPECT_EQ(lift_error(world->maja, item), ErrorCode::not_found) << head;
    EXPECT_EQ(preview_error(world->maja, item), ErrorCode::not_found) << head;
  }
}

}  // namespace
}  // namespace torg::records
