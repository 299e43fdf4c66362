#pragma once
#include "db/database.hpp"
#include "records/register/entry.hpp"
#include "records/register/query.hpp"

/// All SQL of the register.
namespace torg::records::register_store {

/// A case as an act needs it.
struct CaseRow {
  CaseId id;
  AuthorityId authority;
  std::string number;
  int year = 0;
  std::string classification;
  bool closed = false;
  std::string title;
  UserNid officer;
  std::int64_t series = 0;
  std::string pattern;  ///< that it was opened with; empty: by a version that knew one only
};

// Series and numbers.
struct SeriesKey {
  AuthorityId authority;
  std::int64_t n = 0;
};
/// Takes the next serial of a series' year.
[[nodiscard]] std::int64_t take_serial(db::Transaction& transaction, SeriesKey series, int year);
[[nodiscard]] std::int64_t peek_serial(db::Reader& reader, SeriesKey series, int year);
/// No serial up to `serial` is handed out any more: it came from elsewhere.
void pass_serial(db::Transaction& transaction, SeriesKey series, int year, std::int64_t serial);
/// Whether it has ever given a number.
[[nodiscard]] bool has_given_numbers(db::Reader& reader, SeriesKey series);
/// Takes the next document of an open case; none when it is closed or another authority's.
[[nodiscard]] std::optional<std::int64_t> take_document(db::Transaction& transaction, CaseId id,
                                                        AuthorityId authority);
/// No document up to `document` is handed out any more in the case.
void pass_document(db::Transaction& transaction, CaseId id, std::int64_t document);
[[nodiscard]] std::int64_t peek_document(db::Reader& reader, CaseId id);

// Cases.
struct NewCaseRow {
  AuthorityId authority;
  std::string number, title, classification;
  int year = 0;
  bool title_public = false;
  Instant at{};
  Day today{};
  UserNid by;
  std::int64_t next_document = 1;
  std::int64_t series = 0;
  std::string pattern;
};
[[nodiscard]] CaseId add_case(db::Transaction& transaction, NewCaseRow const& row);
[[nodiscard]] std::optional<CaseRow> case_row(db::Reader& reader, CaseId id);
[[nodiscard]] std::optional<CaseRow> case_row(db::Reader& reader, std::string_view number);
[[nodiscard]] std::int64_t close_case(db::Transaction& transaction, CaseId id, Day day);
void show_case_title(db::Transaction& transaction, CaseId id);
void hide_case_title(db::Transaction& transaction, CaseId id);

// Records.
struct NewRecordRow {
  NewRecord const& record;
  AuthorityId authority;
  CaseId case_id;
  std::int64_t document = 0;
  std::string number;
  std::string secrecy;  ///< JSON; empty: none
  std::string items;    ///< JSON
  std::string manifest_hash;
  std::string search;
  std::int64_t log_index = 0;
  Instant at{};
};
/// @return its id; the manifest is stored with it
[[nodiscard]] RecordId add_record(db::Transaction& transaction, NewRecordRow const& row);
void add_file(db::Transaction& transaction, RecordId record, int n, NewFile const& file);

struct Shown {
  Publication publication;
  std::optional<std::string> public_title;
  std::optional<Instant> checked_at;
  std::string search;
};
void set_publication(db::Transaction& transaction, RecordId id, Shown const& shown);
void set_corrected(db::Transaction& transaction, RecordId id, std::string_view corrected);
void set_case(db::Transaction& transaction, RecordId id, CaseId case_id);
void add_correction(db::Transaction& transaction, RecordId id, Correction const& correction,
                    std::int64_t log_index);
void set_rendition(db::Transaction& transaction, RecordId id, RenditionState state);
void dispose(db::Transaction& transaction, RecordId id, std::string_view search);

// Views.
[[nodiscard]] std::optional<RecordView> record(db::Reader& reader, RecordId id);
[[nodiscard]] std::optional<RecordView> record(db::Reader& reader, std::string_view number);
struct NameRow {
  RecordId id;
  std::string number, title;
};
/// Number and title of each record that is there, corrections applied.
[[nodiscard]] std::vector<NameRow> names(db::Reader& reader, std::vector<RecordId> const& ids);
[[nodiscard]] std::vector<RecordView> records_of(db::Reader& reader, CaseId id);
[[nodiscard]] std::vector<RecordView> day_list(db::Reader& reader, AuthorityId authority, Day day);
/// Days on which something was registered, and how much, oldest first.
[[nodiscard]] std::vector<DayCount> days(db::Reader& reader, AuthorityId authority, Day from, Day to);
/// The nearest day with something before and after `day`.
[[nodiscard]] std::pair<std::optional<Day>, std::optional<Day>> neighbours(db::Reader& reader,
                                                                           AuthorityId authority, Day day);
[[nodiscard]] std::vector<RecordView> waiting(db::Reader& reader, AuthorityId authority);
[[nodiscard]] std::vector<RecordView> search(db::Reader& reader, db::Database::Kind kind,
                                             RecordQuery const& query);
/// How many `search` would find without `before`, up to `limit`.
[[nodiscard]] std::int64_t search_count(db::Reader& reader, db::Database::Kind kind,
                                        RecordQuery const& query);
[[nodiscard]] std::vector<RecordView> recent(db::Reader& reader, AuthorityId authority, std::int64_t limit);
/// Records with an id in (after, after + count].
[[nodiscard]] std::vector<RecordView> page_after(db::Reader& reader, RecordId after, std::int64_t count);
[[nodiscard]] bool has_after(db::Reader& reader, RecordId after);
[[nodiscard]] std::int64_t checked_since(db::Reader& reader, AuthorityId authority, Instant since);
[[nodiscard]] std::optional<CaseView> case_view(db::Reader& reader, CaseId id);
[[nodiscard]] std::optional<CaseView> case_view(db::Reader& reader, std::string_view number);
struct CaseQuery {
  AuthorityId authority;
  std::string text;
  int open = 0;  ///< 1: open ones only, 2: closed ones only
  CaseFilter filter;
  CaseId before;
  std::size_t limit = 0;
};
/// The newest first.
[[nodiscard]] std::vector<CaseView> cases(db::Reader& reader, CaseQuery const& query);
[[nodiscard]] std::optional<std::string> manifest(db::Reader& reader, RecordId id);
[[nodiscard]] std::vector<db::BlobId> blobs_of(db::Reader& reader, RecordId id);
[[nodiscard]] bool refers_to(db::Reader& reader, db::BlobId const& blob);

}  // namespace torg::records::register_store
