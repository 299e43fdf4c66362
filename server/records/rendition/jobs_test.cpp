#include "db/testing/on_both_databases.hpp"
#include "records/rendition/renditions.hpp"
#include "records/rendition/testing.hpp"

#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace torg::records {
namespace {

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

}  // namespace
}  // namespace torg::records
