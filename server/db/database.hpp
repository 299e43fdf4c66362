#pragma once
#include "base/ids.hpp"
#include "db/statement.hpp"
#include "runtime/runtime.hpp"

#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <stdexcept>

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace torg::db {

/// The engine failed: disk full, I/O error, lost connection, broken SQL. Thrown by every statement; the lane
/// and `Database::read` turn it into an `Error` (`storage_full`, `unavailable` or `internal`).
class Failure : public std::runtime_error {
 public:
  Failure(ErrorCode code, std::string detail) : std::runtime_error(std::move(detail)), code_(code) {}
  [[nodiscard]] ErrorCode code() const { return code_; }

 private:
  ErrorCode code_;
};
/// A unique or foreign-key rule refused the row: `conflict`.
class ConstraintViolation : public Failure {
 public:
  explicit ConstraintViolation(std::string detail) : Failure(ErrorCode::conflict, std::move(detail)) {}
};

/// What may be asked inside a read or a write. Valid only during the callback it was given to.
class Reader {
 public:
  using OnRow = std::function<void(Row const&)>;

  /// Calls `on_row` for each row, in order.
  template <class F>
  void query(Statement const& statement, std::initializer_list<Value> values, F&& on_row) {
    run(statement, values, OnRow(std::ref(on_row)));
  }
  /// The first column of the first row, read by `get`; none without a row.
  template <class F>
  auto query_one(Statement const& statement, std::initializer_list<Value> values, F&& get)
      -> std::optional<std::invoke_result_t<F, Row const&>> {
    std::optional<std::invoke_result_t<F, Row const&>> found;
    query(statement, values, [&](Row const& row) {
      if (!found) found.emplace(get(row));
    });
    return found;
  }

 protected:
  ~Reader() = default;
  /// @return rows changed
  virtual std::int64_t run(Statement const& statement, std::span<Value const> values,
                           OnRow const& on_row) = 0;
};

/// One write inside the lane's current batch.
class Transaction : public Reader {
 public:
  /// @return rows changed
  std::int64_t execute(Statement const& statement, std::initializer_list<Value> values) {
    return run(statement, values, nullptr);
  }
  /// The next place in the server's one stream; gapless, visible only when all lower ones are.
  [[nodiscard]] virtual Position next_position() = 0;
  /// Runs `job` on the executor after the commit, before the writer resumes, in order of commit.
  /// Forgotten when the write fails.
  virtual void on_commit(Runtime::Job job) = 0;

 protected:
  ~Transaction() = default;
};

/// One numbered, forward-only step of one slice: `{"room", 1, "CREATE TABLE …; …"}`. In the text, `{id}` is a
/// 64-bit integer primary key, `{bytes}` the blob type, `{rowless}` ends a table that is clustered on its
/// key. A line that begins with `{sqlite}` or `{postgresql}` is for that database only. Statements end with
/// `;` at the end of a line.
struct Migration {
  std::string_view slice;
  int number;
  std::string_view sql;
};

/// What the caller of a write gets when the database itself fails.
[[nodiscard]] Error to_error(Failure const& failure);

/// One database behind one commit lane. All members are called on the runtime's executor, unless they say
/// otherwise.
class Database {
 public:
  virtual ~Database() = default;

  /// Runs `work(Transaction&) -> Result<T>` in the lane and resumes when it is durable. Writes commit in the
  /// order of these calls. `work` runs on another thread and may run more than once (a batch that fails is
  /// retried write by write), so it must touch nothing but the transaction and what it captured by value, and
  /// must not keep what an earlier run left in its captures. An `Error` it returns rolls back this write
  /// alone.
  template <class F>
  auto write(F work) -> Task<std::invoke_result_t<F&, Transaction&>>;

  /// Runs `work(Reader&) -> T` on a consistent snapshot that includes every acknowledged write. It may
  /// already include writes whose `on_commit` jobs have yet to run: what is built from both compares
  /// positions. `Result<T>`: fails only when the database does. On PostgreSQL `work` runs on another thread.
  template <class F>
  auto read(F work) -> Task<Result<std::invoke_result_t<F&, Reader&>>>;

  /// The same for a read that may take long: it never runs on the executor, waits for others of its kind, and
  /// is given up with `unavailable` when too many wait already or it takes seconds. `work` runs on another
  /// thread.
  template <class F>
  auto read_aside(F work) -> Task<Result<std::invoke_result_t<F&, Reader&>>>;

  /// The same at once and on the calling thread; for start-up, tools and tests. Throws `Failure`.
  virtual void read_now(std::function<void(Reader&)> work) = 0;
  /// Same for a write, in a transaction of its own; for start-up, tools and tests. Throws `Failure`, and
  /// whatever `work` throws, after rolling back.
  virtual void write_now(std::function<void(Transaction&)> work) = 0;

  /// Brings the schema up to date; refuses a database from a newer Torg. `migrations` are applied in the
  /// order given.
  virtual Result<> migrate(std::span<Migration const> migrations) = 0;

  /// The highest position that is durable and visible.
  [[nodiscard]] virtual Position last_position() const = 0;

  /// After a disposal: leaves no deleted byte behind in the database's own files; what that means on each
  /// database stands in README.md. `tables` names those that rows were deleted from, all of them when empty;
  /// SQLite needs no names. Holds up the lane. May be called from the offload pool.
  virtual Result<> scrub(std::span<std::string_view const> tables) = 0;
  Result<> scrub() { return scrub({}); }

  enum class Kind : std::uint8_t { sqlite, postgresql };
  [[nodiscard]] virtual Kind kind() const = 0;

  /// A write on its way through the lane.
  struct Pending {
    virtual ~Pending() = default;
    /// On the lane's thread. @return false when the work returned an error: roll this write back
    virtual bool run(Transaction& transaction) = 0;
    /// On the executor: `failure` is set when the database failed.
    virtual void complete(std::optional<Error> failure) = 0;
  };

 protected:
  virtual void submit(std::unique_ptr<Pending> pending) = 0;
  /// Whether a read may block for long: then it goes through `submit_read`, else it is run at once.
  [[nodiscard]] virtual bool reads_block() const = 0;
  /// Runs a read where it may block, then `done` on the executor.
  virtual void submit_read(std::function<void(Reader&)> work,
                           std::move_only_function<void(std::optional<Error>)> done) = 0;

 private:
  template <class T, class F, class Handler>
  struct PendingWrite;
};

/// Where the lane runs: a thread of its own, or `Runtime::offload` (a simulation, which has no threads).
enum class LaneThread : std::uint8_t { own, offload };

struct SqliteOptions {
  std::string path;      ///< the file; `:memory:` is not supported
  std::string vfs = {};  ///< empty: SQLite's default
  LaneThread lane = LaneThread::own;
};
/// Opens or creates the file, in WAL mode with `synchronous=FULL`. Destroying the database waits for the
/// batch under way; writers that still wait are dropped without an answer.
[[nodiscard]] Result<std::unique_ptr<Database>> open_sqlite(Runtime& runtime, SqliteOptions options);
/// `url` is a libpq connection string or URI. Refuses to start beside another running node (fencing number).
[[nodiscard]] Result<std::unique_ptr<Database>> open_postgresql(Runtime& runtime, std::string url);

}  // namespace torg::db

#include "db/database.ipp"
