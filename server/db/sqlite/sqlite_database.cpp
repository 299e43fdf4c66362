#include "db/lane_database.hpp"
#include "db/sqlite/scrubber.hpp"

namespace torg::db {
namespace {

/// Writes on the lane's connection; reads at once on a second one: they take microseconds and never wait for
/// the writer.
class SqliteDatabase final : public LaneDatabase {
 public:
  SqliteDatabase(Runtime& runtime, std::unique_ptr<SqliteConnection> writer, SqliteOptions const& options)
      : LaneDatabase(runtime, std::move(writer), options.lane), reader_(options, SqliteRole::reader) {}

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
  void submit_read(std::function<void(Reader&)>,
                   std::move_only_function<void(std::optional<Error>)>) override {
    std::unreachable();  // reads_block() says so
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
