#pragma once
#include "db/database.hpp"

#include <filesystem>

namespace torg::db {

/// One consistent view of a database that no server runs on, for tools that must change nothing: no schema is
/// brought up to date, no lane is taken. Any one thread may use it.
class Snapshot {
 public:
  virtual ~Snapshot() = default;
  /// Throws `Failure` as every reader does.
  [[nodiscard]] virtual Reader& reader() = 0;
};

/// `not_found` when there is no such file. A file without a log beside it may lie on a medium that can't be
/// written; with one, its folder must be writable for the index of that log.
[[nodiscard]] Result<std::unique_ptr<Snapshot>> open_sqlite_snapshot(std::filesystem::path const& file);
[[nodiscard]] Result<std::unique_ptr<Snapshot>> open_postgresql_snapshot(std::string url);

}  // namespace torg::db
