#include "matrix/search/store.hpp"

#include <algorithm>

namespace torg::matrix::search_store {
namespace {

using enum db::Database::Kind;

constexpr db::Statement kWaiting{
    "SELECT COUNT(*) FROM event WHERE nid > (SELECT indexed_up_to FROM search_progress)"};
constexpr db::Statement kIndexedUpTo{"SELECT indexed_up_to FROM search_progress"};
constexpr db::Statement kNext{
    "SELECT COUNT(*), MAX(nid) FROM (SELECT nid FROM event WHERE nid > $1 ORDER BY nid LIMIT $2) next"};
constexpr db::Statement kSetIndexedUpTo{"UPDATE search_progress SET indexed_up_to = $1"};
constexpr db::Statement kIndexSqlite{
    "INSERT INTO search_text (rowid, room, body) "
    "SELECT nid, room, body FROM search_source WHERE nid > $1 AND nid <= $2 ORDER BY nid"};
constexpr db::Statement kIndexPostgresql{
    "INSERT INTO search_text (rowid, words) "
    "SELECT nid, to_tsvector('simple', body) FROM search_source WHERE nid > $1 AND nid <= $2"};
// Only the sender's own edits count. CROSS JOIN: SQLite starts from the few relations, not from all events.
constexpr db::Statement kIndexEdits{
    "INSERT INTO search_edit (event, original) SELECT s.nid, o.nid FROM relation r CROSS JOIN search_source "
    "s "
    "JOIN event o ON o.nid = r.target AND o.room = s.room AND o.sender = s.sender "
    "WHERE s.nid = r.event AND r.event > $1 AND r.event <= $2 AND s.edit"};

// What is found is an event that isn't redacted, nor is the one it edits.
#define HIT_COLUMNS "f.rowid, e.room, e.sender, e.type, e.position, o.nid, o.position, "
#define HIT_TABLES                                                                                    \
  " FROM search_text f JOIN event e ON e.nid = f.rowid LEFT JOIN search_edit x ON x.event = f.rowid " \
  "LEFT JOIN event o ON o.nid = x.original WHERE e.redacted_by IS NULL AND o.redacted_by IS NULL "
#define IN_ROOMS_SQLITE "AND f.search_text MATCH $1 AND e.room IN (SELECT value FROM json_each($2)) "
#define IN_ROOMS_POSTGRESQL                                                                                 \
  "AND f.words @@ to_tsquery('simple', $1) AND e.room IN (SELECT CAST(json_array_elements_text(CAST($2 AS " \
  "JSON)) AS INTEGER)) "
constexpr db::Statement kRecentSqlite{"SELECT " HIT_COLUMNS "0" HIT_TABLES IN_ROOMS_SQLITE
                                      "AND f.rowid < $3 ORDER BY f.rowid DESC LIMIT $4"};
constexpr db::Statement kRecentPostgresql{"SELECT " HIT_COLUMNS "0" HIT_TABLES IN_ROOMS_POSTGRESQL
                                          "AND f.rowid < $3 ORDER BY f.rowid DESC LIMIT $4"};
// bm25 is better the lower it is.
constexpr db::Statement kBestSqlite{"SELECT " HIT_COLUMNS
                                    "CAST(-1000000 * f.rank AS INTEGER)" HIT_TABLES IN_ROOMS_SQLITE
                                    "ORDER BY f.rank, f.rowid DESC LIMIT $3"};
constexpr db::Statement kBestPostgresql{"SELECT " HIT_COLUMNS
                                        "CAST(1000000 * ts_rank(f.words, to_tsquery('simple', $1)) AS "
                                        "BIGINT) AS score" HIT_TABLES IN_ROOMS_POSTGRESQL
                                        "ORDER BY score DESC, f.rowid DESC LIMIT $3"};
#undef HIT_COLUMNS
#undef HIT_TABLES
#undef IN_ROOMS_SQLITE
#undef IN_ROOMS_POSTGRESQL

/// With few rooms FTS5 meets on the room as on a word, and skips what others wrote; with many that costs more
/// than it saves.
constexpr std::size_t kRoomsInMatch = 200;

std::string quoted(std::string_view word, std::string_view doubled) {
  std::string text;
  for (char const c : word) {
    if (doubled.contains(c)) text += c;
    text += c;
  }
  return text;
}

std::string room_list(std::vector<RoomNid> const& rooms) {
  std::string text = "[";
  for (auto const room : rooms) text += (text.size() == 1 ? "" : ",") + std::to_string(room.value);
  return text + ']';
}

std::string in_rooms(Question const& question) {
  if (question.rooms.size() > kRoomsInMatch) return question.match;
  std::string rooms;
  for (auto const room : question.rooms)
    rooms += (rooms.empty() ? "\"" : " OR \"") + std::to_string(room.value) + '"';
  return "room : (" + rooms + ") AND " + question.match;
}

}  // namespace

std::int64_t waiting(db::Reader& reader) {
  return reader.query_one(kWaiting, {}, [](db::Row const& row) { return row.integer(0); }).value_or(0);
}

std::size_t index_next(db::Transaction& transaction, db::Database::Kind kind, std::size_t limit) {
  auto const after =
      transaction.query_one(kIndexedUpTo, {}, [](db::Row const& row) { return row.integer(0); }).value_or(0);
  std::size_t count = 0;
  std::int64_t last = 0;
  transaction.query(kNext, {after, limit}, [&](db::Row const& row) {
    count = static_cast<std::size_t>(row.integer(0));
    last = row.integer(1);
  });
  if (count == 0) return 0;
  transaction.execute(kind == sqlite ? kIndexSqlite : kIndexPostgresql, {after, last});
  transaction.execute(kIndexEdits, {after, last});
  transaction.execute(kSetIndexedUpTo, {last});
  return count;
}

std::string match_text(db::Database::Kind kind, std::vector<std::string> const& words) {
  std::string text;
  for (auto const& word : words) {
    bool const last = &word == &words.back();
    if (!text.empty()) text += kind == sqlite ? " " : " & ";
    if (kind == sqlite)
      text += '"' + quoted(word, "\"") + (last ? "\" *" : "\"");
    else
      text += '\'' + quoted(word, "'\\") + (last ? "':*" : "'");
  }
  return kind == sqlite && !text.empty() ? "body : (" + text + ')' : text;
}

std::vector<Hit> hits(db::Reader& reader, db::Database::Kind kind, Question const& question) {
  std::vector<Hit> found;
  if (question.match.empty() || question.rooms.empty()) return found;
  auto const match = kind == sqlite ? in_rooms(question) : question.match;
  auto const rooms = room_list(question.rooms);
  auto const read = [&](db::Row const& row) {
    found.push_back({.event = row.number<EventNid>(0),
                     .room = row.number<RoomNid>(1),
                     .sender = row.number<UserNid>(2),
                     .type = static_cast<std::int32_t>(row.integer(3)),
                     .position = row.number<Position>(4),
                     .original = row.number<EventNid>(5),
                     .original_position = row.number<Position>(6),
                     .rank = row.integer(7)});
  };
  if (question.order == Order::recent) {
    reader.query(kind == sqlite ? kRecentSqlite : kRecentPostgresql,
                 {match, rooms, question.before, question.limit}, read);
  } else {
    reader.query(kind == sqlite ? kBestSqlite : kBestPostgresql, {match, rooms, question.limit}, read);
  }
  return found;
}

}  // namespace torg::matrix::search_store
