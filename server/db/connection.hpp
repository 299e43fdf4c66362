#pragma once
#include "db/database.hpp"

namespace torg::db {

/// The transaction as a whole cannot go on and no write is at fault: lost connection, database locked by
/// another process. Nothing is retried; whether a commit under way took place is unknown.
class Unreachable : public Failure {
 public:
  explicit Unreachable(std::string detail) : Failure(ErrorCode::unavailable, std::move(detail)) {}
};

/// One connection to either database: what the lane, the migrations and the readers need of it. Used by one
/// thread at a time. Everything throws `Failure` unless it says otherwise.
class Connection {
 public:
  virtual ~Connection() = default;

  virtual std::int64_t run(Statement const& statement, std::span<Value const> values,
                           Reader::OnRow const& on_row) = 0;

  /// Starts a write that nobody else can overtake. @return the last position of the stream
  virtual Position begin_write() = 0;
  /// Durable when it returns; `last` is the position that the write ended at.
  virtual void commit_write(Position last) = 0;
  /// Starts reading on one snapshot; ended by `rollback`.
  virtual void begin_read() = 0;
  /// Ends whatever is open, without failing.
  virtual void rollback() noexcept = 0;

  /// Runs statements separated by `;`, inside whatever transaction is open.
  virtual void run_script(std::string const& sql) = 0;
  [[nodiscard]] virtual Database::Kind kind() const = 0;
};

/// What a read callback sees: statements straight to the connection.
class ConnectionReader final : public Reader {
 public:
  explicit ConnectionReader(Connection& connection) : connection_(connection) {}

 protected:
  std::int64_t run(Statement const& statement, std::span<Value const> values, OnRow const& on_row) override {
    return connection_.run(statement, values, on_row);
  }

 private:
  Connection& connection_;
};

/// The lane's own row: the last position, and on PostgreSQL the number of the node that may write.
/// `{rowless}` and the like are not needed here. Made before any migration.
inline constexpr char const* kLaneSchema =
    "CREATE TABLE IF NOT EXISTS db_lane (id INTEGER PRIMARY KEY, position BIGINT NOT NULL, fence BIGINT NOT "
    "NULL);\n"
    "INSERT INTO db_lane (id, position, fence) VALUES (1, 0, 0) ON CONFLICT DO NOTHING;\n"
    "CREATE TABLE IF NOT EXISTS db_migration (slice TEXT NOT NULL, number INTEGER NOT NULL,"
    " PRIMARY KEY (slice, number));\n";

}  // namespace torg::db
