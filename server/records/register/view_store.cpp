// The reading half of the register's SQL. A list of records is three queries with the same condition –
// records, files, corrections – never one query per record.
#include "base/json.hpp"
#include "records/register/entry_json.hpp"
#include "records/register/record_rows.hpp"
#include "records/register/search_words.hpp"
#include "records/register/store.hpp"
#include "records/register/titles.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

namespace torg::records::register_store {
namespace {

#define TORG_FILES(condition)                                                                                \
  "SELECT f.record, f.n, f.role, f.name, f.type, f.size, f.blob, fm.marking FROM register_file f JOIN "      \
  "register_record r ON r.id = f.record LEFT JOIN secrecy_mark fm ON fm.kind = 1 AND fm.subject = f.record " \
  "AND fm.n = f.n AND fm.ended_at IS NULL WHERE " condition " ORDER BY f.record, f.n"
#define TORG_CORRECTIONS(condition)                                                     \
  "SELECT k.record, k.at, k.by_user, k.field, k.old_value, k.new_value, k.reason FROM " \
  "register_correction k JOIN register_record r ON r.id = k.record WHERE " condition " ORDER BY k.id"

struct Condition {
  db::Statement records, files, corrections;
};

#define TORG_CONDITION(condition, order)                                                      \
  {                                                                                           \
    {TORG_RECORDS(condition) order}, {TORG_FILES(condition)}, { TORG_CORRECTIONS(condition) } \
  }

constexpr Condition kById = TORG_CONDITION("r.id = $1", "");
constexpr Condition kByNumber = TORG_CONDITION("r.number = $1", "");
constexpr Condition kOfCase = TORG_CONDITION("r.case_id = $1", " ORDER BY r.document, r.id");
constexpr Condition kOfDay = TORG_CONDITION("r.authority = $1 AND r.registered_day = $2", " ORDER BY r.id");
constexpr Condition kWaiting =
    TORG_CONDITION("r.authority = $1 AND r.publication = 0", " ORDER BY r.id LIMIT 200");
constexpr Condition kPage = TORG_CONDITION("r.id > $1 AND r.id <= $2", " ORDER BY r.id");

// The public's search reads what the web shows, which the column `search` is made of, through its full-text
// index. No files and corrections: the public sees neither. Directions and authorities are lists in text
// (`,1,3,`), empty for all.
#define TORG_FILTER                                                                                 \
  "(CAST($1 AS BIGINT) = 0 OR r.authority = $1) AND r.id < $2 AND r.registered_day >= $3 AND "      \
  "r.registered_day <= $4 AND "                                                                     \
  "(CAST($5 AS TEXT) = '' OR CAST($5 AS TEXT) LIKE '%,' || CAST(r.authority AS TEXT) || ',%') AND " \
  "(CAST($6 AS TEXT) = '' OR CAST($6 AS TEXT) LIKE '%,' || CAST(r.direction AS TEXT) || ',%')"
// The index comes first and in order: a frequent word is read as far as the page goes, not to its end.
#define TORG_WORDS_SQLITE "register_search f CROSS JOIN register_record r ON r.id = f.rowid"
#define TORG_MATCH_SQLITE TORG_FILTER " AND f.register_search MATCH $7"
#define TORG_MATCH_POSTGRESQL TORG_FILTER " AND r.words @@ to_tsquery('simple', $7)"
#define TORG_COUNT(tables, condition, limit) \
  "SELECT count(*) FROM (SELECT 1 FROM " tables " WHERE " condition " LIMIT " limit ") found"

struct SearchStatements {
  db::Statement page, count;
};
constexpr SearchStatements kAll{{TORG_RECORDS(TORG_FILTER " ORDER BY r.id DESC LIMIT $7")},
                                {TORG_COUNT("register_record r", TORG_FILTER, "$7")}};
constexpr SearchStatements kMatchSqlite{
    {TORG_RECORDS_OF(TORG_WORDS_SQLITE, TORG_MATCH_SQLITE " ORDER BY f.rowid DESC LIMIT $8")},
    {TORG_COUNT(TORG_WORDS_SQLITE, TORG_MATCH_SQLITE, "$8")}};
constexpr SearchStatements kMatchPostgresql{
    {TORG_RECORDS(TORG_MATCH_POSTGRESQL " ORDER BY r.id DESC LIMIT $8")},
    {TORG_COUNT("register_record r", TORG_MATCH_POSTGRESQL, "$8")}};
// A list of eight ids at a time; unused places hold 0, which no record has.
constexpr db::Statement kNames{TORG_RECORDS("r.id IN ($1, $2, $3, $4, $5, $6, $7, $8)")};
constexpr std::size_t kNamesAtOnce = 8;
constexpr db::Statement kRecent{
    TORG_RECORDS("r.authority = $1 AND r.disposed = 0 ORDER BY r.id DESC LIMIT $2")};
constexpr db::Statement kDays{
    "SELECT registered_day, count(*) FROM register_record WHERE authority = $1 AND registered_day >= $2 AND "
    "registered_day <= $3 GROUP BY registered_day ORDER BY registered_day"};
constexpr db::Statement kDayBefore{
    "SELECT MAX(registered_day) FROM register_record WHERE authority = $1 AND registered_day < $2"};
constexpr db::Statement kDayAfter{
    "SELECT MIN(registered_day) FROM register_record WHERE authority = $1 AND registered_day > $2"};
constexpr db::Statement kCheckedSince{
    "SELECT count(*) FROM register_record WHERE authority = $1 AND checked_at >= $2"};

constexpr db::Statement kCaseById{TORG_CASES "c.id = $1"};
constexpr db::Statement kCaseByNumber{TORG_CASES "c.number = $1"};
constexpr db::Statement kCases{
    TORG_CASES
    "c.authority = $1 AND c.search LIKE $2 ESCAPE '\\' AND c.id < $3 AND "
    "($4 = 0 OR $4 = CASE WHEN c.closed_day IS NULL THEN 1 ELSE 2 END) AND "
    "(CAST($5 AS BIGINT) = -1 OR c.state = $5) AND (CAST($6 AS BIGINT) = 0 OR c.officer = $6) AND "
    "COALESCE(c.deadline, CAST($7 AS BIGINT)) <= $8 ORDER BY c.id DESC LIMIT $9"};
constexpr db::Statement kManifest{"SELECT manifest FROM register_manifest WHERE record = $1"};
constexpr db::Statement kBlobsOf{"SELECT DISTINCT blob FROM register_file WHERE record = $1 ORDER BY blob"};
constexpr db::Statement kHasAfter{"SELECT 1 FROM register_record WHERE id > $1 LIMIT 1"};
constexpr db::Statement kRefersTo{"SELECT 1 FROM register_file WHERE blob = $1 LIMIT 1"};

constexpr std::int64_t kNoDay = 10'000'000;  // a day no record has

std::vector<RecordView> read(db::Reader& reader, Condition const& condition,
                             std::initializer_list<db::Value> values) {
  std::vector<RecordView> views;
  std::map<RecordId, std::size_t> places;
  reader.query(condition.records, values, [&](db::Row const& row) {
    views.push_back(to_record(row));
    places[views.back().id] = views.size() - 1;
  });
  if (views.empty()) return views;
  // The condition may hold for more than a limited list shows: what has no place is skipped.
  auto const view_of = [&](db::Row const& row) -> RecordView* {
    auto const found = places.find(row.number<RecordId>(0));
    return found == places.end() ? nullptr : &views[found->second];
  };
  reader.query(condition.files, values, [&](db::Row const& row) {
    if (auto* view = view_of(row)) {
      view->files.push_back({static_cast<int>(row.integer(1)), static_cast<FileRole>(row.integer(2)),
                             row.string(3), row.string(4), row.integer(5), db::BlobId{row.string(6)}, false,
                             parse_secrecy(row.text(7))});
    }
  });
  reader.query(condition.corrections, values, [&](db::Row const& row) {
    if (auto* view = view_of(row)) {
      view->corrections.push_back({instant_from_ms(row.integer(1)), row.number<UserNid>(2), row.string(3),
                                   row.string(4), row.string(5), row.string(6)});
    }
  });
  return views;
}

std::optional<RecordView> first(std::vector<RecordView> views) {
  if (views.empty()) return std::nullopt;
  return std::move(views.front());
}

/// `word` as a LIKE pattern that finds it anywhere and nothing else.
std::string like(std::string_view word) {
  std::string pattern = "%";
  for (auto const c : word) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

/// `,1,3,`; empty for an empty list.
template <class T, class F>
std::string list_text(std::vector<T> const& values, F number) {
  std::string text = values.empty() ? "" : ",";
  for (auto const& value : values) text += std::to_string(number(value)) + ",";
  return text;
}

enum class Wanted : std::uint8_t { page, count };

template <class F>
void run_search(db::Reader& reader, db::Database::Kind kind, RecordQuery const& query, Wanted wanted,
                F on_row) {
  auto const from = query.from ? query.from->time_since_epoch().count() : -kNoDay;
  auto const to = query.to ? query.to->time_since_epoch().count() : kNoDay;
  auto const before = query.before ? query.before : RecordId(INT64_MAX);
  auto const authorities = list_text(query.authorities, [](AuthorityId id) { return id.value; });
  auto const directions =
      list_text(query.directions, [](Direction direction) { return static_cast<int>(direction); });
  auto const pick = [&](SearchStatements const& of) -> db::Statement const& {
    return wanted == Wanted::page ? of.page : of.count;
  };
  if (query.text.find_first_not_of(' ') == std::string::npos) {
    reader.query(pick(kAll), {query.authority, before, from, to, authorities, directions, query.limit},
                 on_row);
    return;
  }
  auto const words = search_words(query.text);
  if (words.empty()) return;  // nothing that could stand in a title
  bool const sqlite = kind == db::Database::Kind::sqlite;
  auto const match = match_text(kind, words);
  reader.query(pick(sqlite ? kMatchSqlite : kMatchPostgresql),
               {query.authority, before, from, to, authorities, directions, match, query.limit}, on_row);
}

}  // namespace

std::optional<RecordView> record(db::Reader& reader, RecordId id) { return first(read(reader, kById, {id})); }

std::optional<RecordView> record(db::Reader& reader, std::string_view number) {
  return first(read(reader, kByNumber, {number}));
}

std::vector<NameRow> names(db::Reader& reader, std::vector<RecordId> const& ids) {
  std::vector<NameRow> found;
  for (std::size_t from = 0; from < ids.size(); from += kNamesAtOnce) {
    auto const id = [&](std::size_t n) { return from + n < ids.size() ? ids[from + n] : RecordId{}; };
    reader.query(kNames, {id(0), id(1), id(2), id(3), id(4), id(5), id(6), id(7)}, [&](db::Row const& row) {
      auto record = to_record(row);
      found.push_back({record.id, std::move(record.number), std::move(record.title)});
    });
  }
  return found;
}

std::vector<RecordView> records_of(db::Reader& reader, CaseId id) { return read(reader, kOfCase, {id}); }

std::vector<RecordView> day_list(db::Reader& reader, AuthorityId authority, Day day) {
  return read(reader, kOfDay, {authority, day.time_since_epoch().count()});
}

std::vector<DayCount> days(db::Reader& reader, AuthorityId authority, Day from, Day to) {
  std::vector<DayCount> found;
  reader.query(kDays, {authority, from.time_since_epoch().count(), to.time_since_epoch().count()},
               [&](db::Row const& row) { found.push_back({to_day(row.integer(0)), row.integer(1)}); });
  return found;
}

std::pair<std::optional<Day>, std::optional<Day>> neighbours(db::Reader& reader, AuthorityId authority,
                                                             Day day) {
  auto const nearest = [&](db::Statement const& statement) {
    std::optional<Day> found;
    reader.query(statement, {authority, day.time_since_epoch().count()}, [&](db::Row const& row) {
      if (!row.is_null(0)) found = to_day(row.integer(0));
    });
    return found;
  };
  return {nearest(kDayBefore), nearest(kDayAfter)};
}

std::vector<RecordView> waiting(db::Reader& reader, AuthorityId authority) {
  return read(reader, kWaiting, {authority});
}

std::vector<RecordView> page_after(db::Reader& reader, RecordId after, std::int64_t count) {
  return read(reader, kPage, {after, after.value + count});
}

bool has_after(db::Reader& reader, RecordId after) {
  return reader.query_one(kHasAfter, {after}, [](db::Row const&) { return true; }).has_value();
}

std::vector<RecordView> search(db::Reader& reader, db::Database::Kind kind, RecordQuery const& query) {
  std::vector<RecordView> found;
  run_search(reader, kind, query, Wanted::page, [&](db::Row const& row) { found.push_back(to_record(row)); });
  return found;
}

std::int64_t search_count(db::Reader& reader, db::Database::Kind kind, RecordQuery const& query) {
  std::int64_t count = 0;
  run_search(reader, kind, query, Wanted::count, [&](db::Row const& row) { count = row.integer(0); });
  return count;
}

std::vector<RecordView> recent(db::Reader& reader, AuthorityId authority, std::int64_t limit) {
  std::vector<RecordView> found;
  reader.query(kRecent, {authority, limit}, [&](db::Row const& row) { found.push_back(to_record(row)); });
  return found;
}

std::int64_t checked_since(db::Reader& reader, AuthorityId authority, Instant since) {
  return reader
      .query_one(kCheckedSince, {authority, to_ms(since)}, [](db::Row const& row) { return row.integer(0); })
      .value_or(0);
}

std::optional<CaseView> case_view(db::Reader& reader, CaseId id) {
  return reader.query_one(kCaseById, {id}, to_case);
}

std::optional<CaseView> case_view(db::Reader& reader, std::string_view number) {
  return reader.query_one(kCaseByNumber, {number}, to_case);
}

std::vector<CaseView> cases(db::Reader& reader, CaseQuery const& query) {
  std::vector<CaseView> found;
  auto const& filter = query.filter;
  auto const state = filter.state ? static_cast<int>(*filter.state) : -1;
  // A case without a deadline is due after everything, or with everything when nothing is asked of deadlines.
  auto const due_by = filter.due_by ? filter.due_by->time_since_epoch().count() : kNoDay;
  auto const without = filter.due_by ? kNoDay : 0;
  reader.query(kCases,
               {query.authority, like(folded(query.text)), query.before, query.open, state, filter.officer,
                without, due_by, query.limit},
               [&](db::Row const& row) { found.push_back(to_case(row)); });
  return found;
}

std::optional<std::string> manifest(db::Reader& reader, RecordId id) {
  return reader.query_one(kManifest, {id}, [](db::Row const& row) { return row.string(0); });
}

std::vector<db::BlobId> blobs_of(db::Reader& reader, RecordId id) {
  std::vector<db::BlobId> blobs;
  reader.query(kBlobsOf, {id}, [&](db::Row const& row) { blobs.push_back(db::BlobId{row.string(0)}); });
  return blobs;
}

bool refers_to(db::Reader& reader, db::BlobId const& blob) {
  return reader.query_one(kRefersTo, {blob.value}, [](db::Row const&) { return true; }).has_value();
}

}  // namespace torg::records::register_store
