// The reading half of the register's SQL. A list of records is three queries with the same condition –
// records, files, corrections – never one query per record.
#include "base/json.hpp"
#include "records/register/entry_json.hpp"
#include "records/register/search_words.hpp"
#include "records/register/store.hpp"
#include "records/register/titles.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

namespace torg::records::register_store {
namespace {

#define TORG_RECORDS(condition) TORG_RECORDS_OF("register_record r", condition)
#define TORG_RECORDS_OF(tables, condition)                                                                   \
  "SELECT r.id, r.authority, r.number, r.document, r.title, r.internal_title, r.public_title, r.direction, " \
  "r.sender, "                                                                                               \
  "r.recipient, r.private_person, r.day, r.registered_at, r.registered_by, r.case_id, c.number, c.title, "   \
  "c.public_title, r.classification, r.record_type, r.secrecy, r.corrected, r.disposed, r.publication, "     \
  "r.log_index, "                                                                                            \
  "r.rendition, r.room, r.items, r.manifest_hash, r.manifest_size, sm.marking, mm.marking "                  \
  "FROM " tables " LEFT JOIN register_case c ON c.id = r.case_id " TORG_CASE_MARK "WHERE " condition
#define TORG_CASE_MARK                                                                           \
  "LEFT JOIN secrecy_mark sm ON sm.kind = 0 AND sm.subject = r.case_id AND sm.ended_at IS NULL " \
  "LEFT JOIN secrecy_mark mm ON mm.kind = 1 AND mm.subject = r.id AND mm.n = 1 AND mm.ended_at IS NULL "
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
constexpr db::Statement kCheckedSince{
    "SELECT count(*) FROM register_record WHERE authority = $1 AND checked_at >= $2"};

#define TORG_CASES                                                                                \
  "SELECT c.id, c.authority, c.number, c.title, c.public_title, c.classification, c.opened_day, " \
  "c.closed_day, "                                                                                \
  "c.opened_by, (SELECT count(*) FROM register_record r WHERE r.case_id = c.id) FROM register_case c WHERE "
constexpr db::Statement kCaseById{TORG_CASES "c.id = $1"};
constexpr db::Statement kCaseByNumber{TORG_CASES "c.number = $1"};
constexpr db::Statement kCases{
    TORG_CASES
    "c.authority = $1 AND c.search LIKE $2 ESCAPE '\\' AND c.id < $3 AND "
    "($4 = 0 OR $4 = CASE WHEN c.closed_day IS NULL THEN 1 ELSE 2 END) ORDER BY c.id DESC LIMIT $5"};
constexpr db::Statement kManifest{"SELECT manifest FROM register_manifest WHERE record = $1"};
constexpr db::Statement kBlobsOf{"SELECT DISTINCT blob FROM register_file WHERE record = $1 ORDER BY blob"};
constexpr db::Statement kHasAfter{"SELECT 1 FROM register_record WHERE id > $1 LIMIT 1"};
constexpr db::Statement kRefersTo{"SELECT 1 FROM register_file WHERE blob = $1 LIMIT 1"};

constexpr std::int64_t kNoDay = 10'000'000;  // a day no record has

Day to_day(std::int64_t days) { return Day(std::chrono::days(days)); }

std::optional<std::string> optional_text(db::Row const& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(row.string(column));
}

/// The one file every record has until it is disposed of.
FileView manifest_file(db::Row const& row) {
  return {1,
          FileRole::original,
          "manifest.json",
          "application/json",
          row.integer(29),
          db::BlobId{row.string(28)},
          true};
}

RecordView to_record(db::Row const& row) {
  RecordView view;
  view.id = row.number<RecordId>(0);
  view.authority = row.number<AuthorityId>(1);
  view.number = row.string(2);
  view.document = row.integer(3);
  view.title = row.string(4);
  view.internal_title = row.string(5);
  view.public_title = optional_text(row, 6);
  view.direction = static_cast<Direction>(row.integer(7));
  view.sender = row.string(8);
  view.recipient = row.string(9);
  view.private_person = row.integer(10) != 0;
  view.came_or_made_day = to_day(row.integer(11));
  view.registered_at = instant_from_ms(row.integer(12));
  view.registered_by = row.number<UserNid>(13);
  if (!row.is_null(14)) view.case_id = row.number<CaseId>(14);
  view.case_number = row.string(15);
  view.case_title = row.string(16);
  view.case_public_title = optional_text(row, 17);
  view.classification = row.string(18);
  view.record_type = row.string(19);
  view.secrecy = parse_secrecy(row.text(20));
  view.disposed = row.integer(22) != 0;
  view.publication = static_cast<Publication>(row.integer(23));
  view.log_index = row.integer(24);
  view.rendition = static_cast<RenditionState>(row.integer(25));
  view.room = row.number<RoomNid>(26);
  view.items = parse_items(row.text(27));
  view.case_secrecy = parse_secrecy(row.text(30));
  if (!view.disposed) {
    view.files.push_back(manifest_file(row));
    view.files.back().secrecy = parse_secrecy(row.text(31));
  }
  apply_corrected(view, row.text(21));
  return view;
}

CaseView to_case(db::Row const& row) {
  CaseView view;
  view.id = row.number<CaseId>(0);
  view.authority = row.number<AuthorityId>(1);
  view.number = row.string(2);
  view.title = row.string(3);
  view.public_title = optional_text(row, 4);
  view.classification = row.string(5);
  view.opened_day = to_day(row.integer(6));
  if (!row.is_null(7)) view.closed_day = to_day(row.integer(7));
  view.opened_by = row.number<UserNid>(8);
  view.records = row.integer(9);
  return view;
}

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
  reader.query(kCases, {query.authority, like(folded(query.text)), query.before, query.open, query.limit},
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
