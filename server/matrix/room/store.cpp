#include "matrix/room/store.hpp"

#include "matrix/room/nid_list.hpp"
#include "matrix/room/threads.hpp"

#include <algorithm>

namespace torg::matrix::store {
namespace {

constexpr db::Statement kInsertRoom{
    "INSERT INTO room (nid, room_id, version, head, depth, messages, last_position) "
    "VALUES ($1, $2, $3, 0, 0, 0, 0)"};
constexpr db::Statement kInsertEvent{
    "INSERT INTO event (nid, event_id, room, position, depth, sender, type, state_key, origin_server_ts, "
    "content_hash, "
    "prev, auth, replaces) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"};
// Few events have either, so they cost the others nothing.
constexpr db::Statement kSetExtras{"UPDATE event SET sticky_ms = $1, delay_id = $2 WHERE nid = $3"};
constexpr db::Statement kInsertContent{"INSERT INTO event_content (nid, content) VALUES ($1, $2)"};
// The head is the version of the room: a write made from another head must not go in.
constexpr db::Statement kMoveHead{
    "UPDATE room SET head = $1, depth = $2, messages = $3, last_position = $4 WHERE nid = $5 AND head = $6"};
constexpr db::Statement kSetState{
    "INSERT INTO room_state (room, type, state_key, event) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (room, type, state_key) DO UPDATE SET event = excluded.event"};
constexpr db::Statement kSetMembership{
    "INSERT INTO membership (member, room, membership, position) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (member, room) DO UPDATE SET membership = excluded.membership, position = "
    "excluded.position"};
// Who writes has read what was there: unread messages are counted from here.
constexpr db::Statement kWrote{"UPDATE membership SET wrote = $1 WHERE member = $2 AND room = $3"};
// What was there before one came is not unread.
constexpr db::Statement kJoined{"UPDATE membership SET joined = $1 WHERE member = $2 AND room = $3"};
constexpr db::Statement kRelate{
    "INSERT INTO relation (target, event) VALUES ($1, $2) ON CONFLICT DO NOTHING"};
constexpr db::Statement kMarkRedacted{
    "UPDATE event SET redacted_by = $1 WHERE nid = $2 AND redacted_by IS NULL"};
// Before the mark: the index finds the text's words through a view without redacted events (migrations.cpp).
constexpr db::Statement kUnindex{
    "DELETE FROM search_text WHERE rowid = $1 AND rowid <= (SELECT indexed_up_to FROM search_progress)"};
constexpr db::Statement kRemember{
    "INSERT INTO sent_transaction (session, slot, transaction_id, event) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (session, slot) DO UPDATE SET transaction_id = excluded.transaction_id, event = "
    "excluded.event"};

constexpr db::Statement kLargestEvent{"SELECT COALESCE(MAX(nid), 0) FROM event"};
constexpr db::Statement kLargestRoom{"SELECT COALESCE(MAX(nid), 0) FROM room"};
constexpr db::Statement kFindRoom{"SELECT nid FROM room WHERE room_id = $1"};
constexpr db::Statement kRoomId{"SELECT room_id FROM room WHERE nid = $1"};
constexpr db::Statement kRoomVersion{"SELECT version FROM room WHERE nid = $1"};
constexpr db::Statement kLoadRoom{
    "SELECT room_id, version, head, depth, messages, last_position FROM room WHERE nid = $1"};
constexpr db::Statement kLinks{"SELECT content_hash, prev, auth FROM event WHERE nid = $1"};
constexpr db::Statement kFindEvent{"SELECT nid FROM event WHERE event_id = $1 AND room = $2"};
// `+`: SQLite would search the whole room rather than the few ids.
constexpr db::Statement kFindByText{
    "SELECT nid FROM event WHERE event_id >= $1 AND event_id < $2 AND +room = $3"};
constexpr db::Statement kEventId{"SELECT event_id FROM event WHERE nid = $1"};

#define EVENT_COLUMNS                                                                                   \
  "e.nid, e.event_id, e.room, e.position, e.depth, e.sender, e.type, e.state_key, e.origin_server_ts, " \
  "e.replaces, e.redacted_by, c.content, e.sticky_ms, e.delay_id FROM "
#define EVENT_TABLES "event e LEFT JOIN event_content c ON c.nid = e.nid "
constexpr db::Statement kEventByNid{"SELECT " EVENT_COLUMNS EVENT_TABLES "WHERE e.nid = $1"};
constexpr db::Statement kNewestEvents{"SELECT " EVENT_COLUMNS EVENT_TABLES
                                      "WHERE e.nid > $1 ORDER BY e.nid DESC LIMIT $2"};
constexpr db::Statement kEventById{"SELECT " EVENT_COLUMNS EVENT_TABLES "WHERE e.event_id = $1"};
constexpr db::Statement kEventByText{"SELECT " EVENT_COLUMNS EVENT_TABLES
                                     "WHERE e.event_id >= $1 AND e.event_id < $2"};
constexpr db::Statement kState{
    "SELECT " EVENT_COLUMNS
    "room_state s JOIN event e ON e.nid = s.event LEFT JOIN event_content c ON c.nid = e.nid "
    "WHERE s.room = $1"};
constexpr db::Statement kBefore{"SELECT " EVENT_COLUMNS EVENT_TABLES
                                "WHERE e.room = $1 AND e.position < $2 ORDER BY e.position DESC LIMIT $3"};
constexpr db::Statement kAfter{
    "SELECT " EVENT_COLUMNS EVENT_TABLES
    "WHERE e.room = $1 AND e.position > $2 AND e.position <= $3 ORDER BY e.position LIMIT $4"};
constexpr db::Statement kLater{
    "SELECT " EVENT_COLUMNS EVENT_TABLES
    "WHERE e.room = $1 AND e.origin_server_ts >= $2 AND (e.origin_server_ts > $3 OR e.position > $4) "
    "ORDER BY e.origin_server_ts, e.position LIMIT $5"};
constexpr db::Statement kEarlier{
    "SELECT " EVENT_COLUMNS EVENT_TABLES
    "WHERE e.room = $1 AND e.origin_server_ts <= $2 AND (e.origin_server_ts < $3 OR e.position < $4) "
    "ORDER BY e.origin_server_ts DESC, e.position DESC LIMIT $5"};
// An event points at one other at most, so nothing is found twice. `IN`, because SQLite would scan all events
// to join them with so few.
constexpr db::Statement kRelations{
    "WITH RECURSIVE found(event, depth) AS (SELECT event, 1 FROM relation WHERE target = $1 UNION ALL "
    "SELECT r.event, found.depth + 1 FROM relation r JOIN found ON r.target = found.event "
    "WHERE found.depth < $2) SELECT " EVENT_COLUMNS EVENT_TABLES
    "WHERE e.nid IN (SELECT event FROM found) ORDER BY e.position"};
constexpr db::Statement kRelationsBy{"SELECT " EVENT_COLUMNS EVENT_TABLES
                                     "JOIN relation r ON r.event = e.nid WHERE r.target = $1 AND e.sender = "
                                     "$2 AND e.type = $3 AND e.redacted_by IS NULL ORDER BY e.position"};
// Whether a relation is an edit stands in its content: `edits` looks.
constexpr db::Statement kSameSenderRelations{
    "SELECT " EVENT_COLUMNS
    "event t JOIN relation r ON r.target = t.nid JOIN event e ON e.nid = r.event "
    "JOIN event_content c ON c.nid = e.nid "
    "WHERE t.room = $1 AND t.position >= $2 AND t.position <= $3 AND t.redacted_by IS NULL AND t.state_key "
    "IS NULL "
    "AND e.sender = t.sender AND e.type = t.type AND e.redacted_by IS NULL AND e.state_key IS NULL "
    "ORDER BY e.position"};
constexpr db::Statement kStateAt{"SELECT " EVENT_COLUMNS EVENT_TABLES
                                 "WHERE e.room = $1 AND e.type = $2 AND e.state_key = $3 AND e.position <= "
                                 "$4 ORDER BY e.position DESC LIMIT 1"};
// `CROSS JOIN`: SQLite would walk the whole room once for each of its members.
constexpr db::Statement kWholeStateAt{
    "SELECT " EVENT_COLUMNS
    "(SELECT type AS t, state_key AS k, MAX(position) AS p FROM event WHERE room = $1 AND state_key IS NOT "
    "NULL AND position <= $2 GROUP BY type, state_key) newest "
    "CROSS JOIN event e LEFT JOIN event_content c ON c.nid = e.nid "
    "WHERE e.room = $3 AND e.position = newest.p"};
constexpr db::Statement kStateHistory{
    "SELECT " EVENT_COLUMNS EVENT_TABLES
    "WHERE e.room = $1 AND e.type = $2 AND e.state_key = $3 ORDER BY e.position"};
#undef EVENT_COLUMNS
#undef EVENT_TABLES

std::string_view raw(crypto::Sha256 const& hash) { return crypto::view(hash); }

crypto::Sha256 to_hash(std::string_view bytes) {
  crypto::Sha256 hash{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), hash.size()), hash.begin());
  return hash;
}

EventPtr read_event(db::Row const& row, TypeNames const& types) {
  auto event = std::make_shared<CachedEvent>();
  event->nid = row.number<EventNid>(0);
  event->id = StoredId::from_bytes(row.bytes(1));
  event->room = row.number<RoomNid>(2);
  event->position = row.number<Position>(3);
  event->depth = row.integer(4);
  event->sender = row.number<UserNid>(5);
  event->type = types.name(static_cast<std::int32_t>(row.integer(6)));
  if (!row.is_null(7)) event->state_key = row.string(7);
  event->origin_server_ts = row.integer(8);
  event->replaces = row.number<EventNid>(9);
  event->redacted_by = row.number<EventNid>(10);
  // Without its row the content was disposed of: what is left is the skeleton that the graph keeps.
  event->content = row.is_null(11) ? "{}" : std::string(row.bytes(11));
  if (!row.is_null(12)) event->sticky_ms = row.integer(12);
  event->delay_id = row.string(13);
  return event;
}

// Readers show a redacted event together with its redaction. Rare, so it may cost a query each.
void add_redaction(db::Reader& reader, TypeNames const& types, EventPtr const& event) {
  if (!event->redacted_by) return;
  reader.query(kEventByNid, {event->redacted_by},
               [&](db::Row const& row) { event->redaction = read_event(row, types); });
  reader.query(kRoomVersion, {event->room},
               [&](db::Row const& row) { event->version = static_cast<RoomVersion>(row.integer(0)); });
}

EventPtr one_event(db::Reader& reader, TypeNames const& types, db::Statement const& statement,
                   std::initializer_list<db::Value> values) {
  EventPtr event;
  reader.query(statement, values, [&](db::Row const& row) { event = read_event(row, types); });
  if (event) add_redaction(reader, types, event);
  return event;
}

std::vector<EventPtr> many_events(db::Reader& reader, TypeNames const& types, db::Statement const& statement,
                                  std::initializer_list<db::Value> values) {
  std::vector<EventPtr> events;
  reader.query(statement, values, [&](db::Row const& row) { events.push_back(read_event(row, types)); });
  for (auto const& event : events) add_redaction(reader, types, event);
  return events;
}

void insert_state(db::Transaction& transaction, EventRow const& row, Position position) {
  transaction.execute(kSetState, {row.room, row.type, *row.state_key, row.nid});
  if (row.membership == Membership::none) return;
  transaction.execute(kSetMembership, {row.member, row.room, static_cast<int>(row.membership), position});
}

}  // namespace

void insert_room(db::Transaction& transaction, RoomNid nid, RoomId const& id, RoomVersion version) {
  transaction.execute(kInsertRoom, {nid, id, static_cast<int>(version)});
}

Result<Position> insert_event(db::Transaction& transaction, EventRow const& row) {
  auto const position = transaction.next_position();
  auto const moved = transaction.execute(
      kMoveHead, {row.nid, row.depth, row.messages, position, row.room, row.expected_head});
  if (moved != 1) return fail(ErrorCode::conflict, "The room has moved on.");
  if (!row.type_name.empty()) TypeNames::store(transaction, row.type, row.type_name);
  auto const replaces = row.replaces ? db::Value(row.replaces) : db::Value(nullptr);
  transaction.execute(
      kInsertEvent, {row.nid, db::Bytes{row.id.bytes()}, row.room, position, row.depth, row.sender, row.type,
                     row.state_key, row.origin_server_ts, db::Bytes{raw(row.content_hash)},
                     db::Bytes{pack_nids(row.prev)}, db::Bytes{pack_nids(row.auth)}, replaces});
  if (row.sticky_ms || !row.delay_id.empty())
    transaction.execute(kSetExtras, {row.sticky_ms, row.delay_id, row.nid});
  transaction.execute(kInsertContent, {row.nid, db::Bytes{row.content}});
  if (row.state_key) insert_state(transaction, row, position);
  if (row.wrote != 0) transaction.execute(kWrote, {row.wrote, row.sender, row.room});
  if (row.joined != 0) transaction.execute(kJoined, {row.joined, row.member, row.room});
  if (row.relates_to) transaction.execute(kRelate, {row.relates_to, row.nid});
  if (row.is_thread_reply) put_thread_reply(transaction, row, position);
  if (row.redacts) {
    forget_thread_reply(transaction, row.redacts);
    transaction.execute(kRelate, {row.redacts, row.nid});
    transaction.execute(kUnindex, {row.redacts});
    transaction.execute(kMarkRedacted, {row.nid, row.redacts});
  }
  if (!row.transaction_id.empty()) {
    transaction.execute(kRemember, {row.session, row.slot, row.transaction_id, row.nid});
  }
  return position;
}

Largest largest_numbers(db::Reader& reader) {
  auto const number = [](db::Row const& row) { return row.integer(0); };
  return {EventNid(reader.query_one(kLargestEvent, {}, number).value_or(0)),
          RoomNid(static_cast<std::int32_t>(reader.query_one(kLargestRoom, {}, number).value_or(0)))};
}

std::optional<RoomNid> find_room(db::Reader& reader, std::string_view room_id) {
  return reader.query_one(kFindRoom, {room_id}, [](db::Row const& row) { return row.number<RoomNid>(0); });
}

std::optional<RoomId> room_id(db::Reader& reader, RoomNid room) {
  return reader.query_one(kRoomId, {room}, [](db::Row const& row) { return RoomId(row.string(0)); });
}

std::optional<StoredRoom> load_room(db::Reader& reader, TypeNames const& types, RoomNid nid,
                                    std::size_t timeline) {
  std::optional<StoredRoom> room;
  reader.query(kLoadRoom, {nid}, [&](db::Row const& row) {
    room = StoredRoom{.id = RoomId(row.string(0)),
                      .version = static_cast<RoomVersion>(row.integer(1)),
                      .head = {row.number<EventNid>(2), {}, row.integer(3), row.integer(4)},
                      .last_position = row.number<Position>(5)};
  });
  if (!room || !room->head.nid) return std::nullopt;
  room->state = many_events(reader, types, kState, {nid});
  room->newest = events_before(reader, types, nid, Position(room->last_position.value + 1), timeline);
  reader.query(kEventId, {room->head.nid},
               [&](db::Row const& row) { room->head.id = StoredId::from_bytes(row.bytes(0)); });
  return room;
}

EventPtr event(db::Reader& reader, TypeNames const& types, EventNid nid) {
  return one_event(reader, types, kEventByNid, {nid});
}

std::vector<EventPtr> newest_events(db::Reader& reader, TypeNames const& types, EventNid after,
                                    std::size_t limit) {
  auto found = many_events(reader, types, kNewestEvents, {after, limit});
  std::ranges::reverse(found);
  return found;
}

EventPtr event(db::Reader& reader, TypeNames const& types, EventLookup const& id) {
  if (id.from.empty()) return one_event(reader, types, kEventById, {db::Bytes{raw(id.key)}});
  return one_event(reader, types, kEventByText, {db::Bytes{id.from}, db::Bytes{id.to}});
}

EventNid find_event(db::Reader& reader, RoomNid room, EventLookup const& id) {
  auto const number = [](db::Row const& row) { return row.number<EventNid>(0); };
  auto const found =
      id.from.empty() ? reader.query_one(kFindEvent, {db::Bytes{raw(id.key)}, room}, number)
                      : reader.query_one(kFindByText, {db::Bytes{id.from}, db::Bytes{id.to}, room}, number);
  return found.value_or(EventNid{});
}

std::vector<EventPtr> events_before(db::Reader& reader, TypeNames const& types, RoomNid room, Position before,
                                    std::size_t limit) {
  return many_events(reader, types, kBefore, {room, before, limit});
}

std::vector<EventPtr> events_after(db::Reader& reader, TypeNames const& types, RoomNid room, Position after,
                                   Position to, std::size_t limit) {
  return many_events(reader, types, kAfter, {room, after, to, limit});
}

std::vector<EventPtr> events_by_time(db::Reader& reader, TypeNames const& types, RoomNid room,
                                     TimeDirection direction, std::int64_t ts, Position position,
                                     std::size_t limit) {
  return many_events(reader, types, direction == TimeDirection::later ? kLater : kEarlier,
                     {room, ts, ts, position, limit});
}

std::vector<EventPtr> relations(db::Reader& reader, TypeNames const& types, EventNid target, int depth) {
  return many_events(reader, types, kRelations, {target, depth});
}

std::vector<EventPtr> relations_by(db::Reader& reader, TypeNames const& types, EventNid target,
                                   UserNid sender, std::int32_t type) {
  return many_events(reader, types, kRelationsBy, {target, sender, type});
}

std::vector<EventPtr> edits(db::Reader& reader, TypeNames const& types, RoomNid room, Position first,
                            Position last) {
  auto found = many_events(reader, types, kSameSenderRelations, {room, first, last});
  std::erase_if(found, [](EventPtr const& event) { return !edited_event(*event); });
  return found;
}

EventPtr state_at(db::Reader& reader, TypeNames const& types, RoomNid room, std::int32_t type,
                  std::string_view state_key, Position at) {
  return one_event(reader, types, kStateAt, {room, type, state_key, at});
}

std::vector<EventPtr> whole_state_at(db::Reader& reader, TypeNames const& types, RoomNid room, Position at) {
  return many_events(reader, types, kWholeStateAt, {room, at, room});
}

std::vector<EventPtr> state_history(db::Reader& reader, TypeNames const& types, RoomNid room,
                                    std::int32_t type, std::string_view state_key) {
  return many_events(reader, types, kStateHistory, {room, type, state_key});
}

std::vector<StoredId> event_ids(db::Reader& reader, std::vector<EventNid> const& nids) {
  std::vector<StoredId> ids;
  for (auto const nid : nids) {  // a handful: prev and auth events of one event
    reader.query(kEventId, {nid},
                 [&](db::Row const& row) { ids.push_back(StoredId::from_bytes(row.bytes(0))); });
  }
  return ids;
}

std::optional<GraphLinks> graph_links(db::Reader& reader, EventNid nid) {
  return reader.query_one(kLinks, {nid}, [](db::Row const& row) {
    return GraphLinks{to_hash(row.bytes(0)), unpack_nids(row.bytes(1)), unpack_nids(row.bytes(2))};
  });
}

}  // namespace torg::matrix::store
