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
    // Full-text search. The tables are here rather than in `search/` so that a redaction and a disposal take
    // a text out of the index in their own transaction. The queue is a number: events up to `indexed_up_to`
    // are in, and since numbers are handed out in the order of the lane, none turns up below it later.
    //
    // SQLite keeps the words only, not the text: to take one out, FTS5 reads it again from `search_source`.
    // Hence the rule: a row is in the index exactly when it is in that view and at most `indexed_up_to`. Take
    // out first, then change. PostgreSQL's JSON knows no zero character; in text that comes from clients it
    // becomes a space.
    {"room", 2, R"sql(
CREATE TABLE search_progress (indexed_up_to BIGINT NOT NULL);
INSERT INTO search_progress (indexed_up_to) VALUES (0);
CREATE TABLE search_edit (event BIGINT PRIMARY KEY, original BIGINT NOT NULL);
CREATE INDEX relation_by_event ON relation (event);
CREATE VIEW search_source AS
SELECT nid, room, sender, edit, body FROM (
  SELECT nid, room, sender,
{sqlite}    COALESCE(json ->> '$."m.relates_to".rel_type', '') = 'm.replace' AS edit,
{sqlite}    CASE type WHEN 'm.room.name' THEN json ->> '$.name' WHEN 'm.room.topic' THEN json ->> '$.topic'
{sqlite}    ELSE COALESCE(CASE WHEN json ->> '$."m.relates_to".rel_type' = 'm.replace'
{sqlite}      THEN json ->> '$."m.new_content".body' END, json ->> '$.body') END AS body
{postgresql}    COALESCE(json -> 'm.relates_to' ->> 'rel_type', '') = 'm.replace' AS edit,
{postgresql}    CASE type WHEN 'm.room.name' THEN json ->> 'name' WHEN 'm.room.topic' THEN json ->> 'topic'
{postgresql}    ELSE COALESCE(CASE WHEN json -> 'm.relates_to' ->> 'rel_type' = 'm.replace'
{postgresql}      THEN json -> 'm.new_content' ->> 'body' END, json ->> 'body') END AS body
  FROM (
    SELECT e.nid AS nid, e.room AS room, e.sender AS sender, t.name AS type,
{sqlite}      CAST(c.content AS TEXT) AS json
{postgresql}      replace(convert_from(c.content, 'UTF8'), '\u0000', '\u0020')::json AS json
    FROM event e JOIN event_type t ON t.nid = e.type JOIN event_content c ON c.nid = e.nid
    WHERE e.redacted_by IS NULL AND t.name IN ('m.room.message', 'm.room.name', 'm.room.topic')
  ) parsed
) texts WHERE body <> '';
{sqlite}CREATE VIRTUAL TABLE search_text USING fts5(room, body, content='search_source', content_rowid='nid',
{sqlite}  tokenize="unicode61 remove_diacritics 0");
{sqlite}INSERT INTO search_text (search_text, rank) VALUES ('secure-delete', 1);
{postgresql}CREATE TABLE search_text (rowid BIGINT PRIMARY KEY, words TSVECTOR NOT NULL);
{postgresql}CREATE INDEX search_text_words ON search_text USING GIN (words);
)sql"},
    // Unread messages are counted from the reader's last own message too, and no memory has to hold that.
    {"room", 3, R"sql(
ALTER TABLE membership ADD COLUMN wrote BIGINT NOT NULL DEFAULT 0;
)sql"},
    // Rooms were of version 12 only. The ids of events of versions 1 to 3 are texts (stored_id.hpp). Repeated
    // sends are found by device (`session` holds its key), those remembered by session are of no use any
    // more.
    {"room", 4, R"sql(
ALTER TABLE room ADD COLUMN version INTEGER NOT NULL DEFAULT 12;
DELETE FROM sent_transaction;
)sql"},
    // The search slice makes the index itself: in which language decides how it is made.
    {"room", 5, R"sql(
ALTER TABLE search_progress ADD COLUMN language TEXT NOT NULL DEFAULT '';
)sql"},
    // Which words there are.
    {"room", 6, R"sql(
{sqlite}CREATE VIRTUAL TABLE search_vocabulary USING fts5vocab(search_text, instance);
)sql"},
    // Threads: who answers what, for the summary that a root shows, and each room's roots by their newest
    // answer. An answer that is redacted or destroyed leaves `thread_reply`.
    {"thread", 1, R"sql(
CREATE TABLE thread (root BIGINT PRIMARY KEY, room INTEGER NOT NULL, latest BIGINT NOT NULL);
CREATE INDEX thread_by_room ON thread (room, latest);
CREATE TABLE thread_reply (
  root BIGINT NOT NULL,
  position BIGINT NOT NULL,
  event BIGINT NOT NULL,
  sender INTEGER NOT NULL,
  PRIMARY KEY (root, position)
) {rowless};
INSERT INTO thread_reply (root, position, event, sender)
SELECT r.target, e.position, e.nid, e.sender
FROM relation r JOIN event e ON e.nid = r.event JOIN event_content c ON c.nid = e.nid
WHERE e.redacted_by IS NULL AND
{sqlite}  CAST(c.content AS TEXT) ->> '$."m.relates_to".rel_type' = 'm.thread';
{postgresql}  replace(convert_from(c.content, 'UTF8'), '\u0000', '\u0020')::json -> 'm.relates_to' ->> 'rel_type' = 'm.thread';
INSERT INTO thread (root, room, latest)
SELECT r.root, e.room, MAX(r.position) FROM thread_reply r JOIN event e ON e.nid = r.event GROUP BY r.root, e.room;
CREATE INDEX event_by_time ON event (room, origin_server_ts, position);
)sql"},
    // The directory: rooms that want to be found. Their members are counted when somebody looks.
    {"room_directory", 1, R"sql(
CREATE TABLE listed_room (room BIGINT PRIMARY KEY);
CREATE INDEX membership_by_room ON membership (room, membership);
)sql"},
    // Rooms that anybody may join, for the user directory: one could meet who is in there.
    {"room_directory", 2, R"sql(
CREATE TABLE open_room (room BIGINT PRIMARY KEY);
INSERT INTO open_room (room)
SELECT s.room FROM room_state s JOIN event_type t ON t.nid = s.type JOIN event_content c ON c.nid = s.event
WHERE t.name = 'm.room.join_rules' AND s.state_key = '' AND
{sqlite}  CAST(c.content AS TEXT) ->> '$.join_rule' = 'public';
{postgresql}  replace(convert_from(c.content, 'UTF8'), '\u0000', '\u0020')::json ->> 'join_rule' = 'public';
)sql"},
    // What people have told the administrators about: a room, an event in one, or a person.
    {"report", 1, R"sql(
CREATE TABLE report (
  nid {id},
  at BIGINT NOT NULL,
  reporter INTEGER NOT NULL,
  room INTEGER,
  event BIGINT,
  person INTEGER,
  reason TEXT NOT NULL
);
)sql"},
    // A report that is done with leaves the list; the row stays, for it is a document that came in.
    {"report", 2, R"sql(
ALTER TABLE report ADD COLUMN closed_at BIGINT;
)sql"},
    // What few events have: how long they are sticky, and the id they had while they were delayed.
    {"sticky", 1, R"sql(
ALTER TABLE event ADD COLUMN sticky_ms BIGINT;
ALTER TABLE event ADD COLUMN delay_id TEXT;
CREATE INDEX event_sticky ON event (origin_server_ts) WHERE sticky_ms IS NOT NULL;
)sql"},
    // Unread is what came after one joined.
    {"unread", 1, R"sql(
ALTER TABLE membership ADD COLUMN joined BIGINT NOT NULL DEFAULT 0;
)sql"},
};

}  // namespace

std::span<db::Migration const> room_migrations() { return kMigrations; }

}  // namespace torg::matrix
