#include "administration/store.hpp"

namespace torg::administration {
namespace {

// The views show rooms as their current state describes them, without what was redacted; the text of an event
// is cast as the search index does it. membership 2 is `join`.
constexpr db::Migration kMigrations[] = {{"administration", 1, R"sql(
CREATE TABLE notice_room (member BIGINT PRIMARY KEY, room INTEGER NOT NULL);
CREATE TABLE blocked_room (room BIGINT PRIMARY KEY, blocked_by INTEGER NOT NULL, at BIGINT NOT NULL);
CREATE TABLE room_closing (
  nid {id},
  room INTEGER NOT NULL,
  closed_by INTEGER NOT NULL,
  at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  message TEXT NOT NULL,
  successor_maker INTEGER NOT NULL,
  successor_name TEXT NOT NULL,
  successor INTEGER NOT NULL,
  finished_at BIGINT,
  kicked BIGINT NOT NULL,
  aliases TEXT NOT NULL
);
CREATE TABLE rate_override (member BIGINT PRIMARY KEY, burst BIGINT NOT NULL, interval_ms BIGINT NOT NULL);
CREATE VIEW room_fact AS
SELECT s.room AS room, t.name AS type, e.sender AS sender,
{sqlite}  CAST(c.content AS TEXT) AS json
{postgresql}  replace(convert_from(c.content, 'UTF8'), '\u0000', '\u0020')::json AS json
FROM room_state s JOIN event_type t ON t.nid = s.type JOIN event e ON e.nid = s.event
JOIN event_content c ON c.nid = s.event
WHERE s.state_key = '' AND e.redacted_by IS NULL;
CREATE VIEW room_overview AS
SELECT r.nid AS nid, r.room_id AS room_id, r.version AS version,
  COALESCE(m.joined, 0) AS joined,
  COALESCE((SELECT f.json ->> 'name' FROM room_fact f WHERE f.room = r.nid AND f.type = 'm.room.name'), '') AS name,
  COALESCE((SELECT f.json ->> 'alias' FROM room_fact f
    WHERE f.room = r.nid AND f.type = 'm.room.canonical_alias'), '') AS alias,
{sqlite}  COALESCE((SELECT f.json ->> '$."m.federate"' FROM room_fact f
{postgresql}  COALESCE((SELECT f.json ->> 'm.federate' FROM room_fact f
    WHERE f.room = r.nid AND f.type = 'm.room.create'), 'true') AS federates,
  CASE WHEN b.room IS NULL THEN 0 ELSE 1 END AS blocked,
  CASE WHEN l.room IS NULL THEN 0 ELSE 1 END AS listed
FROM room r LEFT JOIN (SELECT room, COUNT(*) AS joined FROM membership WHERE membership = 2 GROUP BY room) m
  ON m.room = r.nid LEFT JOIN blocked_room b ON b.room = r.nid
LEFT JOIN listed_room l ON l.room = r.nid
WHERE r.head <> 0;
)sql"}};

}  // namespace

std::span<db::Migration const> migrations() { return kMigrations; }

}  // namespace torg::administration
