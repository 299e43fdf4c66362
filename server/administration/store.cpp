#include "administration/store.hpp"

#include "matrix/event/room_version.hpp"
#include "matrix/room/stored_id.hpp"

#include <algorithm>

namespace torg::administration::store {
namespace {

using db::Statement;

constexpr Statement kNoticeRooms{"SELECT member, room FROM notice_room"};
constexpr Statement kPutNoticeRoom{
    "INSERT INTO notice_room (member, room) VALUES ($1, $2) "
    "ON CONFLICT (member) DO UPDATE SET room = excluded.room"};

#define ROOM_COLUMNS                                                                                \
  "SELECT o.nid, o.room_id, o.version, o.joined, o.name, o.alias, o.blocked, "                      \
  "(SELECT COUNT(*) FROM room_state s WHERE s.room = o.nid) AS state_events, "                      \
  "(SELECT f.sender FROM room_fact f WHERE f.room = o.nid AND f.type = 'm.room.create'), "          \
  "o.federates, "                                                                                   \
  "(SELECT f.json ->> 'type' FROM room_fact f WHERE f.room = o.nid AND f.type = 'm.room.create'), " \
  "(SELECT f.json ->> 'algorithm' FROM room_fact f WHERE f.room = o.nid AND f.type = "              \
  "'m.room.encryption'), "                                                                          \
  "(SELECT f.json ->> 'join_rule' FROM room_fact f WHERE f.room = o.nid AND f.type = "              \
  "'m.room.join_rules'), "                                                                          \
  "(SELECT f.json ->> 'guest_access' FROM room_fact f WHERE f.room = o.nid AND f.type = "           \
  "'m.room.guest_access'), "                                                                        \
  "(SELECT f.json ->> 'history_visibility' FROM room_fact f WHERE f.room = o.nid AND f.type = "     \
  "'m.room.history_visibility'), o.listed FROM room_overview o "
#define ROOMS_FOUND                                                                                     \
  "WHERE lower(o.name) LIKE $1 ESCAPE '\\' OR lower(o.alias) LIKE $1 ESCAPE '\\' OR o.room_id LIKE $2 " \
  "ESCAPE '\\' "
#define ROOMS_IN(order) Statement{ROOM_COLUMNS ROOMS_FOUND "ORDER BY " order " LIMIT $3 OFFSET $4"}
constexpr Statement kRoomsInOrder[][2] = {
    {ROOMS_IN("lower(o.name), o.nid"), ROOMS_IN("lower(o.name) DESC, o.nid DESC")},
    {ROOMS_IN("o.joined, o.nid"), ROOMS_IN("o.joined DESC, o.nid")},
    {ROOMS_IN("state_events, o.nid"), ROOMS_IN("state_events DESC, o.nid")},
    {ROOMS_IN("o.version, o.nid"), ROOMS_IN("o.version DESC, o.nid")},
    {ROOMS_IN("o.nid"), ROOMS_IN("o.nid DESC")},
};
constexpr Statement kCountRooms{"SELECT COUNT(*) FROM room_overview o " ROOMS_FOUND};
constexpr Statement kRoom{ROOM_COLUMNS "WHERE o.nid = $1"};
#undef ROOMS_IN
#undef ROOMS_FOUND
#undef ROOM_COLUMNS

constexpr Statement kBlocked{"SELECT room FROM blocked_room ORDER BY room"};
constexpr Statement kBlockedBy{"SELECT blocked_by FROM blocked_room WHERE room = $1"};
constexpr Statement kBlock{
    "INSERT INTO blocked_room (room, blocked_by, at) VALUES ($1, $2, $3) ON CONFLICT (room) DO NOTHING"};
constexpr Statement kUnblock{"DELETE FROM blocked_room WHERE room = $1"};

#define CLOSING_COLUMNS                                                                            \
  "SELECT nid, room, closed_by, at, reason, message, successor_maker, successor_name, successor, " \
  "finished_at, kicked, aliases FROM room_closing "
constexpr Statement kNextClosing{"SELECT COALESCE(MAX(nid), 0) + 1 FROM room_closing"};
constexpr Statement kAddClosing{
    "INSERT INTO room_closing (nid, room, closed_by, at, reason, message, successor_maker, successor_name, "
    "successor, kicked, aliases) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, '')"};
constexpr Statement kClosingsOf{CLOSING_COLUMNS "WHERE room = $1 ORDER BY nid"};
constexpr Statement kUnfinished{CLOSING_COLUMNS "WHERE finished_at IS NULL ORDER BY nid"};
constexpr Statement kClosing{CLOSING_COLUMNS "WHERE nid = $1"};
#undef CLOSING_COLUMNS
constexpr Statement kCountUnfinished{"SELECT COUNT(*) FROM room_closing WHERE finished_at IS NULL"};
constexpr Statement kSetSuccessor{"UPDATE room_closing SET successor = $1 WHERE nid = $2"};
constexpr Statement kFinish{
    "UPDATE room_closing SET finished_at = $1, kicked = $2, aliases = $3 WHERE nid = $4"};

constexpr Statement kEventReports{
    "SELECT p.nid, p.at, p.reporter, r.room_id, e.event_id, e.sender, p.reason FROM report p "
    "JOIN room r ON r.nid = p.room JOIN event e ON e.nid = p.event WHERE p.closed_at IS NULL "
    "ORDER BY p.nid DESC LIMIT $1 OFFSET $2"};
constexpr Statement kCountEventReports{
    "SELECT COUNT(*) FROM report WHERE event IS NOT NULL AND event <> 0 AND closed_at IS NULL"};
constexpr Statement kEventReport{
    "SELECT p.nid, p.at, p.reporter, r.room_id, e.event_id, e.sender, p.reason FROM report p "
    "JOIN room r ON r.nid = p.room JOIN event e ON e.nid = p.event WHERE p.nid = $1 AND p.closed_at "
    "IS NULL"};
constexpr Statement kCloseReport{"UPDATE report SET closed_at = $1 WHERE nid = $2 AND closed_at IS NULL"};

constexpr Statement kOverrides{"SELECT member, burst, interval_ms FROM rate_override"};
constexpr Statement kPutOverride{
    "INSERT INTO rate_override (member, burst, interval_ms) VALUES ($1, $2, $3) "
    "ON CONFLICT (member) DO UPDATE SET burst = excluded.burst, interval_ms = excluded.interval_ms"};
constexpr Statement kRemoveOverride{"DELETE FROM rate_override WHERE member = $1"};

/// What LIKE takes: `search` anywhere, its signs as they are.
std::string pattern_of(std::string_view search) {
  std::string pattern = "%";
  for (char const c : search) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + '%';
}

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

RoomRow read_room(db::Row const& row) {
  auto const federates = row.text(9);
  return {.room = row.number<RoomNid>(0),
          .room_id = row.string(1),
          .version = std::string(matrix::to_text(static_cast<matrix::RoomVersion>(row.integer(2)))),
          .joined_members = row.integer(3),
          .state_events = row.integer(7),
          .creator = row.number<UserNid>(8),
          .name = row.string(4),
          .canonical_alias = row.string(5),
          .encryption = row.string(11),
          .join_rule = row.string(12),
          .guest_access = row.string(13),
          .history_visibility = row.string(14),
          .room_type = row.string(10),
          .federates = federates != "false" && federates != "0",
          .blocked = row.integer(6) != 0,
          .listed = row.integer(15) != 0};
}

EventReport read_report(db::Row const& row) {
  return {.nid = row.integer(0),
          .at = instant_from_ms(row.integer(1)),
          .by = row.number<UserNid>(2),
          .room_id = row.string(3),
          .event_id = matrix::StoredId::from_bytes(row.bytes(4)).text(),
          .sender = row.number<UserNid>(5),
          .reason = row.string(6)};
}

Closing read_closing(db::Row const& row) {
  Closing closing{.nid = row.integer(0),
                  .room = row.number<RoomNid>(1),
                  .by = row.number<UserNid>(2),
                  .at = instant_from_ms(row.integer(3)),
                  .reason = row.string(4),
                  .message = row.string(5),
                  .successor_maker = row.number<UserNid>(6),
                  .successor_name = row.string(7),
                  .successor = row.number<RoomNid>(8),
                  .finished = std::nullopt,
                  .kicked = row.integer(10)};
  if (!row.is_null(9)) closing.finished = instant_from_ms(row.integer(9));
  auto rest = row.text(11);
  while (!rest.empty()) {
    auto const alias = rest.substr(0, rest.find(' '));
    closing.aliases.emplace_back(alias);
    rest.remove_prefix(std::min(rest.size(), alias.size() + 1));
  }
  return closing;
}

}  // namespace

std::map<UserNid, RoomNid> notice_rooms(db::Reader& reader) {
  std::map<UserNid, RoomNid> rooms;
  reader.query(kNoticeRooms, {},
               [&](db::Row const& row) { rooms.emplace(row.number<UserNid>(0), row.number<RoomNid>(1)); });
  return rooms;
}

void put_notice_room(db::Transaction& transaction, UserNid user, RoomNid room) {
  transaction.execute(kPutNoticeRoom, {user, room});
}

RoomPage rooms(db::Reader& reader, std::string_view search, RoomOrder order, Direction direction,
               std::size_t from, std::size_t limit) {
  RoomPage page;
  auto const id = pattern_of(search);
  auto const words = lower(id);
  page.total = reader.query_one(kCountRooms, {words, id}, [](db::Row const& row) { return row.integer(0); })
                   .value_or(0);
  auto const& statement =
      kRoomsInOrder[static_cast<std::size_t>(order)][direction == Direction::forwards ? 0 : 1];
  reader.query(statement, {words, id, limit, from},
               [&](db::Row const& row) { page.rooms.push_back(read_room(row)); });
  return page;
}

std::optional<RoomRow> room(db::Reader& reader, RoomNid nid) {
  return reader.query_one(kRoom, {nid}, read_room);
}

std::vector<RoomNid> blocked_rooms(db::Reader& reader) {
  std::vector<RoomNid> rooms;
  reader.query(kBlocked, {}, [&](db::Row const& row) { rooms.push_back(row.number<RoomNid>(0)); });
  return rooms;
}

std::optional<UserNid> blocked_by(db::Reader& reader, RoomNid room) {
  return reader.query_one(kBlockedBy, {room}, [](db::Row const& row) { return row.number<UserNid>(0); });
}

void block_room(db::Transaction& transaction, RoomNid room, UserNid by, Instant at) {
  transaction.execute(kBlock, {room, by, to_ms(at)});
}

void unblock_room(db::Transaction& transaction, RoomNid room) { transaction.execute(kUnblock, {room}); }

std::int64_t add_closing(db::Transaction& transaction, Closing const& closing) {
  auto const nid =
      transaction.query_one(kNextClosing, {}, [](db::Row const& row) { return row.integer(0); }).value_or(1);
  transaction.execute(kAddClosing, {nid, closing.room, closing.by, to_ms(closing.at), closing.reason,
                                    closing.message, closing.successor_maker, closing.successor_name});
  return nid;
}

std::vector<Closing> closings(db::Reader& reader, RoomNid room) {
  std::vector<Closing> found;
  reader.query(kClosingsOf, {room}, [&](db::Row const& row) { found.push_back(read_closing(row)); });
  return found;
}

std::vector<Closing> unfinished_closings(db::Reader& reader) {
  std::vector<Closing> found;
  reader.query(kUnfinished, {}, [&](db::Row const& row) { found.push_back(read_closing(row)); });
  return found;
}

std::optional<Closing> closing(db::Reader& reader, std::int64_t nid) {
  return reader.query_one(kClosing, {nid}, read_closing);
}

std::int64_t unfinished_count(db::Reader& reader) {
  return reader.query_one(kCountUnfinished, {}, [](db::Row const& row) { return row.integer(0); })
      .value_or(0);
}

void set_successor(db::Transaction& transaction, std::int64_t closing, RoomNid successor) {
  transaction.execute(kSetSuccessor, {successor, closing});
}

void finish_closing(db::Transaction& transaction, Closing const& closing) {
  std::string aliases;  // none of them has a space
  for (auto const& alias : closing.aliases) aliases += (aliases.empty() ? "" : " ") + alias;
  transaction.execute(kFinish, {to_ms(*closing.finished), closing.kicked, aliases, closing.nid});
}

ReportPage event_reports(db::Reader& reader, std::size_t from, std::size_t limit) {
  ReportPage page;
  page.total =
      reader.query_one(kCountEventReports, {}, [](db::Row const& row) { return row.integer(0); }).value_or(0);
  reader.query(kEventReports, {limit, from},
               [&](db::Row const& row) { page.reports.push_back(read_report(row)); });
  return page;
}

std::optional<EventReport> event_report(db::Reader& reader, std::int64_t nid) {
  return reader.query_one(kEventReport, {nid}, read_report);
}

bool close_report(db::Transaction& transaction, std::int64_t nid, Instant at) {
  return transaction.execute(kCloseReport, {to_ms(at), nid}) > 0;
}

std::map<UserNid, net::Rate> rate_overrides(db::Reader& reader) {
  std::map<UserNid, net::Rate> rates;
  reader.query(kOverrides, {}, [&](db::Row const& row) {
    rates.emplace(row.number<UserNid>(0),
                  net::Rate{row.integer(1), std::chrono::milliseconds(row.integer(2))});
  });
  return rates;
}

void put_rate_override(db::Transaction& transaction, UserNid user, net::Rate rate) {
  transaction.execute(kPutOverride, {user, rate.burst, rate.interval.count()});
}

void remove_rate_override(db::Transaction& transaction, UserNid user) {
  transaction.execute(kRemoveOverride, {user});
}

}  // namespace torg::administration::store
