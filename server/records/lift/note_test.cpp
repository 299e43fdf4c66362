// Official notes: what was said, kept by an official, with its sources (FL 27, R16).
#include "base/encoding.hpp"
#include "crypto/hash.hpp"
#include "records/rendition/from_register.hpp"
#include "records/testing/office.hpp"

#include <gmock/gmock.h>

namespace torg::records {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class OfficialNote : public Office {
 protected:
  static json::object content(std::vector<std::string> const& sources) {
    json::array ids;
    for (auto const& id : sources) ids.emplace_back(id);
    return {{"msgtype", "m.text"},
            {"body", "Tjänsteanteckning: läget vid Kvarnbron\n\nPumpstationen bemannas från klockan tolv."},
            {"org.torg.note",
             json::object{{"title", "Tjänsteanteckning: läget vid Kvarnbron"}, {"sources", std::move(ids)}}}};
  }
  std::string note(std::vector<std::string> const& sources) {
    return world->send(world->maja, "m.room.message", content(sources));
  }
  std::string manifest(RecordId id) { return run(runtime, world->records.manifest(id)).value(); }
  std::string hash_of(std::string const& id) {
    return hex_encode(
        crypto::view(crypto::sha256(run(runtime, world->rooms.event(EventId(id))).value().content)));
  }
};
INSTANTIATE_TEST_SUITE_P(Db, OfficialNote, db::both_databases(), db::database_name);

TEST_P(OfficialNote, IsDrawnUpByWhoWritesItWhoeverSaidIt) {
  auto const said = world->say(world->ali, "Pegeln visade 2,41 i morse.");
  auto const preview =
      run(runtime, world->lifts.preview(world->maja, world->room, std::vector{said, note({said})}, world->ks))
          .value();
  auto const& draft = preview.prefilled.draft;
  EXPECT_EQ(draft.record_type, "Tjänsteanteckning");
  EXPECT_EQ(draft.direction, Direction::internal);
  EXPECT_EQ(draft.sender, "Kommunstyrelsen");
  EXPECT_EQ(draft.recipient, "");
  EXPECT_EQ(draft.title, "Tjänsteanteckning: läget vid Kvarnbron");
  ASSERT_EQ(preview.items.size(), 2u);
  EXPECT_FALSE(preview.items[0].note);
  EXPECT_TRUE(preview.items[1].note);
}

TEST_P(OfficialNote, NamesItsSourcesByTheirHashes) {
  auto const first = world->say(world->ali, "Pegeln visade 2,41 i morse.");
  auto const second = world->say(world->maja, "Vem bemannar pumpstationen?");
  auto const alone = world->lift_now(world->request("k1", {note({first, second})}, world->maja, world->ks));
  ASSERT_TRUE(alone) << alone.error().message;
  auto const kept = manifest(alone->record);
  EXPECT_THAT(kept, HasSubstr("\"event_id\":\"" + first + "\",\"available\":true"));
  EXPECT_THAT(kept, HasSubstr("\"content_sha256\":\"" + hash_of(first) + "\""));
  EXPECT_THAT(kept, HasSubstr("\"content_sha256\":\"" + hash_of(second) + "\""));
  EXPECT_THAT(kept, Not(HasSubstr("Vem bemannar pumpstationen?")));
}

TEST_P(OfficialNote, IsOneRecordWithItsSourcesWhenTheyAreLiftedTogether) {
  auto const said = world->say(world->ali, "Pegeln visade 2,41 i morse.");
  auto const done =
      world->lift_now(world->request("k1", {said, note({said})}, world->maja, world->ks)).value();
  EXPECT_THAT(manifest(done.record), HasSubstr("Pegeln visade 2,41 i morse."));
  EXPECT_EQ(run(runtime, world->records.record(done.record))->items.size(), 2u);
}

TEST_P(OfficialNote, IsKeptThoughASourceIsGone) {
  auto const other = say_in(room_within_ks(), world->maja, {{"msgtype", "m.text"}, {"body", "Internt"}});
  auto const done =
      world->lift_now(world->request("k1", {note({"$gone", other.id.value})}, world->maja, world->ks));
  ASSERT_TRUE(done) << done.error().message;
  auto const kept = manifest(done->record);
  EXPECT_THAT(kept, HasSubstr("\"event_id\":\"$gone\",\"available\":false}"));
  // A source of another room tells nothing of that room.
  EXPECT_THAT(kept, HasSubstr("\"event_id\":\"" + other.id.value + "\",\"available\":false}"));
}

TEST_P(OfficialNote, IsNoRoutineUnderAStandingDecision) {
  share();
  auto const routine = say(world->maja, "Jag är fem minuter sen.");
  auto const noted = say_in(world->room, world->maja, content({routine.id.value}));
  for (auto const& row : rows(routine)) EXPECT_EQ(row.handling, Handling::kept_ordered);
  ASSERT_FALSE(rows(noted).empty());
  for (auto const& row : rows(noted)) EXPECT_EQ(row.handling, Handling::unassessed);
}

TEST_P(OfficialNote, OfNoRecordYetSaysThatItBecomesPublic) {
  auto const room = room_within_ks();
  auto const noted = say_in(room, world->maja, content({}));
  auto const preview =
      run(runtime, world->lifts.preview(world->maja, room, std::vector{noted.id.value}, world->ks));
  ASSERT_TRUE(preview) << preview.error().message;
  EXPECT_TRUE(preview->becomes_public);
  EXPECT_THAT(preview->status_text.en, HasSubstr("Not a public record yet"));
}

TEST_P(OfficialNote, ShowsItsSourcesWhereItIsRead) {
  auto const said = world->say(world->ali, "Pegeln visade 2,41 i morse.");
  auto const done =
      world->lift_now(world->request("k1", {note({said, "$gone"})}, world->maja, world->ks)).value();
  auto const page = rendition_page(
      content_from(run(runtime, world->records.record(done.record)).value(), manifest(done.record), {}));
  EXPECT_THAT(page, HasSubstr("Anteckningen skrevs ur:"));
  EXPECT_THAT(page, HasSubstr("<li>Ali Rahimi, "));
  EXPECT_THAT(page, HasSubstr("ett inlägg som inte längre finns"));
}

}  // namespace
}  // namespace torg::records
