#pragma once
#include <sqlite3.h>

namespace torg::db {

/// Adds the function `density(table, column)` of full-text tables: how much of that column's text is what was
/// looked for, between 0 and 1. As `bm25` without the rarity of words, for which that reads all rows that
/// hold one.
/// @return a SQLite result code
int add_density(sqlite3* connection);

}  // namespace torg::db
