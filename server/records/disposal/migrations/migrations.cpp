#include "records/disposal/migrations/migrations.hpp"

namespace torg::records {
namespace {

// hold: for ever, with who and why. disposal: one row per proposal; its items are rows of disposal_item until
// it is done, then only the certificate's figures are left. disposal_sample: who has looked at a sample of
// their own. weeding: one row, the pause; weeding_run: counts. weeding_start: up to where a room holds
// nothing more to weed. sweep_blob and sweep_scrub: what a disposal still has to remove from the disk; kept
// until it is gone.
constexpr db::Migration kMigrations[] = {{"disposal", 1, R"sql(
CREATE TABLE hold (
  nid {id},
  authority INTEGER NOT NULL,
  room INTEGER NOT NULL,
  record BIGINT NOT NULL,
  event BIGINT NOT NULL,
  reason TEXT NOT NULL,
  placed_by INTEGER NOT NULL,
  placed_at BIGINT NOT NULL,
  released_by INTEGER NOT NULL,
  released_at BIGINT,
  release_reason TEXT NOT NULL
);
CREATE TABLE disposal (
  nid {id},
  authority INTEGER NOT NULL,
  decision TEXT NOT NULL,
  before_day BIGINT NOT NULL,
  handling INTEGER NOT NULL,
  state INTEGER NOT NULL,
  proposed_by INTEGER NOT NULL,
  proposed_at BIGINT NOT NULL,
  approved_by INTEGER NOT NULL,
  approved_at BIGINT NOT NULL,
  items BIGINT NOT NULL,
  removed BIGINT NOT NULL,
  skeletons BIGINT NOT NULL,
  log_index BIGINT NOT NULL,
  number TEXT NOT NULL,
  certificate TEXT NOT NULL
);
CREATE TABLE disposal_item (
  disposal BIGINT NOT NULL,
  room INTEGER NOT NULL,
  event BIGINT NOT NULL,
  PRIMARY KEY (disposal, room, event)
) {rowless};
CREATE TABLE disposal_sample (
  disposal BIGINT NOT NULL,
  person INTEGER NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (disposal, person)
) {rowless};
CREATE TABLE weeding (one INTEGER PRIMARY KEY, paused INTEGER NOT NULL);
CREATE TABLE weeding_start (room INTEGER PRIMARY KEY, position BIGINT NOT NULL);
CREATE TABLE weeding_run (
  nid {id},
  at BIGINT NOT NULL,
  person INTEGER NOT NULL,
  room INTEGER NOT NULL,
  items BIGINT NOT NULL,
  removed BIGINT NOT NULL,
  skeletons BIGINT NOT NULL
);
CREATE TABLE sweep_blob (blob TEXT PRIMARY KEY);
CREATE TABLE sweep_scrub (one INTEGER PRIMARY KEY, at BIGINT NOT NULL);
)sql"}};

}  // namespace

std::span<db::Migration const> disposal_migrations() { return kMigrations; }

}  // namespace torg::records
