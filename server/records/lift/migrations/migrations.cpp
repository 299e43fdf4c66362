#include "records/lift/intents.hpp"

namespace torg::records {
namespace {

// state: 0 pending, 1 committed, 2 cancelled. A committed intent forgets its draft: the record has it.
constexpr db::Migration kMigrations[] = {
    {"lift", 1, R"sql(
CREATE TABLE lift_intent (
  by_user BIGINT NOT NULL,
  client_key TEXT NOT NULL,
  state BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  authority BIGINT NOT NULL,
  room BIGINT NOT NULL,
  event_ids TEXT NOT NULL,
  draft TEXT NOT NULL,
  record BIGINT,
  problem TEXT NOT NULL,
  PRIMARY KEY (by_user, client_key)
){rowless};
CREATE INDEX lift_intent_pending ON lift_intent (due_at) WHERE state = 0;
CREATE TABLE lift_notice (
  record {id},
  room BIGINT NOT NULL,
  authority BIGINT NOT NULL,
  number TEXT NOT NULL,
  event_ids TEXT NOT NULL
);
)sql"},
    // What the lifter's client handed over of an encrypted room waits with its intent and goes when it is
    // done; that it was handed over stays beside the record.
    {"lift", 2, R"sql(
ALTER TABLE lift_intent ADD COLUMN handover TEXT NOT NULL DEFAULT '';
CREATE TABLE lift_handover (
  record {id},
  by_user BIGINT NOT NULL,
  device TEXT NOT NULL,
  at BIGINT NOT NULL,
  files BIGINT NOT NULL
);
)sql"}};

}  // namespace

std::span<db::Migration const> lift_migrations() { return kMigrations; }

}  // namespace torg::records
