#include "db/testing/on_both_databases.hpp"
#include "records/rendition/from_register.hpp"
#include "records/rendition/renditions.hpp"

#include <cstdlib>

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
    Renditions renditions(runtime, *database, blobs_, worker(script), reg_);
    return run(runtime, renditions.run_due());
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
  RenditionRegister reg_{
      .content = [](RecordId) -> Task<Result<RenditionContent>> { co_return letter(); },
      .keep = [kept = kept_](db::Transaction&, RecordId, MadeRendition const& made) -> Result<> {
        kept->push_back(made);
        return {};
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
  EXPECT_EQ(blobs_.read(kept_->front().file.blob, 100).value(), "%PDF-1.7 x\n");
  EXPECT_EQ(waiting(), 0);
}

TEST_P(RenditionJobs, WaitWhenThereIsNoWorker) {
  Renditions renditions(runtime, *database, blobs_, "", reg_);
  EXPECT_EQ(run(runtime, renditions.run_due()), 0);
  EXPECT_EQ(waiting(), 1);
}

TEST_P(RenditionJobs, AreTriedAgainLaterAndGivenUpAtLast) {
  EXPECT_EQ(run_with("exit 1"), 0);
  EXPECT_EQ(run_with("exit 1"), 0);
  EXPECT_EQ(waiting(), 1);
  EXPECT_EQ(*given_up_, 0);
  for (int i = 0; i < Renditions::kMaxAttempts; ++i) {
    database->write_now(
        [](db::Transaction& t) { rendition_jobs::retry_at(t, RecordId(7), instant_from_ms(0), "x"); });
    run_with("exit 1");
  }
  EXPECT_GE(*given_up_, 1);
  EXPECT_TRUE(kept_->empty());
}

TEST_P(RenditionJobs, AreDroppedWhenTheRecordIsGone) {
  reg_.content = [](RecordId) -> Task<Result<RenditionContent>> {
    co_return fail(ErrorCode::not_found, "gone");
  };
  EXPECT_EQ(run_with("exit 1"), 0);
  EXPECT_EQ(waiting(), 0);
}

TEST_P(RenditionJobs, LeaveNoBlobBehindWhenTheRecordIsDisposedOfMeanwhile) {
  reg_.keep = [](db::Transaction&, RecordId, MadeRendition const&) -> Result<> {
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
  Renderer renderer(runtime, python);
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
