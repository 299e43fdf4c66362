#include "records/register/staff_search.hpp"

#include "db/sqlite/stems.hpp"
#include "records/register/record_rows.hpp"
#include "records/register/search_words.hpp"
#include "records/register/store.hpp"

#include <algorithm>

namespace torg::records {
namespace {

constexpr std::size_t kMostParts = 8;
constexpr std::size_t kShortestBeginning = 3;  // bytes; shorter ones would mean half of the register

void add_part(std::vector<SearchPart>& parts, std::string_view text, bool exact) {
  auto words = search_words(text);
  if (!words.empty() && parts.size() < kMostParts) parts.push_back({std::move(words), exact});
}

bool has_digit(std::string_view word) { return word.find_first_of("0123456789") != std::string_view::npos; }

}  // namespace

std::vector<SearchPart> search_parts(std::string_view text) {
  std::vector<SearchPart> parts;
  bool quoted = false;
  while (!text.empty()) {
    auto const end = text.find('"');
    auto piece = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (quoted && end != std::string_view::npos) {
      add_part(parts, piece, true);
    } else {
      while (!piece.empty()) {  // what stands together, as `2026/00123-4`, is looked for together
        auto const space = piece.find_first_of(" \t\n\r");
        add_part(parts, piece.substr(0, space), false);
        piece.remove_prefix(space == std::string_view::npos ? piece.size() : space + 1);
      }
    }
    quoted = !quoted;
  }
  return parts;
}

namespace register_store {
namespace {

using enum db::Database::Kind;

constexpr db::Statement kAddText{"INSERT INTO register_text (record, words, facets) VALUES ($1, $2, $3)"};
constexpr db::Statement kSetText{"UPDATE register_text SET words = $1, facets = $2 WHERE record = $3"};
constexpr db::Statement kLeftBelow{"SELECT left_below FROM register_reindex"};
constexpr db::Statement kSetLeftBelow{"UPDATE register_reindex SET left_below = $1"};
constexpr db::Statement kIdsBelow{"SELECT id FROM register_record WHERE id < $1 ORDER BY id DESC LIMIT $2"};

// The index comes first and in order: it is read as far as the page goes, not to its end.
#define TORG_FOUND_SQLITE "register_staff_search f CROSS JOIN register_record r ON r.id = f.rowid"
#define TORG_MATCH_SQLITE                                                             \
  "f.register_staff_search MATCH $1 AND f.rowid < $2 AND r.registered_day >= $3 AND " \
  "r.registered_day <= $4"
#define TORG_FOUND_POSTGRESQL "register_text f JOIN register_record r ON r.id = f.record"
#define TORG_MATCH_POSTGRESQL                                                                             \
  "f.words_index @@ CAST($1 AS TSQUERY) AND f.facets_index @@ CAST($2 AS TSQUERY) AND f.record < $3 AND " \
  "r.registered_day >= $4 AND r.registered_day <= $5"
#define TORG_FACETS_POSTGRESQL                                                              \
  "f.facets_index @@ CAST($1 AS TSQUERY) AND f.record < $2 AND r.registered_day >= $3 AND " \
  "r.registered_day <= $4"
constexpr db::Statement kPageSqlite{
    TORG_RECORDS_OF(TORG_FOUND_SQLITE, TORG_MATCH_SQLITE " ORDER BY f.rowid DESC LIMIT $5")};
constexpr db::Statement kCountSqlite{"SELECT count(*) FROM (SELECT 1 FROM " TORG_FOUND_SQLITE
                                     " WHERE " TORG_MATCH_SQLITE " LIMIT $5) found"};
constexpr db::Statement kPagePostgresql{
    TORG_RECORDS_OF(TORG_FOUND_POSTGRESQL, TORG_MATCH_POSTGRESQL " ORDER BY f.record DESC LIMIT $6")};
constexpr db::Statement kCountPostgresql{"SELECT count(*) FROM (SELECT 1 FROM " TORG_FOUND_POSTGRESQL
                                         " WHERE " TORG_MATCH_POSTGRESQL " LIMIT $6) found"};
constexpr db::Statement kFacetsPostgresql{
    TORG_RECORDS_OF(TORG_FOUND_POSTGRESQL, TORG_FACETS_POSTGRESQL " ORDER BY f.record DESC LIMIT $5")};
constexpr db::Statement kCountFacetsPostgresql{"SELECT count(*) FROM (SELECT 1 FROM " TORG_FOUND_POSTGRESQL
                                               " WHERE " TORG_FACETS_POSTGRESQL " LIMIT $5) found"};
// The words of one part in both languages, as PostgreSQL's dictionaries made the index.
constexpr db::Statement kStems{
    "SELECT CAST(to_tsquery('swedish', $1) AS TEXT), CAST(to_tsquery('english', $1) AS TEXT)"};

constexpr std::int64_t kFirstDay = -25'567, kLastDay = 47'481;  // 1900-01-01, 2099-12-31

std::vector<RecordId> ids(db::Reader& reader, db::Statement const& statement,
                          std::initializer_list<db::Value> values) {
  std::vector<RecordId> found;
  reader.query(statement, values, [&](db::Row const& row) { found.push_back(row.number<RecordId>(0)); });
  return found;
}

std::string joined(std::vector<std::string> const& words, std::string_view between, std::string_view quote) {
  std::string text;
  for (auto const& word : words) {
    if (!text.empty()) text += between;
    text.append(quote).append(word).append(quote);
  }
  return text;
}

bool is_beginning(SearchPart const& part) {
  return !part.exact && part.words.back().size() >= kShortestBeginning;
}

/// FTS5 gathers all places of all words with a beginning before it gives the newest, unless it has an index
/// of beginnings of that length. So a longer one is looked for as the words that it has, unless there are
/// many.
constexpr std::size_t kIndexedBeginning = 3, kMostWordsOfABeginning = 64;
constexpr db::Statement kNextWord{
    "SELECT term FROM register_vocabulary WHERE term >= $1 AND term < $2 LIMIT 1"};

std::string fts5_beginning(db::Reader& reader, std::string const& word) {
  auto const any = '"' + word + "\" *";
  if (word.size() <= kIndexedBeginning) return any;
  std::vector<std::string> words;
  auto const get = [](db::Row const& row) { return row.string(0); };
  for (std::optional<std::string> next = word;
       (next = reader.query_one(kNextWord, {*next, word + "\U0010FFFF"}, get));) {
    if (words.size() == kMostWordsOfABeginning) return any;
    words.push_back(*next);
    *next += '\1';  // the least that is greater
  }
  return words.empty() ? any : joined(words, " OR ", "\"");
}

std::string fts5_part(db::Reader& reader, SearchPart const& part) {
  auto const phrase = '"' + joined(part.words, " ", "") + '"';
  auto const one_word = part.words.size() == 1 && !part.exact && !has_digit(part.words.front());
  auto const stem = std::string("\"") + db::kByStem + part.words.front() + '"';
  if (!is_beginning(part)) return one_word ? stem : phrase;
  return one_word ? "(" + stem + " OR " + fts5_beginning(reader, part.words.front()) + ")" : phrase + " *";
}

std::string postgresql_part(db::Reader& reader, SearchPart const& part) {
  auto text = '(' + joined(part.words, " <-> ", "'") + (is_beginning(part) ? ":*" : "");
  if (part.words.size() == 1 && !part.exact) {
    reader.query(kStems, {'\'' + part.words.front() + '\''}, [&](db::Row const& row) {
      for (int column : {0, 1})
        if (!row.text(column).empty()) text += " | " + row.string(column);
    });
  }
  return text + ')';
}

std::string fts5_any(std::vector<std::string> const& tokens) {
  return '(' + joined(tokens, " OR ", "\"") + ')';
}

/// Each group is a list of tokens of which a record has one.
std::vector<std::vector<std::string>> facet_groups(StaffQuery const& query) {
  std::vector<std::vector<std::string>> groups;
  auto const add = [&](auto const& values, auto token) {
    std::vector<std::string> group;
    for (auto const& value : values) group.push_back(token(value));
    if (!group.empty()) groups.push_back(std::move(group));
  };
  auto const plain = [](auto value) { return facet::of(value); };
  add(query.authorities, plain);
  add(query.directions, plain);
  add(query.types, facet::of_type);
  add(query.statuses, plain);
  if (query.of_case) groups.push_back({facet::of(query.of_case)});
  if (query.officer) groups.push_back({facet::of(query.officer)});
  if (query.from || query.to)
    groups.push_back(
        facet::cover(query.from.value_or(to_day(kFirstDay)), query.to.value_or(to_day(kLastDay))));
  return groups;
}

struct Matched {
  std::string words, facets;  ///< on SQLite all is in `words`
  bool nothing = false;       ///< no word could be there, or the days are the wrong way round
};

Matched matched(db::Reader& reader, db::Database::Kind kind, StaffQuery const& query) {
  auto const groups = facet_groups(query);
  auto const parts = search_parts(query.text);
  Matched match;
  match.nothing = (parts.empty() && query.text.find_first_not_of(' ') != std::string::npos) ||
                  std::ranges::any_of(groups, [](auto const& group) { return group.empty(); });
  if (match.nothing) return match;
  for (auto const& group : groups) {
    auto& facets = match.facets;
    if (!facets.empty()) facets += kind == sqlite ? " AND " : " & ";
    facets += kind == sqlite ? fts5_any(group) : '(' + joined(group, " | ", "'") + ')';
  }
  for (auto const& part : parts) {
    if (!match.words.empty()) match.words += kind == sqlite ? " AND " : " & ";
    match.words += kind == sqlite ? fts5_part(reader, part) : postgresql_part(reader, part);
  }
  if (kind == sqlite) {
    auto const words = match.words.empty() ? "" : "words : (" + match.words + ") AND ";
    match.words = words + "facets : (" + match.facets + ')';
  }
  return match;
}

enum class Wanted : std::uint8_t { page, count };

template <class F>
void run(db::Reader& reader, db::Database::Kind kind, StaffQuery const& query, Matched const& match,
         Wanted wanted, F on_row) {
  auto const from = query.from ? query.from->time_since_epoch().count() : kFirstDay;
  auto const to = query.to ? query.to->time_since_epoch().count() : kLastDay;
  auto const before = query.before ? query.before : RecordId(INT64_MAX);
  bool const page = wanted == Wanted::page;
  auto const limit = page ? query.limit + 1 : kCounted + 1;
  if (kind == sqlite)
    reader.query(page ? kPageSqlite : kCountSqlite, {match.words, before, from, to, limit}, on_row);
  else if (match.words.empty())
    reader.query(page ? kFacetsPostgresql : kCountFacetsPostgresql, {match.facets, before, from, to, limit},
                 on_row);
  else
    reader.query(page ? kPagePostgresql : kCountPostgresql,
                 {match.words, match.facets, before, from, to, limit}, on_row);
}

/// What the web shows of the other authorities; only by words, days and directions, for the rest is theirs.
void add_masked(db::Reader& reader, db::Database::Kind kind, StaffQuery const& query, StaffPage& page) {
  if (query.masked.empty() || !query.types.empty() || !query.statuses.empty() || query.of_case ||
      query.officer)
    return;
  RecordQuery shown;
  shown.text = query.text;
  shown.authorities = query.masked;
  shown.directions = query.directions;
  shown.from = query.from;
  shown.to = query.to;
  shown.before = query.before;
  shown.limit = query.limit + 1;
  for (auto& record : search(reader, kind, shown)) page.hits.push_back({std::move(record), true});
  std::ranges::sort(page.hits, std::ranges::greater{}, [](StaffHit const& hit) { return hit.record.id; });
}

}  // namespace

void index_record(db::Transaction& transaction, RecordView const& record) {
  auto const text = staff_text(record);
  if (transaction.execute(kSetText, {text.words, text.facets, record.id}) == 0)
    transaction.execute(kAddText, {record.id, text.words, text.facets});
}

void reindex(db::Transaction& transaction, RecordId id) {
  if (auto const view = record(transaction, id)) index_record(transaction, *view);
}

void reindex_case(db::Transaction& transaction, CaseId of_case) {
  for (auto const& view : records_of(transaction, of_case)) index_record(transaction, view);
}

bool reindex_some(db::Transaction& transaction, std::int64_t limit) {
  auto const below =
      transaction.query_one(kLeftBelow, {}, [](db::Row const& row) { return row.integer(0); }).value_or(0);
  if (below == 0) return false;
  auto const found = ids(transaction, kIdsBelow, {below, limit});
  for (auto const id : found) reindex(transaction, id);
  transaction.execute(kSetLeftBelow, {found.empty() ? 0 : found.back().value});
  return !found.empty();
}

StaffPage staff_search(db::Reader& reader, db::Database::Kind kind, StaffQuery const& query) {
  StaffPage page;
  auto const match = query.authorities.empty() ? Matched{{}, {}, true} : matched(reader, kind, query);
  if (!match.nothing) {
    run(reader, kind, query, match, Wanted::page,
        [&](db::Row const& row) { page.hits.push_back({to_record(row), false}); });
    if (!query.before) {
      run(reader, kind, query, match, Wanted::count,
          [&](db::Row const& row) { page.count = row.integer(0); });
    }
  }
  add_masked(reader, kind, query, page);
  if (static_cast<std::int64_t>(page.hits.size()) <= query.limit) return page;
  page.hits.resize(static_cast<std::size_t>(query.limit));
  page.next = page.hits.back().record.id;
  return page;
}

}  // namespace register_store
}  // namespace torg::records
