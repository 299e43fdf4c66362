#include "db/testing/temporary_database.hpp"

#include "db/testing/postgres_cluster.hpp"

#include <fmt/format.h>

namespace torg::db {

TemporaryDatabase::TemporaryDatabase(Runtime& runtime, Database::Kind kind, Medium medium)
    : runtime_(&runtime), kind_(kind), folder_(std::make_unique<TemporaryFolder>(medium)) {
  location_ = kind_ == Database::Kind::sqlite ? (folder_->path() / "torg.db").string()
                                              : PostgresCluster::shared().lend_database();
  reopen();
}

TemporaryDatabase TemporaryDatabase::open(Runtime& runtime, Database::Kind kind, Medium medium) {
  return {runtime, kind, medium};
}

TemporaryDatabase::~TemporaryDatabase() {
  close();
  if (kind_ == Database::Kind::postgresql && !location_.empty())
    PostgresCluster::shared().give_back(location_);
}

TemporaryDatabase::TemporaryDatabase(TemporaryDatabase&& other) noexcept
    : runtime_(other.runtime_),
      kind_(other.kind_),
      folder_(std::move(other.folder_)),
      location_(std::exchange(other.location_, {})),
      database_(std::move(other.database_)) {}

void TemporaryDatabase::close() { database_.reset(); }

void TemporaryDatabase::reopen() {
  close();
  auto opened = kind_ == Database::Kind::sqlite ? open_sqlite(*runtime_, {.path = location_})
                                                : open_postgresql(*runtime_, location_);
  if (!opened) throw std::runtime_error(fmt::format("cannot open {}: {}", location_, opened.error().detail));
  database_ = std::move(*opened);
}

std::filesystem::path TemporaryDatabase::files() const {
  return kind_ == Database::Kind::sqlite ? folder_->path() : PostgresCluster::shared().data();
}

}  // namespace torg::db
