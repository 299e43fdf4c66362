#pragma once
#include "db/sqlite/sqlite_connection.hpp"

#include <string>
#include <vector>

namespace torg::db {

/// Zeroes what lies unused in a b-tree page: the gap between the cell pointers and the cells, and the free
/// blocks between cells. `first_header` is where the page header starts: 100 on page 1, else 0.
/// @return whether anything but zeros was there. A page that contradicts the format is left alone.
/// @see https://www.sqlite.org/fileformat2.html#b_tree_pages
[[nodiscard]] bool wipe_unused(std::string& page, std::size_t first_header);

/// The b-trees of the tables named, with their indexes and (full-text search) shadow tables; all, when none
/// is named.
[[nodiscard]] std::vector<std::string> trees_of(SqliteConnection& connection,
                                                std::span<std::string_view const> tables);

/// Wipes the pages of one b-tree, in a transaction of its own.
void wipe_tree(SqliteConnection& connection, std::string const& tree);

}  // namespace torg::db
