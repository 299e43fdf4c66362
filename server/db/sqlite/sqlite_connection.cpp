#include "db/sqlite/sqlite_connection.hpp"

#include "db/sqlite/density.hpp"
#include "db/sqlite/stems.hpp"

#include <cerrno>

#include <fmt/format.h>

namespace torg::db {
namespace {

constexpr Statement kBeginWrite{"BEGIN IMMEDIATE"};
constexpr Statement kBeginRead{"BEGIN"};
constexpr Statement kCommit{"COMMIT"};
constexpr Statement kRollback{"ROLLBACK"};
constexpr Statement kReadPosition{"SELECT position FROM db_lane WHERE id = 1"};
constexpr Statement kStorePosition{"UPDATE db_lane SET position = $1 WHERE id = 1"};

/// How long to wait for another process that writes (a backup, an administrator's shell).
constexpr int kBusyTimeoutMs = 5'000;

// The log is cut back to 16 MiB after a burst, so that a full disk gets its space back.
constexpr char const* kCommonSetup =
    "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON; PRAGMA "
    "cell_size_check = ON;";
constexpr char const* kWriterSetup =
    "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA "
    "wal_autocheckpoint = 1000;"
    "PRAGMA journal_size_limit = 16777216;";
constexpr char const* kReaderSetup = "PRAGMA query_only = ON;";

class SqliteRow final : public Row {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}
  bool is_null(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  std::int64_t integer(int column) const override { return sqlite3_column_int64(statement_, column); }
  std::string_view text(int column) const override {
    auto const* start = reinterpret_cast<char const*>(sqlite3_column_text(statement_, column));
    return {start ? start : "", size(column)};
  }
  std::string_view bytes(int column) const override {
    auto const* start = static_cast<char const*>(sqlite3_column_blob(statement_, column));
    return {start ? start : "", size(column)};
  }

 private:
  std::size_t size(int column) const {
    return static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  }
  sqlite3_stmt* statement_;
};

int flags_of(SqliteRole role) {
  switch (role) {
    case SqliteRole::writer:
      return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    case SqliteRole::reader:
      return SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    case SqliteRole::snapshot:
      return SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
  }
  return 0;
}

bool is_out_of_space(sqlite3* db, int code) {
  if ((code & 0xff) == SQLITE_FULL) return true;
  auto const reason = sqlite3_system_errno(db);
  return (code & 0xff) == SQLITE_IOERR && (reason == ENOSPC || reason == EDQUOT);
}

/// Ends a run whatever happens: a statement that is not reset keeps its snapshot open.
class Reset {
 public:
  explicit Reset(sqlite3_stmt* statement) : statement_(statement) {}
  ~Reset() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
  Reset(Reset const&) = delete;
  Reset& operator=(Reset const&) = delete;

 private:
  sqlite3_stmt* statement_;
};

}  // namespace

SqliteConnection::SqliteConnection(SqliteOptions const& options, SqliteRole role) {
  auto const opened = sqlite3_open_v2(options.path.c_str(), &db_, flags_of(role),
                                      options.vfs.empty() ? nullptr : options.vfs.c_str());
  try {
    if (opened != SQLITE_OK) raise();
    sqlite3_extended_result_codes(db_, 1);
    sqlite3_busy_timeout(db_, kBusyTimeoutMs);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    if (register_stems(db_) != SQLITE_OK) raise();
    run_script(kCommonSetup);
    run_script(role == SqliteRole::writer ? kWriterSetup : kReaderSetup);
    if (add_density(db_) != SQLITE_OK) raise();
  } catch (...) {
    sqlite3_close_v2(db_);
    throw;
  }
}

SqliteConnection::~SqliteConnection() {
  for (auto& [key, prepared] : prepared_) sqlite3_finalize(prepared.handle);
  sqlite3_close_v2(db_);
}

void SqliteConnection::raise() const {
  if (!db_) throw Failure(ErrorCode::unavailable, "SQLite: out of memory");
  auto const code = sqlite3_extended_errcode(db_);
  auto detail = fmt::format("SQLite {}: {}", code, sqlite3_errmsg(db_));
  if (is_out_of_space(db_, code)) throw Failure(ErrorCode::storage_full, std::move(detail));
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
      throw ConstraintViolation(std::move(detail));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw Unreachable(std::move(detail));
    case SQLITE_INTERRUPT:
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
    case SQLITE_CANTOPEN:
      throw Failure(ErrorCode::unavailable, std::move(detail));
    default:
      throw Failure(ErrorCode::internal, std::move(detail));
  }
}

sqlite3_stmt* SqliteConnection::prepare(char const* sql) const {
  sqlite3_stmt* handle = nullptr;
  if (sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, nullptr) != SQLITE_OK) raise();
  for (int i = 1; i <= sqlite3_bind_parameter_count(handle); ++i) {
    auto const* name = sqlite3_bind_parameter_name(handle, i);
    if (name && name == fmt::format("${}", i)) continue;
    sqlite3_finalize(handle);
    throw Failure(ErrorCode::internal,
                  fmt::format("parameters are not $1, $2, … in order of appearance: {}", sql));
  }
  return handle;
}

void SqliteConnection::bind(sqlite3_stmt* statement, std::span<Value const> values) const {
  if (sqlite3_bind_parameter_count(statement) != static_cast<int>(values.size()))
    throw Failure(ErrorCode::internal, fmt::format("wrong number of values for: {}", sqlite3_sql(statement)));
  int index = 0;
  for (auto const& value : values) {
    ++index;
    int code = SQLITE_OK;
    switch (value.kind()) {
      case Value::Kind::null:
        code = sqlite3_bind_null(statement, index);
        break;
      case Value::Kind::integer:
        code = sqlite3_bind_int64(statement, index, value.integer());
        break;
      case Value::Kind::text:
        code = sqlite3_bind_text64(statement, index, value.text().data() ? value.text().data() : "",
                                   value.text().size(), SQLITE_STATIC, SQLITE_UTF8);
        break;
      case Value::Kind::bytes:
        code = sqlite3_bind_blob64(statement, index, value.text().data() ? value.text().data() : "",
                                   value.text().size(), SQLITE_STATIC);
        break;
    }
    if (code != SQLITE_OK) raise();
  }
}

std::int64_t SqliteConnection::step_all(sqlite3_stmt* statement, std::span<Value const> values,
                                        Reader::OnRow const& on_row) {
  Reset const reset(statement);
  bind(statement, values);
  SqliteRow const row(statement);
  for (;;) {
    auto const code = sqlite3_step(statement);
    if (code == SQLITE_DONE) break;
    if (code != SQLITE_ROW) raise();
    if (on_row) on_row(row);
  }
  return sqlite3_stmt_readonly(statement) ? 0 : sqlite3_changes64(db_);
}

std::int64_t SqliteConnection::run(Statement const& statement, std::span<Value const> values,
                                   Reader::OnRow const& on_row) {
  auto& prepared = prepared_[&statement];
  if (!prepared.handle) prepared.handle = prepare(statement.sql);
  if (prepared.running) {
    std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> const second(prepare(statement.sql),
                                                                            sqlite3_finalize);
    return step_all(second.get(), values, on_row);
  }
  struct Running {
    explicit Running(bool& f) : flag(f) { flag = true; }
    ~Running() { flag = false; }
    bool& flag;
  } const running(prepared.running);
  return step_all(prepared.handle, values, on_row);
}

Position SqliteConnection::begin_write() {
  run(kBeginWrite, {}, nullptr);
  run(kReadPosition, {}, [this](Row const& row) { stored_ = row.number<Position>(0); });
  return stored_;
}

void SqliteConnection::commit_write(Position last) {
  if (last != stored_) {
    Value const value[] = {last};
    run(kStorePosition, value, nullptr);
  }
  run(kCommit, {}, nullptr);
}

void SqliteConnection::begin_read() { run(kBeginRead, {}, nullptr); }

void SqliteConnection::interrupt() { sqlite3_interrupt(db_); }

void SqliteConnection::rollback() noexcept {
  if (sqlite3_get_autocommit(db_)) return;  // SQLite has rolled back by itself
  try {
    run(kRollback, {}, nullptr);
  } catch (Failure const&) {
    // It fails only where SQLite has rolled back already.
  }
}

void SqliteConnection::run_script(std::string const& sql) {
  if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) raise();
}

void SqliteConnection::edit_pages(std::function<void()> const& work) {
  struct Defend {
    explicit Defend(sqlite3* connection) : db(connection) { set(0); }
    ~Defend() { set(1); }
    void set(int on) const { sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, on, nullptr); }
    sqlite3* db;
  } const defend(db_);
  work();
}

void SqliteConnection::truncate_log() {
  if (sqlite3_wal_checkpoint_v2(db_, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr) != SQLITE_OK)
    raise();
}

}  // namespace torg::db
