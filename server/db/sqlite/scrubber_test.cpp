#include "db/sqlite/scrubber.hpp"

#include "db/testing/temporary_folder.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace torg::db {
namespace {

/// A leaf page of 512 bytes: one cell at 500, a free block of 20 bytes at 470, cells starting at 460.
std::string leaf_page() {
  std::string page(512, 'x');
  unsigned char const header[] = {0x0d,     470 >> 8,   470 & 0xff, 0,        1,
                                  460 >> 8, 460 & 0xff, 0,          500 >> 8, 500 & 0xff};
  std::ranges::copy(header, page.begin());
  page.replace(470, 4, std::string("\0\0\0\x14", 4));
  return page;
}

TEST(Scrubber, ZeroesTheGapAndTheFreeBlocksOfAPage) {
  auto page = leaf_page();
  EXPECT_TRUE(wipe_unused(page, 0));
  EXPECT_EQ(page.substr(10, 450), std::string(450, '\0'));
  EXPECT_EQ(page.substr(460, 10), std::string(10, 'x'));
  EXPECT_EQ(page.substr(474, 16), std::string(16, '\0'));
  EXPECT_EQ(page.substr(490), std::string(22, 'x'));
  EXPECT_FALSE(wipe_unused(page, 0)) << "it is clean now";
}

TEST(Scrubber, LeavesAPageAloneThatContradictsTheFormat) {
  for (auto const& [at, value] : {std::pair{0, 'x'}, {3, '\x7f'}, {5, '\x7f'}}) {
    auto page = leaf_page();
    page[static_cast<std::size_t>(at)] = value;
    auto const before = page;
    EXPECT_FALSE(wipe_unused(page, 0));
    EXPECT_EQ(page, before);
  }
}

TEST(Scrubber, FindsTheTreesOfATable) {
  TemporaryFolder folder;
  SqliteConnection connection({.path = folder.path() / "x.db"}, SqliteRole::writer);
  connection.run_script(
      "CREATE TABLE a (x); CREATE INDEX ax ON a (x); CREATE TABLE ab (x);"
      "CREATE VIRTUAL TABLE f USING fts5(t)");
  std::string_view const tables[] = {"a", "f"};
  EXPECT_EQ(trees_of(connection, tables),
            (std::vector<std::string>{"a", "ax", "f_config", "f_content", "f_data", "f_docsize", "f_idx"}));
}

}  // namespace
}  // namespace torg::db
