#include "db/postgres/postgres_connection.hpp"

#include "db/postgres/postgres_values.hpp"

#include <array>
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace torg::db {
namespace {

// "Torg" and "lane" as numbers. Advisory locks are per database, so that several servers may share a cluster.
constexpr std::int64_t kNodeLock = 0x546f7267'0001;
constexpr std::int64_t kLaneLock = 0x6c616e65'0001;

/// A statement that takes longer has met a lock or a dead disk; its caller has given up long ago.
constexpr char const* kSession =
    "SET statement_timeout = '30s'; SET lock_timeout = '2s'; SET timezone = 'UTC'; SET "
    "standard_conforming_strings = on";
constexpr char const* kNoTimeout = "SET LOCAL statement_timeout = 0; ";
constexpr char const* kTables =
    "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename";
/// A snapshot from before the deletion would make VACUUM keep the rows: waits up to 30 seconds for the last
/// one to end. Nothing is written meanwhile, so every newer snapshot has age 0.
constexpr char const* kWaitForOldSnapshots = R"(DO $$
  BEGIN
    FOR i IN 1..600 LOOP
      IF NOT EXISTS (SELECT FROM pg_stat_activity
                     WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
                       AND age(backend_xmin) > 0) THEN
        RETURN;
      END IF;
      PERFORM pg_stat_clear_snapshot(), pg_sleep(0.05);
    END LOOP;
    RAISE lock_not_available USING MESSAGE = 'a long transaction (a backup?) still sees the deleted rows';
  END $$)";

std::string_view sql_state(Libpq const& pq, PGresult const* result) {
  auto const* state = result ? pq.result_error_field(result, PG_DIAG_SQLSTATE) : nullptr;
  return state ? state : "";
}

/// What keywords of the connection are set unless `url` says otherwise: the last one counts.
struct Parameters {
  explicit Parameters(std::string const& url)
      : values{"5", "10", "5", "3", "15000", "UTF8", "torg", url.c_str(), nullptr} {}
  std::array<char const*, 9> keywords{"connect_timeout",  "keepalives_idle",  "keepalives_interval",
                                      "keepalives_count", "tcp_user_timeout", "client_encoding",
                                      "application_name", "dbname",           nullptr};
  std::array<char const*, 9> values;
};

void ignore_notice(void*, char const*) {}  // "relation exists already, skipping"

}  // namespace

class PostgresConnection::ResultRow final : public Row {
 public:
  ResultRow(Libpq const& pq, PGresult const* result) : pq_(pq), result_(result) {}
  void stand_on(int row) { row_ = row; }

  bool is_null(int column) const override { return pq_.is_null(result_, row_, column) != 0; }
  std::int64_t integer(int column) const override {
    return is_null(column) ? 0 : decode_integer(pq_.column_type(result_, column), raw(column));
  }
  std::string_view text(int column) const override {
    if (is_null(column)) return {};
    check_textual(pq_.column_type(result_, column));
    return raw(column);
  }
  std::string_view bytes(int column) const override { return text(column); }

 private:
  std::string_view raw(int column) const {
    return {pq_.value(result_, row_, column), static_cast<std::size_t>(pq_.length(result_, row_, column))};
  }

  Libpq const& pq_;
  PGresult const* result_;
  int row_ = 0;
};

PostgresConnection::PostgresConnection(std::shared_ptr<Libpq const> pq, std::string url, PostgresRole role)
    : pq_(std::move(pq)), url_(std::move(url)), role_(role) {
  try {
    connect();
    if (role_ == PostgresRole::reader) return;
    exec(kLaneSchema);
    auto const raised =
        exec(fmt::format("BEGIN; SELECT pg_advisory_xact_lock({}); "
                         "UPDATE db_lane SET fence = fence + 1 WHERE id = 1 RETURNING fence",
                         kLaneLock));
    fence_ = number(raised.get(), 0);
    exec("COMMIT");
  } catch (...) {
    pq_->finish(connection_);
    throw;
  }
}

PostgresConnection::~PostgresConnection() { pq_->finish(connection_); }

void PostgresConnection::connect() {
  pq_->finish(connection_);
  prepared_.clear();
  Parameters const parameters(url_);
  connection_ = pq_->connect(parameters.keywords.data(), parameters.values.data(), 1);
  if (!is_alive()) raise(nullptr);
  pq_->set_notice_processor(connection_, ignore_notice, nullptr);
  exec(kSession);
  if (role_ == PostgresRole::lane) claim();
}

/// The lock lives and dies with the session: a node that crashed leaves none behind.
void PostgresConnection::claim() {
  try {
    exec(fmt::format("SELECT pg_advisory_lock({})", kNodeLock));
  } catch (Failure const& failure) {
    if (!is_alive()) throw;
    throw Unreachable(fmt::format("another Torg server runs on this database ({})", failure.what()));
  }
  exec("SET lock_timeout = 0");
}

bool PostgresConnection::is_alive() const { return connection_ && pq_->status(connection_) == CONNECTION_OK; }

void PostgresConnection::revive() {
  if (!is_alive()) connect();
}

void PostgresConnection::raise(PGresult const* result) const {
  auto const state = sql_state(*pq_, result);
  // Not the whole message: its details name values, and the log holds no content.
  auto const* primary = result ? pq_->result_error_field(result, PG_DIAG_MESSAGE_PRIMARY) : nullptr;
  auto const* said = primary ? primary : pq_->error_message(connection_);
  auto detail = fmt::format("PostgreSQL {}: {}", state, said);
  if (!is_alive()) throw Unreachable(std::move(detail));
  if (state.starts_with("23")) throw ConstraintViolation(std::move(detail));
  if (state == "53100") throw Failure(ErrorCode::storage_full, std::move(detail));
  // Lack of resources, shutting down, timeouts, deadlock.
  if (state.starts_with("53") || state.starts_with("57") || state.starts_with("55") ||
      state.starts_with("40"))
    throw Failure(ErrorCode::unavailable, std::move(detail));
  throw Failure(ErrorCode::internal, std::move(detail));
}

PostgresConnection::ResultPtr PostgresConnection::check(PGresult* result) const {
  ResultPtr owned(result, Clear{pq_.get()});
  auto const status = result ? pq_->result_status(result) : PGRES_FATAL_ERROR;
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) raise(result);
  return owned;
}

std::string const& PostgresConnection::prepare(Statement const& statement, std::span<Value const> values) {
  std::string kinds;
  for (auto const& value : values) kinds += static_cast<char>(value.kind());
  auto const [it, fresh] = prepared_.try_emplace({&statement, std::move(kinds)});
  if (!fresh) return it->second;
  std::vector<Oid> types;
  for (auto const& value : values) types.push_back(type_of(value));
  auto name = fmt::format("s{}", prepared_.size());
  try {
    check(
        pq_->prepare(connection_, name.c_str(), statement.sql, static_cast<int>(types.size()), types.data()));
  } catch (Failure const&) {
    prepared_.erase(it);
    throw;
  }
  return it->second = std::move(name);
}

std::int64_t PostgresConnection::run(Statement const& statement, std::span<Value const> values,
                                     Reader::OnRow const& on_row) {
  auto const& name = prepare(statement, values);
  BoundValues const bound(values);
  auto const result = check(pq_->exec_prepared(connection_, name.c_str(), bound.count(), bound.pointers(),
                                               bound.lengths(), bound.formats(), kBinary));
  if (on_row) {
    ResultRow row(*pq_, result.get());
    for (int i = 0, rows = pq_->row_count(result.get()); i < rows; ++i) {
      row.stand_on(i);
      on_row(row);
    }
  }
  if (std::string_view(pq_->command_status(result.get())).starts_with("SELECT")) return 0;
  std::string_view const changed = pq_->command_tuples(result.get());
  std::int64_t count = 0;
  std::from_chars(changed.data(), changed.data() + changed.size(), count);
  return count;
}

std::int64_t PostgresConnection::number(PGresult const* result, int column) const {
  if (pq_->row_count(result) != 1)
    throw Failure(ErrorCode::internal, "the row of the commit lane is missing");
  std::string_view const text = pq_->value(result, 0, column);
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// One round trip, three statements: in READ COMMITTED each has a snapshot of its own, so that the counter is
/// read as the previous holder of the lock left it.
PostgresConnection::ResultPtr PostgresConnection::begin() const {
  return exec(
      fmt::format("BEGIN; SELECT pg_advisory_xact_lock({}); SELECT position, fence FROM db_lane WHERE id = 1",
                  kLaneLock));
}

Position PostgresConnection::begin_write() {
  ResultPtr read(nullptr, Clear{pq_.get()});
  try {
    read = begin();
  } catch (Unreachable const&) {  // cut while it lay idle: nothing is in doubt yet
    revive();
    read = begin();
  }
  if (number(read.get(), 1) != fence_)
    throw Unreachable("another Torg server has taken over this database; stop this one");
  return stored_ = Position(number(read.get(), 0));
}

void PostgresConnection::commit_write(Position last) {
  auto const committed =
      last == stored_
          ? exec("COMMIT")
          : exec(fmt::format("UPDATE db_lane SET position = {} WHERE id = 1; COMMIT", last.value));
  // A transaction that failed earlier answers COMMIT with ROLLBACK, and no error.
  if (std::string_view(pq_->command_status(committed.get())) != "COMMIT")
    throw Failure(ErrorCode::internal, "PostgreSQL did not commit");
}

void PostgresConnection::begin_read() { exec("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"); }

void PostgresConnection::rollback() noexcept {
  if (!is_alive() || pq_->transaction_status(connection_) == PQTRANS_IDLE) return;
  ResultPtr const ignored(pq_->exec(connection_, "ROLLBACK"),
                          Clear{pq_.get()});  // fails only with the connection
}

void PostgresConnection::run_script(std::string const& sql) { exec(kNoTimeout + sql); }

std::vector<std::string> PostgresConnection::all_tables() const {
  auto const found = exec(kTables);
  std::vector<std::string> tables;
  for (int i = 0, rows = pq_->row_count(found.get()); i < rows; ++i)
    tables.emplace_back(pq_->value(found.get(), i, 0));
  return tables;
}

void PostgresConnection::rewrite_tables(std::span<std::string_view const> tables) {
  std::vector<std::string> names(tables.begin(), tables.end());
  if (names.empty()) names = all_tables();
  exec("SET statement_timeout = 0");
  exec(kWaitForOldSnapshots);
  exec(fmt::format("VACUUM (FULL, ANALYZE) {}", fmt::join(names, ", ")));
  exec("VACUUM (FULL) pg_statistic");  // the planner's samples are content, too
  exec(kSession);
  exec("SET lock_timeout = 0");
}

bool PostgresConnection::switch_log() {
  try {
    exec("CHECKPOINT");
    exec("SELECT pg_switch_wal()");
    exec("CHECKPOINT");
    return true;
  } catch (Failure const& failure) {
    if (failure.code() != ErrorCode::internal) throw;
    return false;
  }
}

}  // namespace torg::db
