#include "base/log.hpp"
#include "db/lane_database.hpp"
#include "db/postgres/postgres_connection.hpp"

#include <mutex>

namespace torg::db {
namespace {

/// Connections for reading: as many as there are threads that read at once. Any thread may use it.
class ReaderPool {
 public:
  ReaderPool(std::shared_ptr<Libpq const> pq, std::string url) : pq_(std::move(pq)), url_(std::move(url)) {}

  void read(std::function<void(Reader&)> const& work) {
    auto connection = begin();
    try {
      ConnectionReader reader(*connection);
      work(reader);
    } catch (...) {
      give_back(std::move(connection));
      throw;
    }
    give_back(std::move(connection));
  }
  void close() {
    std::lock_guard const lock(mutex_);
    closed_ = true;
    idle_.clear();
  }
  bool is_closed() {
    std::lock_guard const lock(mutex_);
    return closed_;
  }

 private:
  using ConnectionPtr = std::unique_ptr<PostgresConnection>;

  /// A connection that has lain idle may have been cut; only a new one's failure counts.
  ConnectionPtr begin() {
    while (auto connection = take_idle()) {
      try {
        connection->begin_read();
        return connection;
      } catch (Unreachable const&) {
        continue;
      }
    }
    auto connection = std::make_unique<PostgresConnection>(pq_, url_, PostgresRole::reader);
    connection->begin_read();
    return connection;
  }
  ConnectionPtr take_idle() {
    std::lock_guard const lock(mutex_);
    if (idle_.empty()) return nullptr;
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    return connection;
  }
  void give_back(ConnectionPtr connection) {
    connection->rollback();
    std::lock_guard const lock(mutex_);
    if (!closed_ && connection->is_alive()) idle_.push_back(std::move(connection));
  }

  std::shared_ptr<Libpq const> pq_;
  std::string url_;
  std::mutex mutex_;
  std::vector<ConnectionPtr> idle_;
  bool closed_ = false;
};

/// Writes on the lane's connection, reads on a pool through `Runtime::offload`.
class PostgresDatabase final : public LaneDatabase {
 public:
  PostgresDatabase(Runtime& runtime, std::unique_ptr<PostgresConnection> writer,
                   std::shared_ptr<ReaderPool> readers)
      : LaneDatabase(runtime, std::move(writer), LaneThread::own),
        runtime_(runtime),
        readers_(std::move(readers)) {}
  ~PostgresDatabase() override { readers_->close(); }

  void read_now(std::function<void(Reader&)> work) override { readers_->read(work); }

  Result<> scrub(std::span<std::string_view const> tables) override {
    try {
      lane_.exclusively([&](Connection& writer) {
        auto& connection = static_cast<PostgresConnection&>(writer);
        connection.revive();
        connection.rewrite_tables(tables);
        if (!connection.switch_log())
          log(LogLevel::warning,
              "the database's log keeps deleted bytes until PostgreSQL reuses its files: "
              "Torg may not call CHECKPOINT and pg_switch_wal there");
      });
      return {};
    } catch (Failure const& failure) {
      return std::unexpected(to_error(failure));
    }
  }

 protected:
  bool reads_block() const override { return true; }

  void submit_read(std::function<void(Reader&)> work,
                   std::move_only_function<void(std::optional<Error>)> done) override {
    auto failure = std::make_shared<std::optional<Error>>();
    runtime_.offload(
        [readers = readers_, work = std::move(work), failure] {
          try {
            readers->read(work);
          } catch (Failure const& thrown) {
            *failure = to_error(thrown);
          } catch (std::exception const& thrown) {
            *failure = to_error(Failure(ErrorCode::internal, thrown.what()));
          }
        },
        [readers = readers_, done = std::move(done), failure]() mutable {
          if (!readers->is_closed()) done(std::move(*failure));
        });
  }

 private:
  Runtime& runtime_;
  std::shared_ptr<ReaderPool> readers_;
};

}  // namespace

Result<std::unique_ptr<Database>> open_postgresql(Runtime& runtime, std::string url) {
  auto pq = load_libpq();
  if (!pq) return fail(std::move(pq));
  try {
    auto writer = std::make_unique<PostgresConnection>(*pq, url, PostgresRole::lane);
    auto readers = std::make_shared<ReaderPool>(*pq, std::move(url));
    return std::make_unique<PostgresDatabase>(runtime, std::move(writer), std::move(readers));
  } catch (Failure const& failure) {
    return std::unexpected(to_error(failure));
  }
}

}  // namespace torg::db
