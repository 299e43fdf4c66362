#include "db/testing/temporary_database.hpp"

#include <fmt/format.h>

namespace torg::db {

TemporaryDatabase::TemporaryDatabase(Runtime& runtime, Database::Kind kind)
    : runtime_(&runtime), kind_(kind), folder_(std::make_unique<TemporaryFolder>()) {
  if (kind_ == Database::Kind::postgresql) throw std::runtime_error("PostgreSQL is not there yet");
  location_ = (folder_->path() / "torg.db").string();
  reopen();
}

TemporaryDatabase TemporaryDatabase::open(Runtime& runtime, Database::Kind kind) { return {runtime, kind}; }

TemporaryDatabase::~TemporaryDatabase() = default;
TemporaryDatabase::TemporaryDatabase(TemporaryDatabase&&) noexcept = default;

void TemporaryDatabase::close() { database_.reset(); }

void TemporaryDatabase::reopen() {
  close();
  auto opened = open_sqlite(*runtime_, {.path = location_});
  if (!opened) throw std::runtime_error(fmt::format("cannot open {}: {}", location_, opened.error().detail));
  database_ = std::move(*opened);
}

std::filesystem::path TemporaryDatabase::files() const { return folder_->path(); }

}  // namespace torg::db
