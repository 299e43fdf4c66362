// Verification of a data directory: bytes of files per second, and entries of the log per second.
#include "db/blobs.hpp"
#include "db/testing/temporary_database.hpp"
#include "db/testing/temporary_folder.hpp"
#include "matrix/media/media.hpp"
#include "records/disposal/migrations/migrations.hpp"
#include "records/log/log.hpp"
#include "records/log/migrations/migrations.hpp"
#include "records/register/migrations/migrations.hpp"
#include "records/testing/record_builder.hpp"
#include "records/verify/directory.hpp"
#include "records/verify/file_check.hpp"
#include "runtime/testing.hpp"

#include <benchmark/benchmark.h>

namespace torg::records {
namespace {

constexpr std::size_t kFiles = 64;
constexpr std::size_t kFileBytes = 8 << 20;
constexpr std::uint64_t kRecords = 20'000;

/// A register with records and files, on SQLite.
class Directory {
 public:
  Directory() {
    std::vector<db::Migration> all;
    for (auto const some :
         {matrix::Media::migrations(), log_migrations(), register_migrations(), disposal_migrations()})
      all.insert(all.end(), some.begin(), some.end());
    if (!database_->migrate(all)) std::abort();
    database_->write_now([](db::Transaction& t) {
      for (std::uint64_t n = 0; n < kRecords; ++n) {
        if (!register_record(t, a_record(n))) std::abort();
      }
    });
    std::string bytes(kFileBytes, 'x');
    for (std::size_t n = 0; n < kFiles; ++n) {
      bytes[0] = static_cast<char>(n);
      if (!blobs_.put(bytes)) std::abort();
    }
  }
  db::Database& database() { return *database_; }
  [[nodiscard]] std::filesystem::path blobs() const { return folder_.path() / "blobs"; }

 private:
  db::TemporaryFolder folder_;
  RealRuntime runtime_{1};
  db::TemporaryDatabase database_ = db::TemporaryDatabase::open(runtime_, db::Database::Kind::sqlite);
  db::Blobs blobs_{made(folder_.path() / "blobs"), made(folder_.path() / "tmp")};

  static std::filesystem::path made(std::filesystem::path path) {
    std::filesystem::create_directories(path);
    return path;
  }
};

Directory& directory() {
  static Directory made;
  return made;
}

void verify_files(benchmark::State& state) {
  auto& data = directory();
  for (auto _ : state) {
    VerifyReport report;
    report.directory = VerifyReport::Directory{};
    data.database().read_now([&](db::Reader& reader) { check_blobs(reader, report, data.blobs()); });
    if (!report.holds()) state.SkipWithError("the files do not verify");
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * kFiles * kFileBytes));
}
BENCHMARK(verify_files)->Unit(benchmark::kMillisecond);

void verify_records(benchmark::State& state) {
  auto& data = directory();
  DirectoryRequest const request{
      .blobs = "/nonexistent", .log = "alvhamn.example", .key = crypto::PublicKey{}};
  for (auto _ : state) {
    data.database().read_now([&](db::Reader& reader) {
      auto const report = verify_directory(reader, request);
      if (!report.holds()) state.SkipWithError(human_text(report).substr(0, 500).c_str());
    });
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kRecords));
}
BENCHMARK(verify_records)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace torg::records
