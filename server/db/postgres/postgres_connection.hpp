#pragma once
#include "db/connection.hpp"
#include "db/postgres/libpq.hpp"

#include <map>
#include <vector>

namespace torg::db {

enum class PostgresRole : std::uint8_t {
  lane,  ///< the one that writes: holds the lock that keeps a second node out
  reader,
};

/// One connection to PostgreSQL, with its prepared statements. The lane's reconnects at the next write after
/// it was lost; a reader's is thrown away.
class PostgresConnection final : public Connection {
 public:
  /// For the lane: takes the node lock (waits two seconds for it), makes the lane's table and raises the
  /// fencing number.
  PostgresConnection(std::shared_ptr<Libpq const> pq, std::string url, PostgresRole role);
  ~PostgresConnection() override;
  PostgresConnection(PostgresConnection const&) = delete;
  PostgresConnection& operator=(PostgresConnection const&) = delete;

  std::int64_t run(Statement const& statement, std::span<Value const> values,
                   Reader::OnRow const& on_row) override;
  Position begin_write() override;
  void commit_write(Position last) override;
  void begin_read() override;
  void rollback() noexcept override;
  void run_script(std::string const& sql) override;
  Database::Kind kind() const override { return Database::Kind::postgresql; }

  [[nodiscard]] bool is_alive() const;
  /// Connects again when the connection was lost.
  void revive();
  /// Rewrites the tables (all of them, when none is named) so that no dead row is left in their files.
  void rewrite_tables(std::span<std::string_view const> tables);
  /// Starts a new log file and lets the server drop or reuse the old ones; needs rights that a plain owner of
  /// a database may lack. @return whether it was allowed
  [[nodiscard]] bool switch_log();

 private:
  struct Clear {
    Libpq const* pq;
    void operator()(PGresult* result) const { pq->clear(result); }
  };
  using ResultPtr = std::unique_ptr<PGresult, Clear>;
  class ResultRow;

  void connect();
  void claim();
  ResultPtr begin() const;
  ResultPtr check(PGresult* result) const;
  ResultPtr exec(std::string const& sql) const { return check(pq_->exec(connection_, sql.c_str())); }
  [[noreturn]] void raise(PGresult const* result) const;
  std::string const& prepare(Statement const& statement, std::span<Value const> values);
  std::int64_t number(PGresult const* result, int column) const;
  std::vector<std::string> all_tables() const;

  std::shared_ptr<Libpq const> pq_;
  std::string url_;
  PostgresRole role_;
  PGconn* connection_ = nullptr;
  std::map<std::pair<Statement const*, std::string>, std::string> prepared_;  // by text and kinds of values
  std::int64_t fence_ = 0;
  Position stored_;
};

}  // namespace torg::db
