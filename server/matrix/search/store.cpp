#include "matrix/search/store.hpp"

#include "db/sqlite/stems.hpp"

#include <algorithm>
#include <array>

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
    "INSERT INTO search_text (rowid, words) SELECT nid, to_tsvector('simple', body) || "
    "to_tsvector(CAST($1 AS REGCONFIG), body) || to_tsvector('english', body) "
    "FROM search_source WHERE nid > $2 AND nid <= $3"};
// Only the sender's own edits count. CROSS JOIN: SQLite starts from the few relations, not from all events.
constexpr db::Statement kIndexEdits{
    "INSERT INTO search_edit (event, original) SELECT s.nid, o.nid FROM relation r CROSS JOIN search_source "
    "s "
    "JOIN event o ON o.nid = r.target AND o.room = s.room AND o.sender = s.sender "
    "WHERE s.nid = r.event AND r.event > $1 AND r.event <= $2 AND s.edit"};

// What is found is an event that isn't redacted, nor is the one it edits.
#define HIT_COLUMNS "f.rowid, e.room, e.sender, e.type, e.position, o.nid, o.position, "
// CROSS JOIN: SQLite starts from what was found.
#define HIT_TABLES                                                                    \
  " CROSS JOIN event e LEFT JOIN search_edit x ON x.event = f.rowid LEFT JOIN event " \
  "o ON o.nid = x.original WHERE e.nid = f.rowid AND e.redacted_by IS NULL AND o.redacted_by IS NULL "
#define IN_ROOMS_SQLITE "AND f.search_text MATCH $1 AND e.room IN (SELECT value FROM json_each($2)) "
#define IN_ROOMS_POSTGRESQL                                                                            \
  "AND f.words @@ CAST($1 AS TSQUERY) AND e.room IN (SELECT CAST(json_array_elements_text(CAST($2 AS " \
  "JSON)) AS INTEGER)) "
constexpr db::Statement kRecentSqlite{"SELECT " HIT_COLUMNS "0 FROM search_text f" HIT_TABLES IN_ROOMS_SQLITE
                                      "AND f.rowid < $3 ORDER BY f.rowid DESC LIMIT $4"};
constexpr db::Statement kRecentPostgresql{"SELECT " HIT_COLUMNS
                                          "0 FROM search_text f" HIT_TABLES IN_ROOMS_POSTGRESQL
                                          "AND f.rowid < $3 ORDER BY f.rowid DESC LIMIT $4"};
// Only the newest are compared: what many texts hold would take seconds.
constexpr db::Statement kBestSqlite{
    "SELECT " HIT_COLUMNS
    "CAST(1000000 * f.score AS INTEGER) FROM (SELECT rowid, density(search_text, 1) AS score "
    "FROM search_text WHERE search_text MATCH $1 ORDER BY rowid DESC LIMIT $2) f" HIT_TABLES
    "AND e.room IN (SELECT value FROM json_each($3)) ORDER BY f.score DESC, f.rowid DESC LIMIT $4"};
constexpr db::Statement kBestPostgresql{
    "SELECT " HIT_COLUMNS
    "CAST(1000000 * ts_rank(f.words, CAST($1 AS TSQUERY)) AS BIGINT) AS score "
    "FROM (SELECT rowid, words FROM search_text WHERE words @@ CAST($1 AS TSQUERY) "
    "ORDER BY rowid DESC LIMIT $2) f" HIT_TABLES
    "AND e.room IN (SELECT CAST(json_array_elements_text(CAST($3 AS JSON)) AS INTEGER)) "
    "ORDER BY score DESC, f.rowid DESC LIMIT $4"};
constexpr std::size_t kComparedByRank = 1000;
#undef HIT_COLUMNS
#undef HIT_TABLES
#undef IN_ROOMS_SQLITE
#undef IN_ROOMS_POSTGRESQL

constexpr db::Statement kLanguage{"SELECT language FROM search_progress"};
constexpr db::Statement kSetLanguage{"UPDATE search_progress SET language = $1, indexed_up_to = 0"};
constexpr db::Statement kForgetEdits{"DELETE FROM search_edit"};
constexpr db::Statement kForgetPostgresql{"DELETE FROM search_text"};
constexpr db::Statement kDropSqlite{"DROP TABLE search_text"};
constexpr db::Statement kSecureDelete{
    "INSERT INTO search_text (search_text, rank) VALUES ('secure-delete', 1)"};
// The words of one search as a TSQUERY, by the same dictionaries that made the index.
constexpr db::Statement kTextQuery{"SELECT CAST(to_tsquery('simple', $1) AS TEXT)"};
constexpr db::Statement kStemQuery{
    "SELECT CAST(to_tsquery(CAST($1 AS REGCONFIG), $2) AS TEXT), CAST(to_tsquery('english', $2) AS TEXT) "
    "FROM search_progress"};

/// A language is part of SQLite's table, and PostgreSQL's name for its dictionary.
struct Language {
  std::string_view name;
  db::Statement make;
};
#define MAKE_INDEX(languages)                                                                            \
  "CREATE VIRTUAL TABLE search_text USING fts5(room, body, content='search_source', content_rowid='nid'" \
  ", tokenize=\"stems " languages " unicode61 remove_diacritics 0\")"
constexpr std::array kLanguages{
    Language{"swedish", {MAKE_INDEX("swedish english")}},
    Language{"danish", {MAKE_INDEX("danish english")}},
    Language{"norwegian", {MAKE_INDEX("norwegian english")}},
    Language{"finnish", {MAKE_INDEX("finnish english")}},
    Language{"german", {MAKE_INDEX("german english")}},
    Language{"english", {MAKE_INDEX("english")}},
};
#undef MAKE_INDEX

/// With few rooms FTS5 meets on the room as on a word, and skips what others wrote; with many, or where most
/// was written, that costs more than it saves.
constexpr std::size_t kRoomsInMatch = 200;
constexpr std::int64_t kLeastOthers = 4;  // times as much as in the rooms
constexpr db::Statement kWrittenInRooms{
    "SELECT COALESCE(SUM(messages), 0) FROM room WHERE nid IN (SELECT value FROM json_each($1))"};

/// FTS5 gathers all places of all words with a beginning before it gives the newest. So a beginning is looked
/// for as the words that it has, unless there are many.
constexpr std::size_t kMostWordsOfABeginning = 64;
constexpr db::Statement kOnlyWord{"SELECT only_word($1)"};
constexpr db::Statement kNextWord{
    "SELECT term FROM search_vocabulary WHERE term >= $1 AND term < $2 LIMIT 1"};

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

/// ` OR "word" OR "wordlike" …`: the words in the index that begin so, or the beginning itself.
std::string words_of_beginning(db::Reader& reader, std::string const& beginning) {
  auto const any = " OR \"" + quoted(beginning, "\"") + "\" *";
  auto const text = [](db::Row const& row) { return row.is_null(0) ? std::string{} : row.string(0); };
  auto const word = reader.query_one(kOnlyWord, {beginning}, text).value_or("");
  if (word.empty()) return any;  // "e-post" is a phrase
  auto const end = word + "\U0010FFFF";
  std::string words;
  std::optional<std::string> next = word;
  for (std::size_t count = 0; (next = reader.query_one(kNextWord, {*next, end}, text)); ++count) {
    if (count == kMostWordsOfABeginning) return any;
    words += " OR \"" + *next + '"';
    *next += '\1';  // the least that is greater
  }
  return words;
}

/// In FTS5's query language.
std::string fts5_query(db::Reader& reader, std::vector<Wanted> const& wanted) {
  std::string text;
  for (auto const& part : wanted) {
    auto const word = quoted(part.text, "\"") + '"';
    if (!text.empty()) text += " AND ";
    switch (part.how) {
      case Wanted::How::phrase:
        text += '"' + word;
        break;
      case Wanted::How::word:
        text += std::string("\"") + db::kByStem + word;
        break;
      case Wanted::How::beginning:
        text += std::string("(\"") + db::kByStem + word + words_of_beginning(reader, part.text) + ')';
    }
  }
  return text.empty() ? text : "body : (" + text + ')';
}

/// A TSQUERY's text; what has no word in it (punctuation) falls away.
std::string postgresql_query(db::Reader& reader, std::vector<Wanted> const& wanted) {
  auto const language = reader.query_one(kLanguage, {}, [](db::Row const& row) { return row.string(0); });
  std::string text;
  for (auto const& part : wanted) {
    auto const word = '\'' + quoted(part.text, "'\\") + '\'';
    std::string any;
    auto const add = [&](std::string_view query) {
      if (!query.empty()) any += (any.empty() ? "(" : " | (") + std::string(query) + ')';
    };
    auto const exact = part.how == Wanted::How::beginning ? word + ":*" : word;
    reader.query(kTextQuery, {exact}, [&](db::Row const& row) { add(row.text(0)); });
    if (part.how != Wanted::How::phrase) {
      reader.query(kStemQuery, {language.value_or("simple"), word}, [&](db::Row const& row) {
        add(row.text(0));
        add(row.text(1));
      });
    }
    if (!any.empty()) text += (text.empty() ? "(" : " & (") + any + ')';
  }
  return text;
}

/// The rooms may be part of the match, too.
std::string fts5_match(db::Reader& reader, Question const& question) {
  auto match = fts5_query(reader, question.wanted);
  if (question.rooms.size() > kRoomsInMatch || match.empty()) return match;
  auto const number = [](db::Row const& row) { return row.integer(0); };
  auto const written = reader.query_one(kWrittenInRooms, {room_list(question.rooms)}, number).value_or(0);
  auto const all = reader.query_one(kIndexedUpTo, {}, number).value_or(0);
  if (all < (kLeastOthers + 1) * written) return match;
  std::string rooms;
  for (auto const room : question.rooms)
    rooms += (rooms.empty() ? "\"" : " OR \"") + std::to_string(room.value) + '"';
  return "room : (" + rooms + ") AND " + match;
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
  if (kind == sqlite) {
    transaction.execute(kIndexSqlite, {after, last});
  } else {
    auto const language =
        transaction.query_one(kLanguage, {}, [](db::Row const& row) { return row.string(0); });
    transaction.execute(kIndexPostgresql, {language.value_or(""), after, last});
  }
  transaction.execute(kIndexEdits, {after, last});
  transaction.execute(kSetIndexedUpTo, {last});
  return count;
}

bool is_language(std::string_view name) {
  return std::ranges::find(kLanguages, name, &Language::name) != kLanguages.end();
}

void use_language(db::Transaction& transaction, db::Database::Kind kind, std::string const& name) {
  auto const present = transaction.query_one(kLanguage, {}, [](db::Row const& row) { return row.string(0); });
  if (present == name) return;
  if (kind == sqlite) {
    transaction.execute(kDropSqlite, {});
    transaction.execute(std::ranges::find(kLanguages, name, &Language::name)->make, {});
    transaction.execute(kSecureDelete, {});
  } else {
    transaction.execute(kForgetPostgresql, {});
  }
  transaction.execute(kForgetEdits, {});
  transaction.execute(kSetLanguage, {name});
}

std::vector<Hit> hits(db::Reader& reader, db::Database::Kind kind, Question const& question) {
  std::vector<Hit> found;
  if (question.rooms.empty()) return found;
  auto const match =
      kind == sqlite ? fts5_match(reader, question) : postgresql_query(reader, question.wanted);
  if (match.empty()) return found;
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
    reader.query(kind == sqlite ? kBestSqlite : kBestPostgresql,
                 {match, kComparedByRank, rooms, question.limit}, read);
  }
  return found;
}

}  // namespace torg::matrix::search_store
