#pragma once
#include "db/postgres/libpq.hpp"

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

namespace torg::db {

/// For tests: a PostgreSQL cluster in a temporary folder, reached through a Unix socket only, which ends with
/// the process. Its role `torg` is no superuser, as in production, but may do what `scrub` asks for.
class PostgresCluster {
 public:
  /// The test process's own, started by the first call. Throws `std::runtime_error` that says what is
  /// missing.
  static PostgresCluster& shared();
  PostgresCluster(PostgresCluster const&) = delete;
  PostgresCluster& operator=(PostgresCluster const&) = delete;
  ~PostgresCluster();

  /// @return the connection string of an empty database. Those given back are emptied and lent again: making
  /// one takes a quarter of a second.
  [[nodiscard]] std::string lend_database();
  /// @pre nobody is connected to it
  void give_back(std::string url);
  /// Runs one statement as superuser, for instance to cut connections.
  void execute(std::string const& sql);
  [[nodiscard]] std::filesystem::path data() const { return folder_ / "data"; }

 private:
  PostgresCluster();
  void prepare_data();
  void start();
  [[nodiscard]] PGconn* connect(std::string const& url);
  void execute(PGconn* connection, std::string const& sql);
  void run(std::vector<std::string> command);
  void stop() noexcept;

  std::shared_ptr<Libpq const> pq_;
  std::filesystem::path programs_;
  std::filesystem::path folder_;
  PGconn* connection_ = nullptr;
  pid_t server_ = 0;
  int log_ = -1;
  int databases_ = 0;
  std::vector<std::string> free_;
};

}  // namespace torg::db
