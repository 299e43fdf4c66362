#include "db/snapshot.hpp"

#include "base/encoding.hpp"
#include "db/postgres/postgres_connection.hpp"
#include "db/sqlite/sqlite_connection.hpp"

namespace torg::db {
namespace {

class ConnectionSnapshot final : public Snapshot {
 public:
  explicit ConnectionSnapshot(std::unique_ptr<Connection> connection)
      : connection_(std::move(connection)), reader_(*connection_) {
    connection_->begin_read();
  }
  ~ConnectionSnapshot() override { connection_->rollback(); }
  Reader& reader() override { return reader_; }

 private:
  std::unique_ptr<Connection> connection_;
  ConnectionReader reader_;
};

bool has_content(std::filesystem::path const& file) {
  std::error_code error;
  auto const size = std::filesystem::file_size(file, error);
  return !error && size > 0;
}

/// A file without a log is read as it stands, without locks and files beside it.
std::string uri_of(std::filesystem::path const& file) {
  std::string uri = "file:";
  for (char const c : std::filesystem::absolute(file).string())
    uri += c == '/' ? "/" : percent_encode({&c, 1});
  return uri + (has_content(file.string() + "-wal") ? "" : "?immutable=1");
}

}  // namespace

Result<std::unique_ptr<Snapshot>> open_sqlite_snapshot(std::filesystem::path const& file) {
  if (!has_content(file)) return fail(ErrorCode::not_found, "There is no database " + file.string() + ".");
  try {
    SqliteOptions const options{.path = uri_of(file)};
    return std::make_unique<ConnectionSnapshot>(
        std::make_unique<SqliteConnection>(options, SqliteRole::snapshot));
  } catch (Failure const& failure) {
    return std::unexpected(to_error(failure));
  }
}

Result<std::unique_ptr<Snapshot>> open_postgresql_snapshot(std::string url) {
  auto pq = load_libpq();
  if (!pq) return fail(std::move(pq));
  try {
    return std::make_unique<ConnectionSnapshot>(
        std::make_unique<PostgresConnection>(*pq, std::move(url), PostgresRole::reader));
  } catch (Failure const& failure) {
    return std::unexpected(to_error(failure));
  }
}

}  // namespace torg::db
