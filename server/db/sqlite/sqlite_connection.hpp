#pragma once
#include "db/connection.hpp"

#include <unordered_map>

#include <sqlite3.h>

namespace torg::db {

enum class SqliteRole : std::uint8_t {
  writer,
  reader,
  snapshot,  ///< of a file that nobody writes; its path is a URI
};

/// One connection to a SQLite file, with its prepared statements.
class SqliteConnection final : public Connection {
 public:
  SqliteConnection(SqliteOptions const& options, SqliteRole role);
  ~SqliteConnection() override;
  SqliteConnection(SqliteConnection const&) = delete;
  SqliteConnection& operator=(SqliteConnection const&) = delete;

  std::int64_t run(Statement const& statement, std::span<Value const> values,
                   Reader::OnRow const& on_row) override;
  Position begin_write() override;
  void commit_write(Position last) override;
  void begin_read() override;
  void rollback() noexcept override;
  void run_script(std::string const& sql) override;
  Database::Kind kind() const override { return Database::Kind::sqlite; }

  /// Ends the statement under way with `unavailable`. Any thread may call it.
  void interrupt();

  /// Moves the whole log into the file and empties it. Fails when a reader of another process holds it.
  void truncate_log();
  /// Runs `work` while pages may be written as such (`sqlite_dbpage`), which is forbidden otherwise.
  void edit_pages(std::function<void()> const& work);

 private:
  struct Prepared {
    sqlite3_stmt* handle = nullptr;
    bool running = false;  ///< a row callback may run the same statement again
  };

  sqlite3_stmt* prepare(char const* sql) const;
  std::int64_t step_all(sqlite3_stmt* statement, std::span<Value const> values, Reader::OnRow const& on_row);
  void bind(sqlite3_stmt* statement, std::span<Value const> values) const;
  [[noreturn]] void raise() const;

  sqlite3* db_ = nullptr;
  std::unordered_map<Statement const*, Prepared>
      prepared_;  // looked up only, never walked in a way that shows
  Position stored_;
};

}  // namespace torg::db
