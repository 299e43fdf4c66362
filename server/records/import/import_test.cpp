#include "records/import/importer.hpp"
#include "records/register/store.hpp"
#include "records/testing/office.hpp"

#include <gmock/gmock.h>

namespace torg::records {
namespace {

using ::testing::ElementsAre;

TEST(ImportLines, SayEverythingThatIsWrongWithALine) {
  auto const sheet =
      read_csv("Ärende;Diarienummer;Rubrik;Riktning;Datum;Färg\nKS 1;KS 1-1;;upp;igår;röd\n").value();
  auto const read = read_lines(sheet).value();
  ASSERT_EQ(read.lines.size(), 1u);
  EXPECT_EQ(read.lines[0].line, 2);
  EXPECT_EQ(read.lines[0].problems.size(), 4u);
  EXPECT_THAT(read.ignored, ElementsAre("Färg"));
  EXPECT_FALSE(read_lines(read_csv("Rubrik\nx\n").value()));
}

class Imports : public Office {
 protected:
  void SetUp() override {
    Office::SetUp();
    People people{.find = [this](std::string_view id) { return world->identity.find(id); },
                  .user_id = [this](UserNid user) { return world->identity.user_id(user); },
                  .name = [this](UserNid user) { return world->identity.user_id(user); }};
    importer = std::make_unique<Importer>(runtime, *database, world->governance, world->records, people);
  }
  Result<ImportReport> take(std::string_view text, ImportMode mode = ImportMode::write, UserNid by = {}) {
    auto lines = read_lines(read_csv(text).value()).value();
    return run(runtime,
               importer->run({by ? by : world->sandra, world->ks, "lista.csv", std::move(lines), mode}));
  }
  std::unique_ptr<Importer> importer;
};
INSTANTIATE_TEST_SUITE_P(Db, Imports, db::both_databases(), db::database_name);

constexpr std::string_view kList =
    "Ärende;Ärendemening;Öppnat;Avslutat;Diarienummer;Rubrik;Riktning;Avsändare;Datum\n"
    "KS 2019/00041;Bron vid Laxån;2019-02-01;;KS 2019/00041-1;Fråga om bron;in;Gun Ahlbäck;2019-02-01\n"
    "KS 2019/00041;;;;KS 2019/00041-3;Svar om bron;out;;2019-03-01\n"
    "Dnr 12/98;Gamla dammen;1998-05-01;1999-01-01;Dnr 12/98:1;Protokoll;internal;;1998-05-02\n";

TEST_P(Imports, SayOfEachLineAndWriteNothingInADryRun) {
  auto const report = take(kList, ImportMode::dry_run).value();
  EXPECT_EQ(report.fresh, 3u);
  EXPECT_FALSE(report.written);
  EXPECT_FALSE(run(runtime, world->records.record_by_number("KS 2019/00041-1")));
}

TEST_P(Imports, KeepNumbersAndGoOnAboveThem) {
  ASSERT_TRUE(take(kList)->written);
  auto const record = run(runtime, world->records.record_by_number("KS 2019/00041-3")).value();
  EXPECT_EQ(record.title, "Svar om bron");
  EXPECT_EQ(record.case_title, "Bron vid Laxån");
  EXPECT_EQ(record.rendition, RenditionState::none);
  EXPECT_THAT(run(runtime, world->records.manifest(record.id)).value(), ::testing::HasSubstr("\"line\":3"));
  auto const number = run(runtime, world->records.next_number(world->ks, *record.case_id, ""));
  EXPECT_EQ(number.value(), "KS 2019/00041-4");
  auto const closed = run(runtime, world->records.case_by_number("Dnr 12/98")).value();
  EXPECT_EQ(closed.state, CaseStage::closed);
  database->read_now(
      [&](db::Reader& reader) { EXPECT_EQ(register_store::peek_serial(reader, {world->ks, 0}, 2019), 42); });
}

TEST_P(Imports, PassOverWhatIsThere) {
  ASSERT_TRUE(take(kList)->written);
  auto const again = take(kList).value();
  EXPECT_EQ(again.there, 3u);
  EXPECT_EQ(again.fresh, 0u);
}

TEST_P(Imports, WriteNothingWhileALineIsRefused) {
  auto const report =
      take(std::string(kList) + "BN 2019/00001;Bygglov;;;BN 2019/00001-1;Ansökan;in;;2019-01-01\n").value();
  EXPECT_EQ(report.refused, 1u);
  EXPECT_EQ(report.lines.back().line, 5);
  EXPECT_FALSE(report.written);
  EXPECT_FALSE(run(runtime, world->records.case_by_number("Dnr 12/98")));
}

TEST_P(Imports, AreTheRegistrarsAndTheArchivists) {
  EXPECT_EQ(take(kList, ImportMode::dry_run, world->maja).error().code, ErrorCode::forbidden);
  EXPECT_TRUE(take(kList, ImportMode::dry_run, karin));
}

}  // namespace
}  // namespace torg::records
