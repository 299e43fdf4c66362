#include "records/disposal/disposal.hpp"

#include "base/json.hpp"
#include "governance/zone.hpp"
#include "records/requests/requests.hpp"
#include "records/testing/office.hpp"

#include <fstream>

#include <gmock/gmock.h>

namespace torg::records {
namespace {

class DisposalOffice : public Office {
 protected:
  DisposalTerms terms(Handling handling = Handling::kept_ordered) {
    return {world->ks, "GB 2026-07", world->governance.today() + std::chrono::days{1}, handling};
  }
  Disposal proposed() { return run(runtime, disposals->propose(karin, terms())).value(); }
  Result<Disposal> approved(DisposalId id) {
    (void)run(runtime, disposals->sample(henning, id));
    return run(runtime, disposals->approve(henning, id));
  }
  void hold(Hold hold) {
    hold.authority = world->ks;
    database->write_now([&](db::Transaction& t) { disposal_store::place_hold(t, hold); });
  }
  bool exists(matrix::RoomEvent const& event) {
    return run(runtime, world->rooms.event(event.nid)).has_value();
  }
  /// Whether any file of the database holds the text.
  bool on_disk(std::string const& text) {
    for (auto const& entry : std::filesystem::recursive_directory_iterator(database.files())) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      std::string const bytes{std::istreambuf_iterator<char>(in), {}};
      if (bytes.find(text) != std::string::npos) return true;
    }
    return false;
  }
};
INSTANTIATE_TEST_SUITE_P(Db, DisposalOffice, db::both_databases(), db::database_name);

TEST_P(DisposalOffice, WhatIsKeptOrderedIsGoneAfterTwoPersonsAndACertificateIsLeft) {
  share();
  auto const post = say(world->ali, "Ses vid slussen klockan tre");
  auto const edit = say_in(world->room, world->ali,
                           {{"msgtype", "m.text"},
                            {"body", "* Ses vid bryggan"},
                            {"m.new_content", {{"msgtype", "m.text"}, {"body", "Ses vid bryggan"}}},
                            {"m.relates_to", {{"rel_type", "m.replace"}, {"event_id", post.id.value}}}});
  auto const last = say(world->ali, "Vi tillstyrker.");
  auto const preview = run(runtime, disposals->preview(karin, terms())).value();
  EXPECT_EQ(preview.count, 1);
  EXPECT_EQ(preview.sample.size(), 1u);
  auto const done = approved(proposed().id);
  ASSERT_TRUE(done) << done.error().message << done.error().detail;
  EXPECT_EQ(done->items, 1);
  EXPECT_EQ(done->removed + done->skeletons, 2);
  auto const certificate = parse_json_object(done->certificate).value();
  EXPECT_EQ(certificate.at("decision"), "GB 2026-07");
  EXPECT_EQ(certificate.at("executor"), "@karin:alvhamn.example");
  EXPECT_EQ(certificate.at("supervisor"), "@henning:alvhamn.example");
  EXPECT_FALSE(exists(post));
  EXPECT_FALSE(exists(edit));
  EXPECT_TRUE(exists(last));
  EXPECT_TRUE(rows(post).empty());
}

TEST_P(DisposalOffice, ARequestFromThePublicFreezesWhatItMayConcernUntilItIsAnswered) {
  share();
  auto const kept = say(world->ali, "Ses vid slussen klockan tre");
  auto const working = say_in(room_within_ks(), world->maja, {{"msgtype", "m.text"}, {"body", "Utkast"}});
  say_in(working.room, world->maja, {{"msgtype", "m.text"}, {"body", "Det senaste blir kvar"}});
  say(world->ali, "Vi tillstyrker.");
  auto const proposal = proposed();
  Requests requests(runtime, *database, world->governance, world->settings.values());
  auto const asked = run(runtime, requests.ask({.authority = world->ks,
                                                .record = {},
                                                .record_number = "",
                                                .text = "Allt om slussen",
                                                .contact = ""}));
  ASSERT_TRUE(asked) << asked.error().message;
  auto const stopped = run(runtime, disposals->preview(karin, terms())).value();
  EXPECT_EQ(stopped.count, 0);
  // What was proposed before the request came is looked at again.
  EXPECT_EQ(approved(proposal.id).error().code, ErrorCode::held);
  ASSERT_TRUE(run(runtime, weeding->run(karin, working.room)));
  EXPECT_TRUE(exists(kept));
  EXPECT_TRUE(exists(working));

  ASSERT_TRUE(run(runtime, requests.answer(world->sandra, asked->id, Outcome::released, "")));
  ASSERT_TRUE(run(runtime, weeding->run(karin, working.room)));
  ASSERT_TRUE(approved(proposed().id));
  EXPECT_FALSE(exists(kept));
  EXPECT_FALSE(exists(working));
}

TEST_P(DisposalOffice, ADisposedPhraseIsNowhereInTheFilesOfTheDatabase) {
  if (GetParam() != db::Database::Kind::sqlite)
    GTEST_SKIP() << "PostgreSQL's files are the cluster's own business";
  share();
  say(world->ali, "kvastfening-4711 vid bryggan");
  say(world->ali, "Vi tillstyrker.");
  ASSERT_TRUE(on_disk("kvastfening-4711"));
  ASSERT_TRUE(approved(proposed().id));
  EXPECT_FALSE(on_disk("kvastfening-4711"));
}

TEST_P(DisposalOffice, NobodyApprovesAloneOrWithoutASampleOfTheirOwn) {
  share();
  say(world->ali, "Ses klockan tre");
  auto const disposal = proposed();
  (void)run(runtime, disposals->sample(karin, disposal.id));
  EXPECT_EQ(run(runtime, disposals->approve(karin, disposal.id)).error().code,
            ErrorCode::needs_second_person);
  EXPECT_EQ(run(runtime, disposals->approve(henning, disposal.id)).error().code,
            ErrorCode::needs_second_person);
  EXPECT_EQ(run(runtime, disposals->approve(world->maja, disposal.id)).error().code, ErrorCode::not_found);
  EXPECT_TRUE(approved(disposal.id));
  EXPECT_EQ(approved(disposal.id).error().code, ErrorCode::conflict);
}

TEST_P(DisposalOffice, AHoldThatCameAfterTheProposalBeatsIt) {
  share();
  auto const held = say(world->ali, "Ses klockan tre");
  auto const free = say(world->ali, "Ta med stövlar");
  say(world->ali, "Vi tillstyrker.");
  auto const disposal = proposed();
  Hold one;
  one.event = held.nid;
  hold(one);
  auto const done = approved(disposal.id);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(done->items, 1);
  EXPECT_TRUE(exists(held));
  EXPECT_FALSE(exists(free));
}

TEST_P(DisposalOffice, WhatAnotherBoardHasNotAssessedIsCountedAsStopped) {
  share();
  auto const post = say(world->ali, "Vi avstyrker.");
  ASSERT_TRUE(assess(post, world->maja, world->ks, "kept_ordered"));
  auto const preview = run(runtime, disposals->preview(karin, terms())).value();
  EXPECT_EQ(preview.count, 0);
  EXPECT_EQ(preview.stopped.at(Stop::another_decided_otherwise), 1);
  EXPECT_FALSE(run(runtime, disposals->propose(karin, terms())));
}

TEST_P(DisposalOffice, WithoutADecisionNothingIsDisposedOf) {
  share();
  auto bare = terms();
  bare.decision = "";
  EXPECT_EQ(run(runtime, disposals->propose(karin, bare)).error().code, ErrorCode::rule_refuses);
  bare.decision = "SKR:s råd";
  EXPECT_EQ(run(runtime, disposals->preview(karin, bare)).value().count, 0);
}

TEST_P(DisposalOffice, AFileGoesWithTheLastItemThatShowsIt) {
  share();
  auto const mxc =
      run(runtime, world->media.upload_bytes(world->ali, "bytes of a picture", "image/png", "bild.png"))
          .value();
  auto const file = run(runtime, world->media.find_mxc(mxc)).value();
  json::object const content{{"msgtype", "m.image"}, {"body", "bild.png"}, {"url", mxc}};
  auto const first = say_in(world->room, world->ali, content);
  auto const second = say_in(world->room, world->ali, content);
  for (auto const& post : {first, second}) {
    ASSERT_TRUE(assess(post, world->maja, world->ks, "kept_ordered"));
    ASSERT_TRUE(assess(post, world->ali, world->bn, "kept_ordered"));
  }
  say(world->ali, "Vi tillstyrker.");
  Hold one;
  one.event = second.nid;
  hold(one);
  ASSERT_TRUE(approved(proposed().id));
  EXPECT_TRUE(world->blobs.read(file.blob, 1 << 20));
  database->write_now([&](db::Transaction& t) {
    auto open = disposal_store::open_holds(t).front();
    open.released_at = instant_from_ms(1);
    ASSERT_TRUE(disposal_store::release_hold(t, open));
  });
  ASSERT_TRUE(approved(proposed().id));
  EXPECT_FALSE(world->blobs.read(file.blob, 1 << 20));
  EXPECT_FALSE(run(runtime, world->media.find_mxc(mxc)));
}

TEST_P(DisposalOffice, WeedingTakesWorkingMaterialAndLeavesRecords) {
  auto const room = room_within_ks();
  auto const working = say_in(room, world->maja, {{"msgtype", "m.text"}, {"body", "Utkast ett"}});
  auto const sent = say_in(room, world->maja, {{"msgtype", "m.text"}, {"body", "Svar till Granvik"}});
  auto const newest = say_in(room, world->maja, {{"msgtype", "m.text"}, {"body", "Utkast två"}});
  ASSERT_TRUE(run(runtime, world->assessment.mark_sent(world->maja, room, sent.nid, world->ks, "Granvik",
                                                       world->governance.today())));
  auto const runs = run(runtime, weeding->run(karin, std::nullopt));
  ASSERT_TRUE(runs) << runs.error().message;
  ASSERT_EQ(runs->size(), 1u);
  EXPECT_EQ(runs->front().items, 2);
  EXPECT_FALSE(exists(working));
  EXPECT_TRUE(exists(sent));
  (void)newest;  // the room's newest event stays as a skeleton, for the next one points at it
  auto const status = run(runtime, weeding->status()).value();
  ASSERT_EQ(status.runs.size(), 1u);
  EXPECT_EQ(status.runs[0].by, karin);
}

TEST_P(DisposalOffice, WeedingLeavesSharedRoomsAndWhatIsHeld) {
  share();
  auto const shared = say(world->ali, "Ses klockan tre");
  auto const room = room_within_ks();
  auto const working = say_in(room, world->maja, {{"msgtype", "m.text"}, {"body", "Utkast"}});
  Hold whole_room;
  whole_room.room = room;
  hold(whole_room);
  EXPECT_TRUE(run(runtime, weeding->run(karin, std::nullopt)).value().empty());
  EXPECT_TRUE(exists(shared));
  EXPECT_TRUE(exists(working));
}

TEST_P(DisposalOffice, PausedWeedingRemovesNothing) {
  auto const room = room_within_ks();
  say_in(room, world->maja, {{"msgtype", "m.text"}, {"body", "Utkast"}});
  ASSERT_TRUE(run(runtime, weeding->pause(karin, true)));
  EXPECT_EQ(run(runtime, weeding->run(karin, std::nullopt)).error().code, ErrorCode::bad_state);
  ASSERT_TRUE(run(runtime, weeding->pause(karin, false)));
  EXPECT_EQ(run(runtime, weeding->run(karin, std::nullopt)).value().size(), 1u);
}

}  // namespace
}  // namespace torg::records
