// Why secure_delete alone is not enough.
//
// `PRAGMA secure_delete` zeroes a cell when it is deleted. But when a page is split or two are joined, live
// cells move to a sibling, and what they leave in the gap between the cell pointers and the cells stays as it
// was: a copy that a later deletion does not know of. (Measured: 8 of 2,400 deleted rows could still be read
// in the file.) Such a copy never travels: a page is rebuilt from its cells. So, after the deletion is
// committed, one pass over the pages that zeroes what no cell uses leaves nothing. VACUUM would too, but it
// rewrites the whole file and needs its size again.
#include "db/sqlite/scrubber.hpp"

#include <algorithm>

namespace torg::db {
namespace {

// A table's b-trees carry its name in tbl_name; shadow tables of a virtual table are named after it.
constexpr Statement kTrees{
    "SELECT name, tbl_name FROM sqlite_schema WHERE rootpage > 0 UNION ALL SELECT 'sqlite_schema', '' ORDER "
    "BY 1"};
constexpr Statement kPages{"SELECT pageno FROM dbstat('main') WHERE name = $1 AND pagetype <> 'overflow'"};
constexpr Statement kReadPage{"SELECT data FROM sqlite_dbpage('main') WHERE pgno = $1"};
constexpr Statement kWritePage{"UPDATE sqlite_dbpage SET data = $1 WHERE pgno = $2"};

constexpr std::size_t kFileHeader = 100;

std::size_t number_at(std::string const& page, std::size_t at) {
  return static_cast<std::size_t>(static_cast<unsigned char>(page[at])) << 8 |
         static_cast<unsigned char>(page[at + 1]);
}

bool zero(std::string& page, std::size_t from, std::size_t to) {
  auto const first = page.begin() + static_cast<std::ptrdiff_t>(from);
  auto const last = page.begin() + static_cast<std::ptrdiff_t>(to);
  if (std::all_of(first, last, [](char c) { return c == 0; })) return false;
  std::fill(first, last, 0);
  return true;
}

bool wipe_free_blocks(std::string& page, std::size_t first, std::size_t cells_start) {
  bool found = false;
  for (auto block = first; block != 0;) {
    if (block < cells_start || block + 4 > page.size()) return found;
    auto const next = number_at(page, block);
    auto const size = number_at(page, block + 2);
    if (size < 4 || block + size > page.size() || (next != 0 && next <= block)) return found;
    found |= zero(page, block + 4, block + size);
    block = next;
  }
  return found;
}

bool belongs(std::string_view tree, std::string_view table, std::span<std::string_view const> tables) {
  return std::ranges::any_of(tables, [&](std::string_view named) {
    return table == named ||
           (tree.size() > named.size() && tree.starts_with(named) && tree[named.size()] == '_');
  });
}

}  // namespace

bool wipe_unused(std::string& page, std::size_t first_header) {
  if (page.size() < first_header + 12) return false;
  auto const type = page[first_header];
  bool const leaf = type == 0x0a || type == 0x0d;
  if (!leaf && type != 0x02 && type != 0x05) return false;
  auto const cells = number_at(page, first_header + 3);
  auto cells_start = number_at(page, first_header + 5);
  if (cells_start == 0) cells_start = 65'536;
  auto const pointers_end = first_header + (leaf ? 8 : 12) + 2 * cells;
  if (pointers_end > cells_start || cells_start > page.size()) return false;
  bool found = zero(page, pointers_end, cells_start);
  found |= wipe_free_blocks(page, number_at(page, first_header + 1), cells_start);
  return found;
}

std::vector<std::string> trees_of(SqliteConnection& connection, std::span<std::string_view const> tables) {
  std::vector<std::string> trees;
  connection.run(kTrees, {}, [&](Row const& row) {
    if (tables.empty() || belongs(row.text(0), row.text(1), tables)) trees.push_back(row.string(0));
  });
  return trees;
}

void wipe_tree(SqliteConnection& connection, std::string const& tree) {
  auto const position = connection.begin_write();
  std::vector<std::int64_t> pages;
  Value const name[] = {tree};
  connection.run(kPages, name, [&](Row const& row) { pages.push_back(row.integer(0)); });
  connection.edit_pages([&] {
    std::string page;
    for (auto const number : pages) {
      Value const key[] = {number};
      connection.run(kReadPage, key, [&](Row const& row) { page = row.bytes(0); });
      if (!wipe_unused(page, number == 1 ? kFileHeader : 0)) continue;
      Value const wiped[] = {Bytes{page}, number};
      connection.run(kWritePage, wiped, nullptr);
    }
  });
  connection.commit_write(position);
}

}  // namespace torg::db
