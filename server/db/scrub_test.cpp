#include "db/testing/on_both_databases.hpp"

#include <algorithm>
#include <fstream>
#include <random>
#include <unordered_set>

#include <fmt/format.h>

namespace torg::db {
namespace {

namespace fs = std::filesystem;

constexpr Migration kMigrations[] = {
    {"note", 1,
     "CREATE TABLE note (id {id}, mark TEXT NOT NULL, body TEXT NOT NULL);\n"
     "CREATE INDEX note_mark ON note (mark);\n"
     "CREATE TABLE label (mark TEXT PRIMARY KEY, body TEXT NOT NULL) {rowless};\n"
     "{sqlite}CREATE VIRTUAL TABLE word USING fts5(text);\n"
     "{sqlite}INSERT INTO word(word, rank) VALUES ('secure-delete', 1);\n"
     "{postgresql}CREATE TABLE word (rowid BIGINT PRIMARY KEY, text TEXT NOT NULL);\n"},
};
constexpr Statement kInsertNote{"INSERT INTO note (id, mark, body) VALUES ($1, $2, $3)"};
constexpr Statement kInsertLabel{"INSERT INTO label (mark, body) VALUES ($1, $2)"};
constexpr Statement kInsertWord{"INSERT INTO word (rowid, text) VALUES ($1, $2)"};
constexpr Statement kDeleteNote{"DELETE FROM note WHERE id = $1"};
constexpr Statement kDeleteLabel{"DELETE FROM label WHERE mark = $1"};
constexpr Statement kDeleteWord{"DELETE FROM word WHERE rowid = $1"};
constexpr Statement kCount{
    "SELECT (SELECT count(*) FROM note) + (SELECT count(*) FROM label) + (SELECT count(*) FROM word)"};

/// Rows of all sizes under random keys, so that pages split and join.
class Scrub : public OnBothDatabases {
 protected:
  void SetUp() override { ASSERT_TRUE(database->migrate(kMigrations)); }

  static std::string mark(std::uint64_t id) { return fmt::format("mark{:016x}", id * 0x9e3779b97f4a7c15); }

  void insert(Transaction& t, std::int64_t id) {
    constexpr std::size_t kSizes[] = {0, 90, 300, 600, 2000, 6000};
    auto const name = mark(static_cast<std::uint64_t>(id));
    auto const body = name + std::string(kSizes[random() % std::size(kSizes)], 'x');
    t.execute(kInsertNote, {id, name, body});
    t.execute(kInsertLabel, {name, body});
    t.execute(kInsertWord, {id, name + " and other words"});
    live.push_back(id);
  }
  void erase(Transaction& t) {
    std::swap(live[random() % live.size()], live.back());
    auto const id = live.back();
    live.pop_back();
    t.execute(kDeleteNote, {id});
    t.execute(kDeleteLabel, {mark(static_cast<std::uint64_t>(id))});
    t.execute(kDeleteWord, {id});
    erased.push_back(id);
  }
  std::string all_bytes() const {
    std::string bytes;
    for (auto const& entry : fs::recursive_directory_iterator(database.files())) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      auto const size = fs::file_size(entry.path());
      auto const start = bytes.size();
      bytes.resize(start + size);
      file.read(bytes.data() + start, static_cast<std::streamsize>(size));
    }
    return bytes;
  }
  /// How many of `ids` can be read in any file of the database.
  std::size_t traces(std::vector<std::int64_t> const& ids) const {
    std::unordered_set<std::string_view> found;
    auto const bytes = all_bytes();
    std::string_view const view = bytes;
    for (auto at = view.find("mark"); at != std::string_view::npos; at = view.find("mark", at + 1))
      found.insert(view.substr(at, 20));
    return static_cast<std::size_t>(std::ranges::count_if(
        ids, [&](std::int64_t id) { return found.contains(mark(static_cast<std::uint64_t>(id))); }));
  }
  void fill() {
    for (int batch = 0; batch < 60; ++batch)
      database->write_now([&](Transaction& t) {
        for (int i = 0; i < 20; ++i) insert(t, static_cast<std::int64_t>(random() >> 20));
        if (batch % 3 == 0)
          for (int i = 0; i < 10; ++i) erase(t);
      });
  }

  std::mt19937_64 random{7};
  std::vector<std::int64_t> live;
  std::vector<std::int64_t> erased;
};
INSTANTIATE_TEST_SUITE_P(Db, Scrub, both_databases(), database_name);

TEST_P(Scrub, LeavesNoDeletedByteInAnyFile) {
  fill();
  EXPECT_GT(traces(erased), 0u);
  auto const scrubbed = database->scrub();
  ASSERT_TRUE(scrubbed) << scrubbed.error().detail;
  EXPECT_EQ(traces(erased), 0u);
  EXPECT_EQ(traces(live), live.size());
  std::int64_t rows = 0;
  database->read_now(
      [&](Reader& r) { rows = *r.query_one(kCount, {}, [](Row const& row) { return row.integer(0); }); });
  EXPECT_EQ(rows, static_cast<std::int64_t>(3 * live.size()));
}

TEST_P(Scrub, CleansTheTablesItIsToldTo) {
  fill();
  std::string_view const tables[] = {"note", "label", "word"};
  ASSERT_TRUE(database->scrub(tables));
  EXPECT_EQ(traces(erased), 0u);
}

TEST_P(Scrub, MayRunOnTheOffloadPoolWhileOthersWrite) {
  fill();
  auto const both = [this]() -> Task<bool> {
    auto scrubbed = co_await run_offloaded(runtime, [this] { return database->scrub(); });
    auto written = co_await database->write(
        [](Transaction& t) -> Result<std::int64_t> { return t.execute(kInsertWord, {1, "after"}); });
    co_return scrubbed&& written;
  };
  EXPECT_TRUE(run(runtime, both()));
}

}  // namespace
}  // namespace torg::db
