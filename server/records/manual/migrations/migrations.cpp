#include "records/manual/store.hpp"

namespace torg::records {
namespace {

constexpr db::Migration kMigrations[] = {
    {"manual", 1, R"sql(
CREATE TABLE manual_desk (
  authority {id},
  room BIGINT NOT NULL
);
CREATE TABLE manual_upload (
  id TEXT NOT NULL PRIMARY KEY,
  by_user BIGINT NOT NULL,
  blob TEXT NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  size BIGINT NOT NULL,
  at BIGINT NOT NULL,
  used BIGINT NOT NULL
);
CREATE INDEX manual_upload_blob ON manual_upload (blob);
)sql"},
    // A used upload has no row any more: its file is the event's and the record's.
    {"manual", 2, R"sql(
ALTER TABLE manual_upload DROP COLUMN used;
)sql"}};

}  // namespace

std::span<db::Migration const> manual_migrations() { return kMigrations; }

}  // namespace torg::records
