#include "db/testing/on_both_databases.hpp"
#include "records/rendition/from_register.hpp"
#include "records/rendition/renditions.hpp"

#include <cstdlib>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace torg::records {
namespace {

using testing::HasSubstr;
using testing::Not;

RenditionContent letter() {
  RenditionContent content;
  content.record.id = RecordId(7);
  content.record.number = "KS 2026/00123-8";
  content.record.title = "Yttrande över provisorisk vall";
  content.record.came_or_made_day = std::chrono::sys_days{std::chrono::year{2026} / 11 / 24};
  content.record.registered_at = Instant(content.record.came_or_made_day) + std::chrono::hours(8);
  content.record.sender = "Länsstyrelsen Mellansjö";
  FileView file;
  file.n = 2;
  file.name = "yttrande.pdf";
  file.type = "application/pdf";
  content.record.files = {file};
  content.authority = "Kommunstyrelsen, Älvhamns kommun";
  content.items = {{.who = "Karin Lund",
                    .at = content.record.registered_at,
                    .text = "Första.\n\nAndra <b>.",
                    .earlier = {},
                    .reactions = {}}};
  return content;
}

TEST(RenditionPage, HasLanguageTitleAndTableHeaders) {
  auto const html = rendition_page(letter());
  EXPECT_THAT(html, HasSubstr("<html lang=\"sv\">"));
  EXPECT_THAT(html, HasSubstr("<title>KS 2026/00123-8 Yttrande över provisorisk vall</title>"));
  EXPECT_THAT(html, HasSubstr("<th scope=\"row\">Avsändare</th><td>Länsstyrelsen Mellansjö</td>"));
  EXPECT_THAT(html, HasSubstr("<th scope=\"col\">"));
}

TEST(RenditionPage, ShowsTextAsTextWhateverItHolds) {
  auto content = letter();
  content.items[0].text = "<script>x</script>{{number}}\x1b[1m";
  auto const html = rendition_page(content);
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;x&lt;/script&gt;{{number}}"));
  EXPECT_THAT(html, Not(HasSubstr("\x1b")));
}

TEST(RenditionPage, ShowsEarlierWordingsAndWhatWasRemoved) {
  auto content = letter();
  content.items[0].removed = true;
  content.items[0].earlier = {{content.record.registered_at, "så stod det först"}};
  auto const html = rendition_page(content);
  EXPECT_THAT(html, HasSubstr("så stod det först"));
  EXPECT_THAT(html, HasSubstr("Avsändaren hade tagit bort"));
}

TEST(RenditionPage, ListsNoRenditionAmongTheFiles) {
  auto content = letter();
  content.record.files[0].name = "old.pdf";
  content.record.files[0].role = FileRole::rendition;
  EXPECT_THAT(rendition_page(content), Not(HasSubstr("old.pdf")));
}

RenditionContent with_file(std::string type, std::string bytes, std::string name) {
  auto content = letter();
  content.record.files[0].name = std::move(name);
  content.shown = {{.report = {.n = 2, .outcome = FileOutcome::shown},
                    .type = std::move(type),
                    .bytes = std::move(bytes)}};
  return content;
}

TEST(RenditionPage, ShowsAPictureWithWhatItsSenderSaidOfIt) {
  auto content = with_file("image/png", "png", "a.png");
  EXPECT_THAT(rendition_page(content),
              HasSubstr("<img src=\"data:image/png;base64,cG5n\" alt=\"Bilden a.png. "));
  content.record.files[0].blob = db::BlobId{"b"};
  content.descriptions["b"] = "Vallen \"söder\"";
  EXPECT_THAT(rendition_page(content), HasSubstr("alt=\"Vallen &quot;söder&quot;\""));
}

TEST(RenditionPage, ShowsATableInTextAsATable) {
  auto const html = rendition_page(with_file("text/plain", "Namn;Nivå\nA;<1,2>\nB", "a.csv"));
  EXPECT_THAT(html, HasSubstr("<th scope=\"col\">Nivå</th>"));
  EXPECT_THAT(html, HasSubstr("<td>A</td><td>&lt;1,2&gt;</td>"));
  EXPECT_THAT(html, HasSubstr("<td>B</td><td></td>"));
}

TEST(RenditionPage, ShowsATextAsItsParagraphs) {
  EXPECT_THAT(rendition_page(with_file("text/plain", "Ett\n\nTvå", "a.txt")),
              HasSubstr("<p class=\"text plain\">Två</p>"));
}

TEST(RenditionPage, SaysWhyAFileIsMissing) {
  auto content = letter();
  content.shown = {
      {.report = {.n = 2,
                  .outcome = FileOutcome::failed,
                  .why = RenditionWhy{RenditionProblem::pixels, {{"width", 30000}, {"height", 9}}}},
       .type = {},
       .bytes = {}}};
  EXPECT_THAT(rendition_page(content), HasSubstr("Saknas. Bilden är för stor: 30000 × 9 bildpunkter."));
}

TEST(RenditionReport, HasASentenceForEveryProblem) {
  for (auto problem = RenditionProblem::lies; problem <= RenditionProblem::no_worker;
       problem = static_cast<RenditionProblem>(static_cast<int>(problem) + 1)) {
    EXPECT_EQ(parse_problem(to_text(problem)), problem);
    EXPECT_FALSE(sentence({problem, {}}, "sv").empty());
  }
}

TEST(FileKind, IsWhatAFileIsSaidToBe) {
  auto const kind = [](std::string name, std::string type) {
    FileView file;
    file.name = std::move(name);
    file.type = std::move(type);
    return claimed_kind(file);
  };
  EXPECT_EQ(kind("a.bin", "image/JPG; q=1").kind, FileKind::picture);
  EXPECT_EQ(kind("a.bin", "image/jpg").type, "image/jpeg");
  EXPECT_EQ(kind("Brev.DOCX", "application/octet-stream").kind, FileKind::office);
  EXPECT_EQ(kind("a.csv", "application/vnd.ms-excel").kind, FileKind::text);
  EXPECT_EQ(kind("a.xls", "application/vnd.ms-excel").kind, FileKind::office);
  EXPECT_EQ(kind("a.png", "audio/mpeg").kind, FileKind::other);
  EXPECT_EQ(kind("png", "").kind, FileKind::other);
}

TEST(RenditionContent, TakesACaptionAsThePicturesDescription) {
  auto const content = content_from(letter().record, R"({"items":[
      {"type":"m.room.message","content":{"body":"Vallen","filename":"a.png"},"attachments":[{"sha256":"a"}]},
      {"type":"m.room.message","content":{"body":"b.png","filename":"b.png"},"attachments":[{"sha256":"b"}]},
      {"type":"m.room.message","content":{"body":"c.png","alt":"Kartan"},"attachments":[{"sha256":"c"}, 7]}]})",
                                    {});
  EXPECT_EQ(content.descriptions.at("a"), "Vallen");
  EXPECT_EQ(content.descriptions.at("b"), "");
  EXPECT_EQ(content.descriptions.at("c"), "Kartan");
}

TEST(RenditionContent, ReadsItemsWithTheirEditsAndReactionsFromTheManifest) {
  People const people{.find = [](std::string_view) { return UserNid(3); },
                      .user_id = {},
                      .name = [](UserNid) { return std::string("Karin Lund"); }};
  auto const content =
      content_from(letter().record, R"({"torg_manifest":1,"room":{"id":"!r","name":"Laxån"},"items":[
      {"event_id":"$1","sender":"@maja:a","sender_name":"Maja Ekdahl","origin_server_ts":1000,"redacted":true,
       "content":{"msgtype":"m.text","body":"först"},"relations":[
         {"sender":"@maja:a","origin_server_ts":2000,"content":{"body":"* sedan","m.new_content":{"body":"sedan"},
          "m.relates_to":{"rel_type":"m.replace","event_id":"$1"}}},
         {"sender":"@karin:a","origin_server_ts":3000,
          "content":{"m.relates_to":{"rel_type":"m.annotation","event_id":"$1","key":"👍"}}}]}]})",
                   people);
  EXPECT_EQ(content.source, "Laxån");
  ASSERT_EQ(content.items.size(), 1u);
  auto const& item = content.items[0];
  EXPECT_EQ(item.who, "Maja Ekdahl");
  EXPECT_EQ(item.text, "sedan");
  EXPECT_EQ(item.at, instant_from_ms(2000));
  ASSERT_EQ(item.earlier.size(), 1u);
  EXPECT_EQ(item.earlier[0].text, "först");
  EXPECT_EQ(item.earlier[0].at, instant_from_ms(1000));
  EXPECT_EQ(item.reactions, std::vector<std::string>{"👍 Karin Lund"});
  EXPECT_TRUE(item.removed);
}

TEST(RenditionContent, ReadsWhatARegistrarEnteredByHand) {
  auto const content =
      content_from(letter().record, R"({"items":[{"type":"org.torg.incoming","sender_name":"Torg",
      "origin_server_ts":9000,"content":{"kind":"paper","party":"Granviks kommun","at":1000,"subject":"Vallen",
      "body":"Hej","original_place":"Pärm 7"}}]})",
                   {});
  ASSERT_EQ(content.items.size(), 1u);
  EXPECT_EQ(content.items[0].who, "Granviks kommun");
  EXPECT_EQ(content.items[0].at, instant_from_ms(1000));
  EXPECT_EQ(content.items[0].text, "Vallen\n\nHej");
  EXPECT_THAT(rendition_page(content), HasSubstr("Pärm 7"));
}

TEST(RenditionContent, SurvivesAManifestItDoesNotKnow) {
  for (auto const* manifest : {"", "[]", "{\"items\":[1,{\"content\":7,\"relations\":[{}]}]}"})
    EXPECT_LE(content_from(letter().record, manifest, {}).items.size(), 1u);
}

/// A worker that needs no Python: answers with what the test wants.
class RenditionJobs : public db::OnBothDatabases {
 protected:
  void SetUp() override {
    ASSERT_TRUE(database->migrate(rendition_migrations()));
    std::filesystem::create_directory(folder_.path() / "blobs");
    std::filesystem::create_directory(folder_.path() / "tmp");
    database->write_now([](db::Transaction& t) { rendition_jobs::add(t, RecordId(7), instant_from_ms(0)); });
  }
  /// A program that stands for the Python interpreter.
  std::string worker(std::string const& script) {
    auto const path = folder_.path() / "worker";
    FILE* file = std::fopen(path.c_str(), "w");
    std::fputs(("#!/bin/sh\n" + script + "\n").c_str(), file);
    std::fclose(file);
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path.string();
  }
  int run_with(std::string const& script) {
    Renditions renditions(runtime, *database, blobs_, {worker(script), ""}, reg_);
    return run(runtime, renditions.run_due());
  }
  /// One that makes a page, and of each file what `read` prints on standard error.
  int run_reading(std::string const& read) {
    return run_with("cat > /dev/null; case \"$4\" in ?*) " + read +
                    ";; *) echo '%PDF-1.7 page'; echo '{\"tool\":\"T 1\"}' >&2;; esac");
  }
  /// The record has one file, with these bytes.
  void file(std::string name, std::string type, std::string bytes = "x") {
    auto const stored = blobs_.put(bytes).value();
    reg_.content = [name, type, stored](RecordId) -> Task<Result<RenditionContent>> {
      auto content = letter();
      content.record.files[0].name = name;
      content.record.files[0].type = type;
      content.record.files[0].blob = stored.id;
      co_return content;
    };
  }
  RenditionReport report() {
    RenditionReport found;
    database->read_now([&](db::Reader& r) { found = rendition_jobs::report(r, RecordId(7)); });
    return found;
  }
  std::int64_t waiting() {
    std::int64_t count = 0;
    database->read_now([&](db::Reader& r) { count = rendition_jobs::waiting(r); });
    return count;
  }

  db::TemporaryFolder folder_;
  db::Blobs blobs_{folder_.path() / "blobs", folder_.path() / "tmp"};
  std::shared_ptr<std::vector<MadeRendition>> kept_ = std::make_shared<std::vector<MadeRendition>>();
  std::shared_ptr<int> given_up_ = std::make_shared<int>(0);
  RenditionRegister reg_{.content = [](RecordId) -> Task<Result<RenditionContent>> { co_return letter(); },
                         .keep = [kept = kept_](db::Transaction&, RecordId,
                                                MadeRendition const& made) -> Result<std::vector<int>> {
                           kept->push_back(made);
                           std::vector<int> numbers(made.files.size());
                           std::iota(numbers.begin(), numbers.end(), 3);
                           return numbers;
                         },
                         .give_up = [given = given_up_](db::Transaction&, RecordId) { ++*given; }};
};

TEST_P(RenditionJobs, KeepsWhatTheWorkerMade) {
  EXPECT_EQ(
      run_with("cat > /dev/null; echo '%PDF-1.7 x'; echo '{\"tool\":\"T 1\",\"replaced\":[\"U+E000\"]}' >&2"),
      1);
  ASSERT_EQ(kept_->size(), 1u);
  EXPECT_EQ(kept_->front().tool, "T 1");
  EXPECT_EQ(kept_->front().replaced, std::vector<std::string>{"U+E000"});
  EXPECT_EQ(blobs_.read(kept_->front().files.at(0).blob, 100).value(), "%PDF-1.7 x\n");
  EXPECT_EQ(waiting(), 0);
}

TEST_P(RenditionJobs, WaitWhenThereIsNoWorker) {
  Renditions renditions(runtime, *database, blobs_, {}, reg_);
  EXPECT_EQ(run(runtime, renditions.run_due()), 0);
  EXPECT_EQ(waiting(), 1);
}

TEST_P(RenditionJobs, AreTriedAgainLaterAndGivenUpAtLast) {
  EXPECT_EQ(run_with("exit 1"), 0);
  EXPECT_EQ(run_with("exit 1"), 0);
  EXPECT_EQ(waiting(), 1);
  EXPECT_EQ(*given_up_, 0);
  for (int i = 0; i < Renditions::kMaxAttempts; ++i) {
    database->write_now([](db::Transaction& t) {
      rendition_jobs::put_off(t, RecordId(7), instant_from_ms(0), rendition_jobs::Next::retry,
                              RenditionProblem::slow);
    });
    run_with("exit 1");
  }
  EXPECT_GE(*given_up_, 1);
  EXPECT_TRUE(kept_->empty());
  EXPECT_FALSE(report().next_attempt);
}

TEST_P(RenditionJobs, TellWhyTheLastAttemptFailedUntilSomebodyAsksAgain) {
  run_with("exit 1");
  auto const told = report();
  EXPECT_EQ(told.attempts, 1);
  EXPECT_TRUE(told.next_attempt);
  ASSERT_TRUE(told.why);
  EXPECT_EQ(told.why->problem, RenditionProblem::page);
  database->write_now([](db::Transaction& t) { rendition_jobs::add(t, RecordId(7), instant_from_ms(0)); });
  EXPECT_FALSE(report().why);
  EXPECT_EQ(report().attempts, 0);
}

TEST_P(RenditionJobs, GiveAnOfficeFileARenditionOfItsOwnAndMakeItOnce) {
  file("brev.odt", "application/vnd.oasis.opendocument.text");
  auto const convert = "echo '%PDF-1.6 brev'; echo '{\"type\":\"application/pdf\",\"tool\":\"L 7\"}' >&2";
  ASSERT_EQ(run_reading(convert), 1);
  auto const& made = kept_->front();
  ASSERT_EQ(made.files.size(), 2u);
  EXPECT_EQ(made.files[1].name, "brev.odt.pdf");
  EXPECT_EQ(made.tool, "L 7, T 1");
  EXPECT_EQ(made.state, RenditionState::done);
  ASSERT_EQ(report().files.size(), 1u);
  EXPECT_EQ(report().files[0].outcome, FileOutcome::separate);
  EXPECT_EQ(report().files[0].rendition, 4);
  database->write_now([](db::Transaction& t) { rendition_jobs::add(t, RecordId(7), instant_from_ms(0)); });
  ASSERT_EQ(run_reading("exit 1"), 1);
  EXPECT_EQ(kept_->back().files.size(), 1u);
  EXPECT_EQ(report().files[0].rendition, 4);
}

TEST_P(RenditionJobs, TellAFileThatLies) {
  file("bild.png", "image/png");
  ASSERT_EQ(run_reading("echo '{\"problem\":\"lies\",\"says\":\"image/png\",\"is\":\"text/html\"}' >&2"), 1);
  EXPECT_EQ(kept_->front().state, RenditionState::incomplete);
  EXPECT_EQ(kept_->front().files.size(), 1u);
  ASSERT_EQ(report().files.size(), 1u);
  EXPECT_EQ(report().files[0].outcome, FileOutcome::failed);
  EXPECT_EQ(sentence(report().files[0].why.value(), "en"),
            "The file says it is image/png, but it is text/html.");
}

TEST_P(RenditionJobs, TellAFileWhoseReaderIsKilled) {
  file("bild.png", "image/png");
  ASSERT_EQ(run_reading("kill -9 $$"), 1);
  EXPECT_EQ(report().files.at(0).outcome, FileOutcome::failed);
  EXPECT_EQ(report().files.at(0).why->problem, RenditionProblem::slow);
}

TEST_P(RenditionJobs, TellAFileThatIsNotThereAndOneThatHasNoReadableCopy) {
  file("bild.png", "image/png");
  auto const content = reg_.content;
  reg_.content = [content](RecordId id) -> Task<Result<RenditionContent>> {
    auto given = co_await content(id);
    auto sound = given->record.files[0];
    sound.n = 3;
    sound.name = "ljud.mp3";
    sound.type = "audio/mpeg";
    given->record.files.push_back(sound);
    given->record.files[0].blob = db::BlobId{std::string(64, 'a')};
    co_return given;
  };
  ASSERT_EQ(run_reading("exit 1"), 1);
  ASSERT_EQ(report().files.size(), 2u);
  EXPECT_EQ(report().files[0].why->problem, RenditionProblem::missing);
  EXPECT_EQ(report().files[1].outcome, FileOutcome::none);
}

TEST_P(RenditionJobs, AreAskedForAgainWhenLibreOfficeHasCome) {
  file("brev.odt", "application/vnd.oasis.opendocument.text");
  ASSERT_EQ(run_reading("echo '{\"problem\":\"no_office\"}' >&2"), 1);
  EXPECT_EQ(waiting(), 0);
  database->write_now([](db::Transaction& t) { rendition_jobs::add_without_office(t, instant_from_ms(0)); });
  EXPECT_EQ(waiting(), 1);
}

TEST_P(RenditionJobs, AreDroppedWhenTheRecordIsGone) {
  reg_.content = [](RecordId) -> Task<Result<RenditionContent>> {
    co_return fail(ErrorCode::not_found, "gone");
  };
  EXPECT_EQ(run_with("exit 1"), 0);
  EXPECT_EQ(waiting(), 0);
}

TEST_P(RenditionJobs, LeaveNoBlobBehindWhenTheRecordIsDisposedOfMeanwhile) {
  reg_.keep = [](db::Transaction&, RecordId, MadeRendition const&) -> Result<std::vector<int>> {
    return fail(ErrorCode::not_found, "gone");
  };
  EXPECT_EQ(run_with("cat > /dev/null; echo '%PDF-1.7'"), 0);
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path() / "tmp"));
  for (auto const& entry : std::filesystem::recursive_directory_iterator(folder_.path() / "blobs"))
    EXPECT_FALSE(entry.is_regular_file()) << entry.path();
}

INSTANTIATE_TEST_SUITE_P(Db, RenditionJobs, db::both_databases(), db::database_name);

/// Runs only where WeasyPrint is: script/test names it.
TEST(Renderer, MakesTheSameTaggedPdfTwice) {
  auto const* const python = std::getenv("TORG_RENDITION_WORKER");
  if (!python) GTEST_SKIP() << "TORG_RENDITION_WORKER is not set";
  RealRuntime runtime{2};
  Renderer renderer(runtime, {python, ""});
  auto const html = rendition_page(letter());
  auto const at = letter().record.registered_at;
  auto const first = run(runtime, renderer.render(html, at));
  auto const second = run(runtime, renderer.render(html, at));
  ASSERT_TRUE(first && second) << first.error().detail;
  EXPECT_TRUE(first->bytes == second->bytes);
  EXPECT_THAT(first->tool, HasSubstr("WeasyPrint"));
}

}  // namespace
}  // namespace torg::records
