#include "records/register/entry.hpp"

#include "base/encoding.hpp"
#include "governance/zone.hpp"
#include "records/log/store.hpp"
#include "records/register/entry_json.hpp"
#include "records/register/store.hpp"
#include "records/register/titles.hpp"
#include "records/secrecy/store.hpp"

namespace torg::records {
namespace {

int year_of(Day day) { return static_cast<int>(std::chrono::year_month_day(day).year()); }

std::string hex(crypto::Sha256 const& digest) { return hex_encode(crypto::view(digest)); }

/// Where a record lands: its case and its number, taken in this transaction.
struct Place {
  CaseId case_id;
  std::string case_number;
  std::int64_t document = 0;
  std::string number;
};

Place in_new_case(db::Transaction& transaction, NewRecord const& record, Instant at, NewCase const& what) {
  auto const& series = record.series;
  NumberParts parts{series.code, year_of(record.today), 0, 1, record.classification};
  parts.case_serial = register_store::take_serial(transaction, series.authority, parts.year);
  // Where documents are not counted the record has a number of its own, and its case is itself.
  Place place{{},
              series.pattern.case_number(parts),
              series.pattern.counts_documents() ? 1 : 0,
              series.pattern.record_number(parts)};
  place.case_id = register_store::add_case(
      transaction, {series.authority, place.case_number, what.title, what.classification, parts.year,
                    what.checked, at, record.today, record.by, 2});
  return place;
}

Result<Place> in_case(db::Transaction& transaction, NewRecord const& record, CaseId id) {
  auto const& series = record.series;
  auto const found = register_store::case_row(transaction, id);
  if (!found || found->authority != series.authority) {
    return fail(ErrorCode::not_found, "There is no such case in this register.");
  }
  auto const document = register_store::take_document(transaction, id, series.authority);
  if (!document) return fail(ErrorCode::conflict, "The case " + found->number + " is closed.");
  if (series.pattern.counts_documents()) {
    return Place{id, found->number, *document, series.pattern.record_number(found->number, *document)};
  }
  NumberParts parts{series.code, year_of(record.today), 0, 0, record.classification};
  parts.case_serial = register_store::take_serial(transaction, series.authority, parts.year);
  return Place{id, found->number, 0, series.pattern.record_number(parts)};
}

json::value optional_json(std::optional<Secrecy> const& secrecy) {
  return secrecy ? json::value(to_json(*secrecy)) : json::value(nullptr);
}

json::object file_json(FileRole role, std::string_view name, std::string_view type, std::int64_t size,
                       std::string_view sha256) {
  return {{"role", to_text(role)}, {"name", name}, {"type", type}, {"size", size}, {"sha256", sha256}};
}

/// The fields of a record entry: always the same ones in the same order, so that the leaf tells nothing by
/// them.
Entry record_entry(NewRecord const& record, Place const& place, RecordId id, Instant at,
                   std::string const& hash) {
  json::array items;
  for (auto const& item : record.item_ids) items.emplace_back(item);
  Entry entry{"record", at, id, {}, {}, record.seed};
  entry.fields = {{"number", place.number},
                  {"authority", record.series.code},
                  {"case", place.case_number},
                  {"document", place.document},
                  {"registered_at", to_ms(at)},
                  {"came_or_made_day", governance::to_text(record.came_or_made_day)},
                  {"direction", to_text(record.direction)},
                  {"title", record.title},
                  {"internal_title", record.internal_title},
                  {"sender", record.sender},
                  {"recipient", record.recipient},
                  {"private_person", record.private_person},
                  {"classification", record.classification},
                  {"record_type", record.record_type},
                  {"secrecy", optional_json(record.secrecy)},
                  {"registered_by", record.by_id},
                  {"items", std::move(items)}};
  entry.files.push_back(file_json(FileRole::original, "manifest.json", "application/json",
                                  static_cast<std::int64_t>(record.manifest.size()), hash));
  for (auto const& file : record.attachments) {
    entry.files.push_back(file_json(file.role, file.name, file.type, file.size, file.blob.value));
  }
  return entry;
}

std::string search_text(NewRecord const& record, Place const& place) {
  auto text = place.number;
  if (record.publication != Publication::full) return folded(text);
  text += " " + record.title + " " + record.record_type;
  if (!record.private_person)
    text += " " + (record.direction == Direction::out ? record.recipient : record.sender);
  return folded(text);
}

/// In a marked case nothing goes online by itself, whoever registers.
bool waits_for_its_case(db::Reader& reader, NewRecord const& record) {
  auto const* of_case = std::get_if<CaseId>(&record.of_case);
  return of_case != nullptr && record.publication == Publication::full &&
         secrecy_store::open_mark(reader, marked_case(*of_case)).has_value();
}

}  // namespace

Result<Registered> register_record(db::Transaction& transaction, NewRecord const& record) {
  if (waits_for_its_case(transaction, record)) {
    auto careful = record;
    careful.publication = Publication::waiting;
    return register_record(transaction, careful);
  }
  auto const at = log_time(transaction, record.at);
  Place place;
  if (auto const* existing = std::get_if<CaseId>(&record.of_case)) {
    auto found = in_case(transaction, record, *existing);
    if (!found) return fail(std::move(found));
    place = std::move(*found);
  } else {
    place = in_new_case(transaction, record, at, std::get<NewCase>(record.of_case));
  }
  auto const hash = hex(crypto::sha256(record.manifest));
  register_store::NewRecordRow row{record,
                                   record.series.authority,
                                   place.case_id,
                                   place.document,
                                   place.number,
                                   record.secrecy ? json::serialize(to_json(*record.secrecy)) : std::string(),
                                   items_text(record.items),
                                   hash,
                                   search_text(record, place),
                                   log_store::size(transaction),
                                   at};
  auto const id = register_store::add_record(transaction, row);
  auto n = 1;
  for (auto const& file : record.attachments) register_store::add_file(transaction, id, ++n, file);
  auto const appended = LogAppender::append(transaction, record_entry(record, place, id, at, hash));
  return Registered{
      id, place.number, place.document, year_of(record.today), place.case_id, appended.index, appended.at};
}

CaseId open_case(db::Transaction& transaction, OpenCase const& request) {
  NumberParts parts{request.series.code, year_of(request.today), 0, 0, request.what.classification};
  parts.case_serial = register_store::take_serial(transaction, request.series.authority, parts.year);
  return register_store::add_case(
      transaction, {request.series.authority, request.series.pattern.case_number(parts), request.what.title,
                    request.what.classification, parts.year, request.what.checked, request.at, request.today,
                    request.by, 1});
}

Result<> close_case(db::Transaction& transaction, CaseId id, Day today) {
  if (register_store::close_case(transaction, id, today) == 1) return {};
  if (!register_store::case_row(transaction, id)) return fail(ErrorCode::not_found, "There is no such case.");
  return fail(ErrorCode::conflict, "The case is closed already.");
}

Result<DisposedFiles> dispose_record(db::Transaction& transaction, RecordId record) {
  auto const view = register_store::record(transaction, record);
  if (!view) return fail(ErrorCode::not_found, "There is no such record.");
  DisposedFiles files{register_store::blobs_of(transaction, record)};
  register_store::dispose(transaction, record, folded(view->number));
  secrecy_store::forget_files(transaction, record);
  destroy_openings(transaction, record,
                   {"number", "authority", "case", "document", "registered_at", "came_or_made_day",
                    "direction", "classification", "record_type"});
  return files;
}

bool refers_to(db::Reader& reader, db::BlobId const& blob) { return register_store::refers_to(reader, blob); }

}  // namespace torg::records
