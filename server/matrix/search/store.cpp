#include "matrix/search/store.hpp"

#include "matrix/search/stems.hpp"

#include <algorithm>

namespace torg::matrix::search_store {
namespace {

using enum db::Database::Kind;

constexpr db::Statement kIndexedUpTo{"SELECT indexed_up_to FROM search_progress"};
constexpr db::Statement kNext{
    "SELECT COUNT(*), MAX(nid) FROM (SELECT nid FROM event WHERE nid > $1 ORDER BY nid LIMIT $2) next"};
constexpr db::Statement kSetIndexedUpTo{"UPDATE search_progress SET indexed_up_to = $1"};
constexpr db::Statement kIndexSqlite{
    "INSERT INTO search_text (rowid, room, body) "
    "SELECT nid, room, body FROM search_source WHERE nid > $1 AND nid <= $2 ORDER BY nid"};
constexpr db::Statement kIndexPostgresql{
    "INSERT INTO search_text (rowid, words) "
    "SELECT nid, to_tsvector('simple', body) || to_tsvector('swedish', body) || to_tsvector('danish', body) "
    "|| "
    "to_tsvector('norwegian', body) || to_tsvector('english', body) FROM search_source WHERE nid > $1 AND "
    "nid <= $2"};
// Only the sender's own edits count. CROSS JOIN: SQLite starts from the few relations, not from all events.
constexpr db::Statement kIndexEdits{
    "INSERT INTO search_edit (event, original) SELECT s.nid, o.nid FROM relation r CROSS JOIN search_source "
    "s "
    "JOIN event o ON o.nid = r.target AND o.room = s.room AND o.sender = s.sender "
    "WHERE s.nid = r.event AND r.event > $1 AND r.event <= $2 AND s.edit"};

// What is found is an event that isn't redacted, nor is the one it edits.
#define HIT_COLUMNS "SELECT f.rowid, e.room, e.sender, e.type, e.position, o.nid, o.position, "
#define HIT_TABLES                                                                                   \
  " f CROSS JOIN event e LEFT JOIN search_edit x ON x.event = f.rowid LEFT JOIN event o ON o.nid = " \
  "x.original "                                                                                      \
  "WHERE e.nid = f.rowid AND e.redacted_by IS NULL AND o.redacted_by IS NULL "
#define IN_ROOMS_POSTGRESQL "AND e.room IN (SELECT CAST(json_array_elements_text(CAST("
#define AS_LIST " AS JSON)) AS INTEGER)) "
// In all languages a word is looked for by its stem, as its texts were taken in; $2 has no beginnings of
// words.
#define WORDS                                                                              \
  "(to_tsquery('simple', $1) || to_tsquery('swedish', $2) || to_tsquery('danish', $2) || " \
  "to_tsquery('norwegian', $2) || to_tsquery('english', $2))"
constexpr db::Statement kRecentSqlite{
    HIT_COLUMNS "0 FROM search_text" HIT_TABLES
                "AND f.search_text MATCH $1 AND e.room IN (SELECT value FROM json_each($2)) "
                "AND f.rowid < $3 ORDER BY f.rowid DESC LIMIT $4"};
constexpr db::Statement kRecentPostgresql{HIT_COLUMNS "0 FROM search_text" HIT_TABLES "AND f.words @@ " WORDS
                                                      " " IN_ROOMS_POSTGRESQL "$3" AS_LIST
                                                      "AND f.rowid < $4 ORDER BY f.rowid DESC LIMIT $5"};
// Only the newest are compared: what many texts hold would take seconds.
constexpr db::Statement kBestSqlite{
    HIT_COLUMNS
    "CAST(1000000 * f.score AS INTEGER) FROM (SELECT rowid, density(search_text, 1) AS score FROM "
    "search_text "
    "WHERE search_text MATCH $1 ORDER BY rowid DESC LIMIT $2)" HIT_TABLES
    "AND e.room IN (SELECT value FROM json_each($3)) ORDER BY f.score DESC, f.rowid DESC LIMIT $4"};
constexpr db::Statement kBestPostgresql{HIT_COLUMNS
                                        "CAST(1000000 * ts_rank(f.words, " WORDS
                                        ") AS BIGINT) AS score FROM (SELECT rowid, words "
                                        "FROM search_text WHERE words @@ " WORDS
                                        " ORDER BY rowid DESC LIMIT $3)" HIT_TABLES IN_ROOMS_POSTGRESQL
                                        "$4" AS_LIST "ORDER BY score DESC, f.rowid DESC LIMIT $5"};
#undef HIT_COLUMNS
#undef HIT_TABLES
#undef AS_LIST
#undef IN_ROOMS_POSTGRESQL
#undef WORDS
constexpr std::size_t kComparedByRank = 1000;

// The words of the index from one text to another.
constexpr db::Statement kWords{
    "SELECT term FROM search_word WHERE term >= $1 AND term < $2 ORDER BY term LIMIT $3"};
constexpr std::size_t kMostWords = 300;  // looked at for the forms of one
constexpr std::size_t kMostForms = 20;   // of a word in one search
constexpr std::size_t kShortestStem = 3;

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

/// The words of the index that are forms of this one in some language, itself not among them.
std::vector<std::string> forms(db::Reader& reader, Stems const& stems, std::string const& word) {
  std::vector<std::string> found;
  auto const wanted = stems.of(word);
  if (wanted.empty()) return found;
  auto from = *std::ranges::min_element(wanted, {}, &std::string::size);
  if (from.ends_with('i')) from.pop_back();  // English: "carry" and "carried" are "carri"
  if (from.size() < kShortestStem) return found;
  reader.query(kWords, {from, from + "\xf4\x8f\xbf\xbf", kMostWords}, [&](db::Row const& row) {
    auto const candidate = std::string(row.text(0));
    if (candidate == word || found.size() == kMostForms) return;
    auto const its = stems.of(candidate);
    for (std::size_t i = 0; i < its.size(); ++i) {
      if (its[i] != wanted[i]) continue;
      found.push_back(candidate);
      return;
    }
  });
  return found;
}

std::string match_of(db::Reader& reader, Stems const& stems, Term const& term) {
  auto const text = '"' + quoted(term.text, "\"") + '"';
  if (term.kind == Term::Kind::phrase) return text;
  auto match = term.kind == Term::Kind::beginning ? text + " *" : text;
  for (auto const& form : forms(reader, stems, lower_case(term.text))) match += " OR \"" + form + '"';
  return '(' + match + ')';
}

/// In FTS5's query language.
std::string match_text(db::Reader& reader, Question const& question) {
  Stems const stems;
  std::string match = "body : (";
  for (auto const& term : question.terms)
    match += (&term == question.terms.data() ? "" : " AND ") + match_of(reader, stems, term);
  match += ')';
  if (question.rooms.size() > kRoomsInMatch) return match;
  std::string rooms;
  for (auto const room : question.rooms)
    rooms += (rooms.empty() ? "\"" : " OR \"") + std::to_string(room.value) + '"';
  return "room : (" + rooms + ") AND " + match;
}

enum class Beginnings : bool { yes, no };

/// In that of `to_tsquery`, which knows the forms of words itself.
std::string tsquery(Question const& question, Beginnings beginnings) {
  std::string text;
  for (auto const& term : question.terms) {
    text += text.empty() ? "'" : " & '";
    text += quoted(term.text, "'\\") + '\'';
    if (term.kind == Term::Kind::beginning && beginnings == Beginnings::yes) text += ":*";
  }
  return text;
}

}  // namespace

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

std::vector<Hit> hits(db::Reader& reader, db::Database::Kind kind, Question const& question) {
  std::vector<Hit> found;
  if (question.terms.empty() || question.rooms.empty()) return found;
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
  bool const recent = question.order == Order::recent;
  if (kind == sqlite) {
    auto const match = match_text(reader, question);
    if (recent)
      reader.query(kRecentSqlite, {match, rooms, question.before, question.limit}, read);
    else
      reader.query(kBestSqlite, {match, kComparedByRank, rooms, question.limit}, read);
    return found;
  }
  auto const words = tsquery(question, Beginnings::yes), stems = tsquery(question, Beginnings::no);
  if (recent)
    reader.query(kRecentPostgresql, {words, stems, rooms, question.before, question.limit}, read);
  else
    reader.query(kBestPostgresql, {words, stems, kComparedByRank, rooms, question.limit}, read);
  return found;
}

}  // namespace torg::matrix::search_store
