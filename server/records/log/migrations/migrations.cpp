#include "records/log/migrations/migrations.hpp"

namespace torg::records {
namespace {

// log_entry: leaves as hashed, for ever. log_opening: values and salts, the part that disposal destroys.
// log_node: perfect subtrees above the leaves, written once. log_edge: one row, the tree's right edge.
constexpr db::Migration kMigrations[] = {{"log", 1, R"sql(
CREATE TABLE log_entry (
  idx {id},
  record BIGINT NOT NULL,
  leaf_hash {bytes} NOT NULL,
  leaf {bytes} NOT NULL
);
CREATE INDEX log_entry_record ON log_entry (record);
CREATE TABLE log_opening (
  idx {id},
  fields TEXT NOT NULL,
  salts {bytes} NOT NULL
);
CREATE TABLE log_node (
  level BIGINT NOT NULL,
  idx BIGINT NOT NULL,
  hash {bytes} NOT NULL,
  PRIMARY KEY (level, idx)
){rowless};
CREATE TABLE log_edge (
  one {id},
  size BIGINT NOT NULL,
  hashes {bytes} NOT NULL,
  at BIGINT NOT NULL
);
CREATE TABLE log_head (
  size {id},
  root {bytes} NOT NULL,
  at BIGINT NOT NULL,
  signature {bytes} NOT NULL
);
)sql"},
                                         // log_key: places of the entries that bring in a new key.
                                         // log_timestamp: RFC 3161 tokens over heads, at most one per head.
                                         {"log", 2, R"sql(
CREATE TABLE log_key (
  idx {id}
);
CREATE TABLE log_timestamp (
  size {id},
  at BIGINT NOT NULL,
  authority TEXT NOT NULL,
  token {bytes} NOT NULL
);
)sql"}};

}  // namespace

std::span<db::Migration const> log_migrations() { return kMigrations; }

}  // namespace torg::records
