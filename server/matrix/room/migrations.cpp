#include "matrix/room/migrations.hpp"

namespace torg::matrix {
namespace {

// Header and content of an event lie apart (docs/adr/0003): `event` is the graph, `event_content` the bytes
// that a disposal removes. Ids of events are looked up by their 32 raw bytes.
constexpr db::Migration kMigrations[] = {
    {"room", 1, R"sql(
CREATE TABLE event_type (nid {id}, name TEXT NOT NULL UNIQUE);
CREATE TABLE room (
  nid {id},
  room_id TEXT NOT NULL UNIQUE,
  head BIGINT NOT NULL,
  depth BIGINT NOT NULL,
  messages BIGINT NOT NULL,
  last_position BIGINT NOT NULL,
  closed_at BIGINT
);
CREATE TABLE event (
  nid {id},
  event_id {bytes} NOT NULL,
  room INTEGER NOT NULL,
  position BIGINT NOT NULL,
  depth BIGINT NOT NULL,
  sender INTEGER NOT NULL,
  type INTEGER NOT NULL,
  state_key TEXT,
  origin_server_ts BIGINT NOT NULL,
  content_hash {bytes} NOT NULL,
  prev {bytes} NOT NULL,
  auth {bytes} NOT NULL,
  replaces BIGINT,
  redacted_by BIGINT
);
CREATE UNIQUE INDEX event_by_id ON event (event_id);
CREATE INDEX event_by_room ON event (room, position);
CREATE INDEX event_by_state ON event (room, type, state_key, position) WHERE state_key IS NOT NULL;
CREATE TABLE event_content (nid {id}, content {bytes} NOT NULL);
CREATE TABLE room_state (
  room INTEGER NOT NULL,
  type INTEGER NOT NULL,
  state_key TEXT NOT NULL,
  event BIGINT NOT NULL,
  PRIMARY KEY (room, type, state_key)
) {rowless};
CREATE TABLE membership (
  member INTEGER NOT NULL,
  room INTEGER NOT NULL,
  membership INTEGER NOT NULL,
  position BIGINT NOT NULL,
  PRIMARY KEY (member, room)
) {rowless};
CREATE TABLE relation (
  target BIGINT NOT NULL,
  event BIGINT NOT NULL,
  PRIMARY KEY (target, event)
) {rowless};
CREATE TABLE room_alias (alias TEXT PRIMARY KEY, room INTEGER NOT NULL, creator INTEGER NOT NULL);
CREATE TABLE sent_transaction (
  session BIGINT NOT NULL,
  slot INTEGER NOT NULL,
  transaction_id TEXT NOT NULL,
  event BIGINT NOT NULL,
  PRIMARY KEY (session, slot)
) {rowless};
)sql"},
};

}  // namespace

std::span<db::Migration const> room_migrations() { return kMigrations; }

}  // namespace torg::matrix
