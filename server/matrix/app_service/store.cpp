#include "matrix/app_service/store.hpp"

#include "matrix/app_service/app_services.hpp"

namespace torg::matrix {
namespace {

// A row per service, never one per event: what a service has not been told lies in the rooms.
constexpr db::Migration kMigrations[] = {
    {"app_service", 1, R"sql(
CREATE TABLE app_service (
  service TEXT PRIMARY KEY,
  event BIGINT NOT NULL,
  position BIGINT NOT NULL,
  transaction_number BIGINT NOT NULL,
  to_event BIGINT,
  to_position BIGINT
);
CREATE TABLE network_room (
  network TEXT NOT NULL,
  room INTEGER NOT NULL,
  PRIMARY KEY (network, room)
) {rowless};
)sql"},
};

}  // namespace

std::span<db::Migration const> app_service_migrations() { return kMigrations; }

namespace service_store {
namespace {

constexpr db::Statement kCursor{
    "SELECT event, position, transaction_number, to_event, to_position FROM app_service WHERE service = $1"};
constexpr db::Statement kPutCursor{
    "INSERT INTO app_service (service, event, position, transaction_number, to_event, to_position) "
    "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (service) DO UPDATE SET event = excluded.event, "
    "position = excluded.position, transaction_number = excluded.transaction_number, "
    "to_event = excluded.to_event, to_position = excluded.to_position"};
constexpr db::Statement kNewest{"SELECT COALESCE(MAX(nid), 0) FROM event"};
// Numbers of events are handed out in the order of the lane, so none turns up below another later.
constexpr db::Statement kRows{
    "SELECT nid, room, position, sender, type, state_key, replaces FROM event "
    "WHERE nid > $1 AND nid <= $2 ORDER BY nid LIMIT $3"};
constexpr db::Statement kJoined{"SELECT room FROM membership WHERE member = $1 AND membership = $2"};
// Not by index: asked once, when the stream in memory doesn't reach back.
constexpr db::Statement kReceipts{"SELECT DISTINCT room FROM receipt WHERE position > $1 ORDER BY room"};
constexpr db::Statement kList{
    "INSERT INTO network_room (network, room) VALUES ($1, $2) ON CONFLICT DO NOTHING"};
constexpr db::Statement kUnlist{"DELETE FROM network_room WHERE network = $1 AND room = $2"};
constexpr db::Statement kListed{"SELECT network, room FROM network_room"};

}  // namespace

std::optional<Cursor> cursor(db::Reader& reader, std::string const& service) {
  return reader.query_one(kCursor, {service}, [](db::Row const& row) {
    Cursor found{.done = {row.number<EventNid>(0), row.number<Position>(1)}, .transaction = row.integer(2)};
    if (!row.is_null(3)) found.under_way = Place{row.number<EventNid>(3), row.number<Position>(4)};
    return found;
  });
}

void put_cursor(db::Transaction& transaction, std::string const& service, Cursor const& cursor) {
  auto const to_event = cursor.under_way ? std::optional(cursor.under_way->event) : std::nullopt;
  auto const to_position = cursor.under_way ? std::optional(cursor.under_way->position) : std::nullopt;
  transaction.execute(kPutCursor, {service, cursor.done.event, cursor.done.position, cursor.transaction,
                                   to_event, to_position});
}

EventNid newest_event(db::Reader& reader) {
  return reader.query_one(kNewest, {}, [](db::Row const& row) { return row.number<EventNid>(0); })
      .value_or(EventNid{});
}

std::vector<Row> rows_after(db::Reader& reader, EventNid after, EventNid to, std::size_t limit) {
  std::vector<Row> rows;
  reader.query(kRows, {after, to, limit}, [&](db::Row const& row) {
    auto& added = rows.emplace_back(Row{.nid = row.number<EventNid>(0),
                                        .room = row.number<RoomNid>(1),
                                        .position = row.number<Position>(2),
                                        .sender = row.number<UserNid>(3),
                                        .type = static_cast<std::int32_t>(row.integer(4)),
                                        .replaces = row.number<EventNid>(6)});
    if (!row.is_null(5)) added.state_key = row.string(5);
  });
  return rows;
}

std::vector<std::pair<RoomNid, UserNid>> joined(db::Reader& reader, std::vector<UserNid> const& users) {
  std::vector<std::pair<RoomNid, UserNid>> found;
  for (auto const user : users) {  // by the key; once, at start
    reader.query(kJoined, {user, static_cast<int>(Membership::join)},
                 [&](db::Row const& row) { found.emplace_back(row.number<RoomNid>(0), user); });
  }
  return found;
}

std::vector<RoomNid> rooms_with_receipts_after(db::Reader& reader, Position position) {
  std::vector<RoomNid> rooms;
  reader.query(kReceipts, {position}, [&](db::Row const& row) { rooms.push_back(row.number<RoomNid>(0)); });
  return rooms;
}

void list_room(db::Transaction& transaction, std::string const& network, RoomNid room, bool listed) {
  transaction.execute(listed ? kList : kUnlist, {network, room});
}

std::vector<std::pair<std::string, RoomNid>> listed_rooms(db::Reader& reader) {
  std::vector<std::pair<std::string, RoomNid>> rooms;
  reader.query(kListed, {},
               [&](db::Row const& row) { rooms.emplace_back(row.string(0), row.number<RoomNid>(1)); });
  return rooms;
}

}  // namespace service_store
}  // namespace torg::matrix
