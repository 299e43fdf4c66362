#pragma once
#include <sqlite3.h>

namespace torg::db {

/// The functions by which FTS5 is extended, of one connection; null when SQLite was built without it.
[[nodiscard]] fts5_api* fts5_of(sqlite3* connection);

}  // namespace torg::db
