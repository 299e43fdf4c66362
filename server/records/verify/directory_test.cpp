#include "records/verify/directory.hpp"

#include "db/testing/on_both_databases.hpp"
#include "db/testing/temporary_folder.hpp"
#include "records/log/key_chain.hpp"
#include "records/register/entry.hpp"
#include "records/testing/world.hpp"

#include <fstream>

#include <gmock/gmock.h>

namespace torg::records {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A register with records of two boards, a file, a correction, something shown and something disposed of.
/// What a person with a database shell can do to it is tried whole in tests/tampering; here, on both
/// databases, that each part is looked at.
class VerifyDirectory : public db::OnBothDatabases {
 protected:
  void SetUp() override {
    migrate_world(*database);
    world = std::make_unique<World>(runtime, *database, folder);
    world->found();
    world->start();
    for (auto const* text : {"Vallen rasar", "Vallen håller", "Vallen lagas"}) {
      auto const lifted =
          world->lift_now(world->request(text, {world->say(world->maja, text)}, world->maja, world->ks));
      ASSERT_TRUE(lifted) << lifted.error().message;
      records.push_back(lifted->record);
      numbers.push_back(lifted->number);
    }
    ASSERT_TRUE(
        run(runtime, world->records.publish(world->sandra, records[0], Publication::full, std::nullopt)));
    ASSERT_TRUE(run(runtime,
                    world->records.correct(world->sandra, records[0], "title", "Vallen rasade", "skrivfel")));
    add_file(records[0]);
    ASSERT_TRUE(run(runtime, database->write([id = records[2]](db::Transaction& t) -> Result<> {
      auto done = dispose_record(t, id);
      if (!done) return fail(std::move(done));
      return {};
    })));
    request.log = "alvhamn.example";
    request.blobs = folder.path() / "blobs";
    request.kept.push_back({"huvud.json", run(runtime, world->log.head()).value()});
    request.key = world->log.public_key();
  }
  void TearDown() override { world->stop(); }

  void add_file(RecordId record) {
    auto const stored = world->blobs.put("Protokollets alla sidor").value();
    NewFile const file{FileRole::rendition, "protokoll.pdf", "application/pdf",
                       static_cast<std::int64_t>(stored.size), stored.id};
    ASSERT_TRUE(run(runtime, world->records.add_rendition(record, file, "test")));
    blob = stored.id;
  }
  VerifyReport look() {
    VerifyReport report;
    database->read_now([&](db::Reader& reader) { report = verify_directory(reader, request); });
    return report;
  }
  void tamper(db::Statement const& statement) {
    database->write_now([&](db::Transaction& t) { ASSERT_GT(t.execute(statement, {}), 0); });
  }
  static auto says(FindingKind kind, std::string const& text) {
    return Contains(AllOf(Field(&Finding::kind, kind), Field(&Finding::text, HasSubstr(text))));
  }

  db::TemporaryFolder folder;
  std::unique_ptr<World> world;
  std::vector<RecordId> records;
  std::vector<std::string> numbers;
  db::BlobId blob;
  DirectoryRequest request;
};
INSTANTIATE_TEST_SUITE_P(Db, VerifyDirectory, db::both_databases(), db::database_name);

TEST_P(VerifyDirectory, HoldsWhenNothingWasDone) {
  auto const report = look();
  EXPECT_THAT(report.findings, IsEmpty()) << human_text(report);
  ASSERT_TRUE(report.directory);
  EXPECT_EQ(report.directory->records, 3);
  EXPECT_EQ(report.directory->unsigned_entries, 0);
  EXPECT_GE(report.directory->files, 1);
}

TEST_P(VerifyDirectory, HoldsAcrossAChangeOfKey) {
  std::array<unsigned char, 32> seed{};
  seed.fill(9);
  ASSERT_TRUE(run(runtime, world->log.rotate(crypto::SigningKey::from_seed(seed))));
  request.known = request.key;
  request.key = world->log.public_key();
  auto const report = look();
  EXPECT_THAT(report.findings, IsEmpty()) << human_text(report);
  EXPECT_EQ(report.directory->keys, 2);
}

TEST_P(VerifyDirectory, SaysWhichRecordsFileWasChanged) {
  std::ofstream(world->blobs.path(blob).value(), std::ios::app) << '!';
  EXPECT_THAT(look().findings,
              says(FindingKind::changed, "record " + numbers[0] + ": the file protokoll.pdf was changed"));
}

TEST_P(VerifyDirectory, SaysWhichTitleIsNotTheRegisteredOne) {
  static constexpr db::Statement kChange{"UPDATE register_record SET internal_title = 'Avslag' WHERE id = 2"};
  tamper(kChange);
  EXPECT_THAT(look().findings, says(FindingKind::changed, "record " + numbers[1] + ": the internal_title"));
}

TEST_P(VerifyDirectory, SaysWhichRecordWasBackDated) {
  static constexpr db::Statement kChange{
      "UPDATE register_record SET registered_at = registered_at - 86400000 WHERE id = 2"};
  tamper(kChange);
  EXPECT_THAT(look().findings, says(FindingKind::back_dated, "record " + numbers[1] + ": it was back-dated"));
}

TEST_P(VerifyDirectory, SaysWhichLeafIsMissing) {
  static constexpr db::Statement kDrop{"DELETE FROM log_entry WHERE idx = 1"};
  tamper(kDrop);
  EXPECT_THAT(look().findings, says(FindingKind::missing, "leaf 1 is missing"));
}

TEST_P(VerifyDirectory, SaysWhichLeavesChangedPlaces) {
  static constexpr db::Statement kAway{"UPDATE log_entry SET idx = -1 WHERE idx = 0"};
  static constexpr db::Statement kDown{"UPDATE log_entry SET idx = 0 WHERE idx = 2"};
  static constexpr db::Statement kUp{"UPDATE log_entry SET idx = 2 WHERE idx = -1"};
  for (auto const* statement : {&kAway, &kDown, &kUp}) tamper(*statement);
  EXPECT_THAT(look().findings, says(FindingKind::changed, "leaves 0 and 2 changed places"));
}

TEST_P(VerifyDirectory, SaysWhichHeadIsNotSigned) {
  static constexpr db::Statement kForge{"UPDATE log_head SET at = at + 1"};
  tamper(kForge);
  EXPECT_THAT(look().findings, says(FindingKind::signature, "the signature is not by this key"));
}

TEST_P(VerifyDirectory, SaysThatADisposedRecordIsNotOne) {
  static constexpr db::Statement kCall{"UPDATE register_record SET disposed = 1 WHERE id = 2"};
  tamper(kCall);
  EXPECT_THAT(look().findings, says(FindingKind::changed, "it is called disposed of, but"));
}

TEST_P(VerifyDirectory, LooksAtOneRecord) {
  database->read_now([&](db::Reader& reader) {
    auto const report = verify_record(reader, request, numbers[0]);
    ASSERT_TRUE(report);
    EXPECT_THAT(report->findings, IsEmpty()) << human_text(*report);
    EXPECT_EQ(report->directory->files, 1);
    EXPECT_FALSE(verify_record(reader, request, "KS 1999/1-1"));
  });
}

}  // namespace
}  // namespace torg::records
