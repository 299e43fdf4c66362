#include "db/lane_database.hpp"
#include "db/sqlite/scrubber.hpp"

#include <deque>

namespace torg::db {
namespace {

constexpr std::size_t kMostAside = 256;
constexpr auto kLongestAside = std::chrono::seconds{5};

/// Reads that may take long: one after the other on the offload pool, with a connection of their own, so that
/// they take one thread of it at most.
class AsideReads : public std::enable_shared_from_this<AsideReads> {
 public:
  using Work = std::function<void(Reader&)>;
  using Done = std::move_only_function<void(std::optional<Error>)>;

  AsideReads(Runtime& runtime, SqliteOptions options) : runtime_(runtime), options_(std::move(options)) {}

  void submit(Work work, Done done) {
    if (auto refused = prepare()) {
      runtime_.post([done = std::move(done), refused]() mutable { done(std::move(refused)); });
      return;
    }
    waiting_.push_back({std::move(work), std::move(done)});
    if (!std::exchange(running_, true)) run_next();
  }
  void close() {
    closed_ = true;
    waiting_.clear();
  }

 private:
  struct Read {
    Work work;
    Done done;
  };

  /// Connects at the first read; most tools and tests have none.
  std::optional<Error> prepare() {
    if (waiting_.size() >= kMostAside)
      return Error{ErrorCode::unavailable, "The server has too much to do right now. Try again later.",
                   "too many reads wait"};
    try {
      if (!connection_) connection_ = std::make_unique<SqliteConnection>(options_, SqliteRole::reader);
      return std::nullopt;
    } catch (Failure const& failure) {
      return to_error(failure);
    }
  }

  void run_next() {
    auto read = std::make_shared<Read>(std::move(waiting_.front()));
    waiting_.pop_front();
    auto failure = std::make_shared<std::optional<Error>>();
    auto const timer = runtime_.schedule(runtime_.steady_now() + kLongestAside,
                                         [self = shared_from_this()] { self->connection_->interrupt(); });
    runtime_.offload([self = shared_from_this(), read, failure] { *failure = self->run(read->work); },
                     [self = shared_from_this(), read, failure, timer] {
                       self->runtime_.cancel(timer);
                       if (self->closed_) return;
                       read->done(std::move(*failure));
                       self->running_ = !self->waiting_.empty() && !self->closed_;
                       if (self->running_) self->run_next();
                     });
  }

  /// On the pool's thread; only one at a time is there.
  std::optional<Error> run(Work const& work) {
    struct End {
      ~End() { connection.rollback(); }
      SqliteConnection& connection;
    } const end{*connection_};
    try {
      connection_->begin_read();
      ConnectionReader reader(*connection_);
      work(reader);
      return std::nullopt;
    } catch (Failure const& failure) {
      return to_error(failure);
    } catch (std::exception const& thrown) {
      return to_error(Failure(ErrorCode::internal, thrown.what()));
    }
  }

  Runtime& runtime_;
  SqliteOptions options_;
  std::unique_ptr<SqliteConnection> connection_;
  std::deque<Read> waiting_;
  bool running_ = false;
  bool closed_ = false;
};

/// Writes on the lane's connection; reads at once on a second one: they take microseconds and never wait for
/// the writer.
class SqliteDatabase final : public LaneDatabase {
 public:
  SqliteDatabase(Runtime& runtime, std::unique_ptr<SqliteConnection> writer, SqliteOptions const& options)
      : LaneDatabase(runtime, std::move(writer), options.lane),
        reader_(options, SqliteRole::reader),
        aside_(std::make_shared<AsideReads>(runtime, options)) {}
  ~SqliteDatabase() override { aside_->close(); }

  void read_now(std::function<void(Reader&)> work) override {
    struct End {
      ~End() { connection.rollback(); }
      SqliteConnection& connection;
    } const end{reader_};
    reader_.begin_read();
    ConnectionReader reader(reader_);
    work(reader);
  }

  /// One table or index at a time, so that writes get their turn in between.
  Result<> scrub(std::span<std::string_view const> tables) override {
    try {
      std::vector<std::string> trees;
      exclusively([&](SqliteConnection& writer) { trees = trees_of(writer, tables); });
      for (auto const& tree : trees) exclusively([&](SqliteConnection& writer) { wipe_tree(writer, tree); });
      exclusively([](SqliteConnection& writer) { writer.truncate_log(); });
      return {};
    } catch (Failure const& failure) {
      return std::unexpected(to_error(failure));
    }
  }

 protected:
  bool reads_block() const override { return false; }
  void submit_read(std::function<void(Reader&)> work,
                   std::move_only_function<void(std::optional<Error>)> done) override {
    aside_->submit(std::move(work), std::move(done));
  }

 private:
  template <class Work>
  void exclusively(Work work) {
    lane_.exclusively([&](Connection& connection) {
      try {
        work(static_cast<SqliteConnection&>(connection));
      } catch (Failure const&) {
        connection.rollback();
        throw;
      }
    });
  }

  SqliteConnection reader_;
  std::shared_ptr<AsideReads> aside_;
};

}  // namespace

Result<std::unique_ptr<Database>> open_sqlite(Runtime& runtime, SqliteOptions options) {
  try {
    auto writer = std::make_unique<SqliteConnection>(options, SqliteRole::writer);
    writer->run_script(kLaneSchema);
    return std::make_unique<SqliteDatabase>(runtime, std::move(writer), options);
  } catch (Failure const& failure) {
    return std::unexpected(to_error(failure));
  }
}

}  // namespace torg::db
