#include "records/register/register.hpp"

#include "db/testing/on_both_databases.hpp"
#include "records/log/migrations/migrations.hpp"
#include "records/log/store.hpp"
#include "records/register/migrations/migrations.hpp"
#include "records/register/store.hpp"
#include "records/testing/record_builder.hpp"

#include <gmock/gmock.h>

namespace torg::records {
namespace {

class RegisterStore : public db::OnBothDatabases {
 protected:
  void SetUp() override {
    std::vector<db::Migration> all(log_migrations().begin(), log_migrations().end());
    all.insert(all.end(), register_migrations().begin(), register_migrations().end());
    ASSERT_TRUE(database->migrate(all));
  }
  Result<Registered> add(NewRecord const& record) {
    return run(runtime, database->write([record](db::Transaction& t) { return register_record(t, record); }));
  }
  RecordView read(RecordId id) {
    std::optional<RecordView> found;
    database->read_now([&](db::Reader& reader) { found = register_store::record(reader, id); });
    return found.value();
  }
  Result<> publish(RecordId id, Publication show, std::optional<std::string> title = std::nullopt) {
    Publish const decision{id,           show,         title, UserNid(9), "@sandra:alvhamn.example",
                           kTestInstant, test_seed(99)};
    return run(runtime,
               database->write([decision](db::Transaction& t) { return records::publish(t, decision); }));
  }
  Result<> correct(RecordId id, std::string field, std::string value, bool by_registrar = true) {
    Correct const correction{id,
                             field,
                             value,
                             "fel från början",
                             by_registrar,
                             UserNid(9),
                             "@sandra:alvhamn.example",
                             kTestInstant,
                             kTestDay,
                             test_seed(77)};
    return run(runtime,
               database->write([correction](db::Transaction& t) { return records::correct(t, correction); }));
  }
  static NewRecord published(std::uint64_t n) {
    auto record = a_record(n);
    record.publication = Publication::full;
    return record;
  }
  std::vector<RecordView> search(std::string text) {
    std::vector<RecordView> found;
    RecordQuery query;
    query.text = std::move(text);
    database->read_now(
        [&](db::Reader& reader) { found = register_store::search(reader, GetParam(), query); });
    return found;
  }
};
INSTANTIATE_TEST_SUITE_P(Db, RegisterStore, db::both_databases(), db::database_name);

TEST_P(RegisterStore, KeepsARecordAsItWasRegistered) {
  auto record = a_record();
  record.secrecy = Secrecy{"18 kap. 1 § OSL", kTestDay, "gäller bilagan"};
  record.attachments = {
      {FileRole::attachment, "vall.pdf", "application/pdf", 12, db::BlobId{std::string(64, 'a')}}};
  auto const added = add(record).value();
  EXPECT_EQ(added.number, "KS 2024/00001-1");
  auto const view = read(added.id);
  EXPECT_EQ(view.title, record.title);
  EXPECT_EQ(view.secrecy, record.secrecy);
  EXPECT_EQ(view.items, record.items);
  EXPECT_EQ(view.case_title, "Översvämningsskydd Laxån");
  ASSERT_EQ(view.files.size(), 2u);
  EXPECT_EQ(view.files[1].name, "vall.pdf");
}

TEST_P(RegisterStore, CountsDocumentsWithinACaseAndCasesWithinAYear) {
  auto const first = add(a_record(1)).value();
  auto record = a_record(2);
  record.of_case = first.case_id;
  EXPECT_EQ(add(record)->number, "KS 2024/00001-2");
  EXPECT_EQ(add(a_record(3))->number, "KS 2024/00002-1");
  auto next_year = a_record(4);
  next_year.today = std::chrono::sys_days(std::chrono::year(2025) / 1 / 2);
  EXPECT_EQ(add(next_year)->number, "KS 2025/00001-1");
}

TEST_P(RegisterStore, KeepsTheSeriesOfAuthoritiesApart) {
  ASSERT_TRUE(add(a_record(1)));
  auto record = a_record(2);
  record.series.authority = AuthorityId(2);
  record.series.code = "BN";
  EXPECT_EQ(add(record)->number, "BN 2024/00001-1");
}

TEST_P(RegisterStore, GivesEveryRecordItsOwnNumberWhereDocumentsAreNotCounted) {
  auto record = a_record(1);
  record.series.pattern = *NumberPattern::parse("RA-{code} {year}/{case}");
  auto const first = add(record).value();
  EXPECT_EQ(first.number, "RA-KS 2024/1");
  record.of_case = first.case_id;
  EXPECT_EQ(add(record)->number, "RA-KS 2024/2");
}

TEST_P(RegisterStore, LeavesNoGapAfterAWriteThatFailed) {
  ASSERT_TRUE(add(a_record(1)));
  ASSERT_FALSE(run(runtime, database->write([](db::Transaction& t) -> Result<Registered> {
    static_cast<void>(register_record(t, a_record(2)));
    return fail(ErrorCode::conflict, "no");
  })));
  EXPECT_EQ(add(a_record(3))->number, "KS 2024/00002-1");
}

TEST_P(RegisterStore, RefusesAClosedCaseAndAnothersCase) {
  auto const first = add(a_record(1)).value();
  auto foreign = a_record(2);
  foreign.of_case = first.case_id;
  foreign.series.authority = AuthorityId(2);
  EXPECT_EQ(add(foreign).error().code, ErrorCode::not_found);
  ASSERT_TRUE(run(runtime, database->write([id = first.case_id](db::Transaction& t) {
    return close_case(t, id, kTestDay);
  })));
  auto late = a_record(3);
  late.of_case = first.case_id;
  EXPECT_EQ(add(late).error().code, ErrorCode::conflict);
}

TEST_P(RegisterStore, ShowsTitleAndPartyOnlyAfterTheCheck) {
  auto const id = add(a_record())->id;
  EXPECT_EQ(public_view(read(id)).title, std::nullopt);
  EXPECT_TRUE(search("provisorisk").empty());
  ASSERT_TRUE(publish(id, Publication::full));
  EXPECT_EQ(public_view(read(id)).title, "Yttrande över provisorisk vall");
  EXPECT_EQ(public_view(read(id)).party, "Länsstyrelsen Mellansjö");
  EXPECT_EQ(search("provisorisk YTTRANDE").size(), 1u);
}

TEST_P(RegisterStore, WithholdsThePrivatePersonsName) {
  auto record = a_record();
  record.private_person = true;
  record.sender = "Bertil Norlén";
  record.publication = Publication::full;
  auto const id = add(record)->id;
  EXPECT_EQ(public_view(read(id)).party, std::nullopt);
  EXPECT_TRUE(public_view(read(id)).private_party);
  EXPECT_TRUE(search("norlén").empty());
  EXPECT_EQ(search("vall").size(), 1u);
}

TEST_P(RegisterStore, TakesATitleDownAgain) {
  auto record = a_record();
  record.publication = Publication::full;
  auto const id = add(record)->id;
  ASSERT_TRUE(publish(id, Publication::taken_down));
  EXPECT_EQ(public_view(read(id)).title, std::nullopt);
  EXPECT_TRUE(public_view(read(id)).taken_down);
  EXPECT_TRUE(search("provisorisk").empty());
  EXPECT_EQ(read(id).title, record.title);
}

TEST_P(RegisterStore, CorrectsByAnEventAndKeepsBothWordings) {
  auto record = a_record();
  record.publication = Publication::full;
  auto const id = add(record)->id;
  ASSERT_TRUE(correct(id, "title", "Yttrande om vallen vid Strandängen"));
  auto const view = read(id);
  EXPECT_EQ(view.title, "Yttrande om vallen vid Strandängen");
  EXPECT_EQ(public_view(view).title, "Yttrande om vallen vid Strandängen");
  ASSERT_EQ(view.corrections.size(), 1u);
  EXPECT_EQ(view.corrections[0].from, "Yttrande över provisorisk vall");
  EXPECT_TRUE(search("provisorisk").empty());
}

TEST_P(RegisterStore, SendsAnOfficersNewTitleBackToTheCheck) {
  auto record = a_record();
  record.publication = Publication::full;
  auto const id = add(record)->id;
  ASSERT_TRUE(correct(id, "title", "Ny rubrik", false));
  EXPECT_EQ(read(id).publication, Publication::waiting);
  EXPECT_EQ(public_view(read(id)).title, std::nullopt);
}

TEST_P(RegisterStore, RefusesAMarkingWithoutProvision) {
  auto const id = add(a_record())->id;
  auto const refused = correct(id, "secrecy", R"({"provision":" ","day":"2024-11-26"})");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::rule_refuses);
  ASSERT_TRUE(correct(id, "secrecy", R"({"provision":"18 kap. 1 § OSL","day":"2024-11-26"})"));
  EXPECT_EQ(read(id).secrecy->provision, "18 kap. 1 § OSL");
}

TEST_P(RegisterStore, KeepsNumberAndDateOfWhatWasNoRecord) {
  auto record = a_record();
  record.publication = Publication::full;
  auto const added = add(record).value();
  ASSERT_TRUE(correct(added.id, "not_a_record", ""));
  auto const shown = public_view(read(added.id));
  EXPECT_TRUE(read(added.id).not_a_record);
  EXPECT_EQ(shown.number, added.number);
  EXPECT_EQ(shown.title, std::nullopt);
}

TEST_P(RegisterStore, MovesARecordToAnotherCaseWithItsNumber) {
  auto const first = add(a_record(1)).value();
  auto const second = add(a_record(2)).value();
  ASSERT_TRUE(correct(first.id, "case", "KS 2024/00002"));
  EXPECT_EQ(read(first.id).case_id, second.case_id);
  EXPECT_EQ(read(first.id).number, first.number);
  EXPECT_FALSE(correct(first.id, "case", "KS 2024/09999"));
}

TEST_P(RegisterStore, LeavesATombstoneAfterDisposal) {
  auto record = a_record();
  record.publication = Publication::full;
  record.attachments = {
      {FileRole::attachment, "vall.pdf", "application/pdf", 12, db::BlobId{std::string(64, 'a')}}};
  auto const added = add(record).value();
  auto const disposed = run(runtime, database->write([id = added.id](db::Transaction& t) {
                          return dispose_record(t, id);
                        })).value();
  EXPECT_EQ(disposed.blobs.size(), 1u);
  auto const view = read(added.id);
  EXPECT_TRUE(view.disposed);
  EXPECT_EQ(view.number, added.number);
  EXPECT_TRUE(view.title.empty());
  EXPECT_TRUE(view.files.empty());
  database->read_now([&](db::Reader& reader) {
    EXPECT_EQ(register_store::manifest(reader, added.id), std::nullopt);
    for (auto const& entry : log_store::entries_of(reader, added.id)) {
      for (auto const& opening : entry.openings) {
        EXPECT_EQ(opening.destroyed, opening.name == "title" || opening.name == "internal_title" ||
                                         opening.name == "sender" || opening.name == "recipient" ||
                                         opening.name == "private_person" || opening.name == "secrecy" ||
                                         opening.name == "registered_by" || opening.name == "items" ||
                                         opening.name == "files")
            << opening.name;
      }
    }
  });
}

TEST_P(RegisterStore, FindsTheBeginningsOfWordsAndPartsOfNumbers) {
  ASSERT_TRUE(add(published(1)));
  EXPECT_EQ(search("provisor").size(), 1u);
  EXPECT_EQ(search("vall yttr").size(), 1u);
  EXPECT_EQ(search("2024/00001").size(), 1u);
  EXPECT_EQ(search("00001-1").size(), 1u);
  EXPECT_EQ(search("KS").size(), 1u);
  EXPECT_TRUE(search("visorisk").empty()) << "not the middle of a word";
  EXPECT_TRUE(search("vall finnsinte").empty()) << "every word must be there";
}

TEST_P(RegisterStore, TakesAnyQuestionForWords) {
  ASSERT_TRUE(add(published(1)));
  std::string const zero("vall\0 provisorisk", 17);
  for (auto const& text :
       {std::string("\"vall"), std::string("vall\" OR \"1"), std::string("search:vall"), std::string("vall*"),
        std::string("vall'; DROP TABLE register_record; --"), std::string("(vall"), std::string("^vall -x"),
        std::string("NEAR(vall, 1)"), std::string("'vall':*&|!<->"), std::string("\\vall\\"), zero,
        std::string("\xe2\x80\x93 vall"), std::string(200, '*'), std::string("vall AND NOT OR"),
        std::string("\xf0\x9f\x98\x80")})
    EXPECT_LE(search(text).size(), 1u) << text;
  EXPECT_EQ(search("\"vall").size(), 1u);
  EXPECT_EQ(search("vall*").size(), 1u);
  EXPECT_EQ(search("(vall").size(), 1u);
}

TEST_P(RegisterStore, ForgetsWhatIsTakenDownAndDisposedOf) {
  auto const id = add(published(1))->id;
  ASSERT_EQ(search("provisorisk").size(), 1u);
  ASSERT_TRUE(publish(id, Publication::taken_down));
  EXPECT_TRUE(search("provisorisk").empty());
  ASSERT_TRUE(publish(id, Publication::full));
  ASSERT_EQ(search("provisorisk").size(), 1u);
  ASSERT_TRUE(run(runtime, database->write([id](db::Transaction& t) -> Result<> {
    auto files = dispose_record(t, id);
    if (!files) return fail(std::move(files));
    return {};
  })));
  EXPECT_TRUE(search("provisorisk").empty());
  EXPECT_EQ(search("00001").size(), 1u) << "the number stays";
}

TEST_P(RegisterStore, FindsALikePatternLiterally) {
  auto record = a_record();
  record.publication = Publication::full;
  ASSERT_TRUE(add(record));
  EXPECT_TRUE(search("%").empty());
  EXPECT_TRUE(search("_").empty());
}

}  // namespace
}  // namespace torg::records
