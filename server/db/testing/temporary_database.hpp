#pragma once
#include "db/database.hpp"
#include "db/testing/temporary_folder.hpp"

namespace torg::db {

/// For tests: an empty database of either kind, gone with the object. A SQLite file in a temporary folder, or
/// a database of a PostgreSQL cluster that the test process starts when it first needs one.
///
///     RealRuntime runtime{2};
///     auto database = TemporaryDatabase::open(runtime, GetParam());
///     ASSERT_TRUE(database->migrate(kMigrations));
class TemporaryDatabase {
 public:
  /// Throws `std::runtime_error` that says what is missing, for instance PostgreSQL (which is always on
  /// disk).
  static TemporaryDatabase open(Runtime& runtime, Database::Kind kind, Medium medium = Medium::memory);
  ~TemporaryDatabase();
  TemporaryDatabase(TemporaryDatabase&&) noexcept;
  TemporaryDatabase& operator=(TemporaryDatabase&&) = delete;

  [[nodiscard]] Database& operator*() const { return *database_; }
  [[nodiscard]] Database* operator->() const { return database_.get(); }

  /// Closes the database and opens it again, as a restart of the server does.
  void reopen();
  void close();
  /// Where it is: the path of the file, or the connection string.
  [[nodiscard]] std::string const& location() const { return location_; }
  /// The folder that the database's files are in; tests look for traces there.
  [[nodiscard]] std::filesystem::path files() const;

 private:
  TemporaryDatabase(Runtime& runtime, Database::Kind kind, Medium medium);

  Runtime* runtime_;
  Database::Kind kind_;
  std::unique_ptr<TemporaryFolder> folder_;
  std::string location_;
  std::unique_ptr<Database> database_;
};

}  // namespace torg::db
