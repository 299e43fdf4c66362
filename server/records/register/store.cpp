#include "records/register/store.hpp"

#include "records/register/titles.hpp"

namespace torg::records::register_store {
namespace {

// Numbers are counter rows, not sequences: a sequence leaves a gap when its transaction rolls back.
constexpr db::Statement kTakeSerial{
    "UPDATE register_serial SET next = next + 1 WHERE authority = $1 AND n = $2 AND year = $3 "
    "RETURNING next - 1"};
constexpr db::Statement kFirstSerial{
    "INSERT INTO register_serial (authority, n, year, next) VALUES ($1, $2, $3, $4)"};
constexpr db::Statement kPeekSerial{
    "SELECT next FROM register_serial WHERE authority = $1 AND n = $2 AND year = $3"};
constexpr db::Statement kPassSerial{
    "UPDATE register_serial SET next = $1 WHERE authority = $2 AND n = $3 AND year = $4"};
constexpr db::Statement kHasSerials{"SELECT 1 FROM register_serial WHERE authority = $1 AND n = $2 LIMIT 1"};
constexpr db::Statement kTakeDocument{
    "UPDATE register_case SET next_document = next_document + 1 "
    "WHERE id = $1 AND authority = $2 AND closed_day IS NULL RETURNING next_document - 1"};
constexpr db::Statement kPassDocument{
    "UPDATE register_case SET next_document = $1 WHERE id = $2 AND next_document < $3"};
constexpr db::Statement kPeekDocument{"SELECT next_document FROM register_case WHERE id = $1"};

constexpr db::Statement kAddCase{
    "INSERT INTO register_case (authority, number, year, title, public_title, classification, opened_at, "
    "opened_day, "
    "opened_by, next_document, search, series, pattern) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
    "$11, "
    "$12, $13) RETURNING id"};
constexpr db::Statement kCaseById{
    "SELECT id, authority, number, year, classification, closed_day, title, officer, series, "
    "pattern FROM register_case WHERE id = $1"};
constexpr db::Statement kCaseByNumber{
    "SELECT id, authority, number, year, classification, closed_day, title, officer, series, "
    "pattern FROM register_case WHERE number = $1"};
constexpr db::Statement kCloseCase{
    "UPDATE register_case SET closed_day = $1, state = 3 WHERE id = $2 AND closed_day IS NULL"};
constexpr db::Statement kHideCaseTitle{"UPDATE register_case SET public_title = NULL WHERE id = $1"};
constexpr db::Statement kShowCaseTitle{
    "UPDATE register_case SET public_title = title WHERE id = $1 AND public_title IS NULL"};

constexpr db::Statement kAddRecord{
    "INSERT INTO register_record (authority, case_id, year, document, number, title, internal_title, "
    "direction, sender, "
    "recipient, private_person, day, registered_at, registered_day, registered_by, classification, "
    "record_type, secrecy, "
    "room, items, manifest_hash, manifest_size, log_index, publication, public_title, rendition, disposed, "
    "search) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, "
    "$22, $23, "
    "$24, $25, 0, 0, $26) RETURNING id"};
constexpr db::Statement kAddManifest{"INSERT INTO register_manifest (record, manifest) VALUES ($1, $2)"};
constexpr db::Statement kAddFile{
    "INSERT INTO register_file (record, n, role, name, type, size, blob) VALUES ($1, $2, $3, $4, $5, $6, "
    "$7)"};
constexpr db::Statement kSetPublication{
    "UPDATE register_record SET publication = $1, public_title = $2, checked_at = $3, search = $4 WHERE id = "
    "$5"};
constexpr db::Statement kSetCorrected{"UPDATE register_record SET corrected = $1 WHERE id = $2"};
constexpr db::Statement kSetCase{"UPDATE register_record SET case_id = $1 WHERE id = $2"};
constexpr db::Statement kAddCorrection{
    "INSERT INTO register_correction (record, at, by_user, field, old_value, new_value, reason, log_index) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"};
constexpr db::Statement kSetRendition{"UPDATE register_record SET rendition = $1 WHERE id = $2"};

// What is left is the tombstone: number, case, dates, direction, type, class.
constexpr db::Statement kDispose{
    "UPDATE register_record SET title = '', internal_title = '', sender = '', recipient = '', secrecy = "
    "NULL, items = '[]', "
    "manifest_hash = '', manifest_size = 0, corrected = NULL, public_title = NULL, disposed = 1, publication "
    "= 2, "
    "search = $1 WHERE id = $2"};
constexpr db::Statement kDropManifest{"DELETE FROM register_manifest WHERE record = $1"};
constexpr db::Statement kDropFiles{"DELETE FROM register_file WHERE record = $1"};
constexpr db::Statement kBlankCorrections{
    "UPDATE register_correction SET old_value = '', new_value = '', reason = '' WHERE record = $1"};

std::int64_t first_integer(db::Row const& row) { return row.integer(0); }

std::int64_t days(Day day) { return day.time_since_epoch().count(); }

CaseRow to_case_row(db::Row const& row) {
  return {row.number<CaseId>(0), row.number<AuthorityId>(1),
          row.string(2),         static_cast<int>(row.integer(3)),
          row.string(4),         !row.is_null(5),
          row.string(6),         row.number<UserNid>(7),
          row.integer(8),        row.string(9)};
}

}  // namespace

std::int64_t take_serial(db::Transaction& transaction, SeriesKey series, int year) {
  if (auto const taken =
          transaction.query_one(kTakeSerial, {series.authority, series.n, year}, first_integer))
    return *taken;
  transaction.execute(kFirstSerial, {series.authority, series.n, year, 2});
  return 1;
}

std::int64_t peek_serial(db::Reader& reader, SeriesKey series, int year) {
  return reader.query_one(kPeekSerial, {series.authority, series.n, year}, first_integer).value_or(1);
}

void pass_serial(db::Transaction& transaction, SeriesKey series, int year, std::int64_t serial) {
  auto const next = transaction.query_one(kPeekSerial, {series.authority, series.n, year}, first_integer);
  if (!next)
    transaction.execute(kFirstSerial, {series.authority, series.n, year, serial + 1});
  else if (*next <= serial)
    transaction.execute(kPassSerial, {serial + 1, series.authority, series.n, year});
}

bool has_given_numbers(db::Reader& reader, SeriesKey series) {
  return reader.query_one(kHasSerials, {series.authority, series.n}, first_integer).has_value();
}

std::optional<std::int64_t> take_document(db::Transaction& transaction, CaseId id, AuthorityId authority) {
  return transaction.query_one(kTakeDocument, {id, authority}, first_integer);
}

void pass_document(db::Transaction& transaction, CaseId id, std::int64_t document) {
  transaction.execute(kPassDocument, {document + 1, id, document + 1});
}

std::int64_t peek_document(db::Reader& reader, CaseId id) {
  return reader.query_one(kPeekDocument, {id}, first_integer).value_or(1);
}

CaseId add_case(db::Transaction& transaction, NewCaseRow const& row) {
  auto const public_title = row.title_public ? std::optional<std::string_view>(row.title) : std::nullopt;
  auto const id =
      transaction.query_one(kAddCase,
                            {row.authority, row.number, row.year, row.title, public_title, row.classification,
                             to_ms(row.at), days(row.today), row.by, row.next_document,
                             folded(row.number + " " + row.title), row.series, row.pattern},
                            first_integer);
  return CaseId(id.value());
}

std::optional<CaseRow> case_row(db::Reader& reader, CaseId id) {
  return reader.query_one(kCaseById, {id}, to_case_row);
}

std::optional<CaseRow> case_row(db::Reader& reader, std::string_view number) {
  return reader.query_one(kCaseByNumber, {number}, to_case_row);
}

std::int64_t close_case(db::Transaction& transaction, CaseId id, Day day) {
  return transaction.execute(kCloseCase, {days(day), id});
}

void hide_case_title(db::Transaction& transaction, CaseId id) { transaction.execute(kHideCaseTitle, {id}); }
void show_case_title(db::Transaction& transaction, CaseId id) { transaction.execute(kShowCaseTitle, {id}); }

RecordId add_record(db::Transaction& transaction, NewRecordRow const& row) {
  auto const& record = row.record;
  auto const secrecy = row.secrecy.empty() ? std::nullopt : std::optional<std::string_view>(row.secrecy);
  auto const shown =
      record.publication == Publication::full ? std::optional<std::string_view>(record.title) : std::nullopt;
  auto const id = transaction.query_one(kAddRecord,
                                        {row.authority,
                                         row.case_id ? std::optional(row.case_id) : std::nullopt,
                                         static_cast<int>(std::chrono::year_month_day(record.today).year()),
                                         row.document,
                                         row.number,
                                         record.title,
                                         record.internal_title,
                                         static_cast<int>(record.direction),
                                         record.sender,
                                         record.recipient,
                                         record.private_person,
                                         days(record.came_or_made_day),
                                         to_ms(row.at),
                                         days(record.today),
                                         record.by,
                                         record.classification,
                                         record.record_type,
                                         secrecy,
                                         record.room,
                                         row.items,
                                         row.manifest_hash,
                                         record.manifest.size(),
                                         row.log_index,
                                         static_cast<int>(record.publication),
                                         shown,
                                         row.search},
                                        first_integer);
  transaction.execute(kAddManifest, {*id, record.manifest});
  return RecordId(id.value());
}

void add_file(db::Transaction& transaction, RecordId record, int n, NewFile const& file) {
  transaction.execute(
      kAddFile, {record, n, static_cast<int>(file.role), file.name, file.type, file.size, file.blob.value});
}

void set_publication(db::Transaction& transaction, RecordId id, Shown const& shown) {
  auto const checked = shown.checked_at ? std::optional(to_ms(*shown.checked_at)) : std::nullopt;
  transaction.execute(kSetPublication,
                      {static_cast<int>(shown.publication), shown.public_title, checked, shown.search, id});
}

void set_corrected(db::Transaction& transaction, RecordId id, std::string_view corrected) {
  transaction.execute(kSetCorrected, {corrected, id});
}

void set_case(db::Transaction& transaction, RecordId id, CaseId case_id) {
  transaction.execute(kSetCase, {case_id, id});
}

void add_correction(db::Transaction& transaction, RecordId id, Correction const& correction,
                    std::int64_t log_index) {
  transaction.execute(kAddCorrection, {id, to_ms(correction.at), correction.by, correction.field,
                                       correction.from, correction.to, correction.reason, log_index});
}

void set_rendition(db::Transaction& transaction, RecordId id, RenditionState state) {
  transaction.execute(kSetRendition, {static_cast<int>(state), id});
}

void dispose(db::Transaction& transaction, RecordId id, std::string_view search) {
  transaction.execute(kDispose, {search, id});
  transaction.execute(kDropManifest, {id});
  transaction.execute(kDropFiles, {id});
  transaction.execute(kBlankCorrections, {id});
}

}  // namespace torg::records::register_store
