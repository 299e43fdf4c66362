#include "records/register/entry.hpp"

#include "base/encoding.hpp"
#include "governance/zone.hpp"
#include "records/log/store.hpp"
#include "records/register/entry_json.hpp"
#include "records/register/staff_search.hpp"
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
  std::string case_number, case_title;
  std::int64_t document = 0;
  std::string number;
  UserNid case_officer;
  std::optional<Secrecy> case_secrecy = std::nullopt;
};

Place in_new_case(db::Transaction& transaction, NewRecord const& record, Instant at, NewCase const& what) {
  auto const& series = record.series;
  NumberParts parts{series.code, year_of(record.today), 0, 1, record.classification};
  parts.case_serial = register_store::take_serial(transaction, {series.authority, series.n}, parts.year);
  // Where documents are not counted the record has a number of its own, and its case is itself.
  Place place{{},
              series.pattern.case_number(parts),
              what.title,
              series.pattern.counts_documents() ? 1 : 0,
              series.pattern.record_number(parts),
              {}};
  place.case_id = register_store::add_case(
      transaction, {series.authority, place.case_number, what.title, what.classification, parts.year,
                    what.checked, at, record.today, record.by, 2, series.n, series.pattern.text()});
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
  // A case goes on in the series and by the pattern that it was opened with.
  auto const pattern = found->pattern.empty() ? series.pattern : *NumberPattern::parse(found->pattern);
  if (pattern.counts_documents()) {
    return Place{id,
                 found->number,
                 found->title,
                 *document,
                 pattern.record_number(found->number, *document),
                 found->officer};
  }
  NumberParts parts{series.code, year_of(record.today), 0, 0, record.classification};
  parts.case_serial = register_store::take_serial(transaction, {series.authority, found->series}, parts.year);
  return Place{id, found->number, found->title, 0, pattern.record_number(parts), found->officer};
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

/// The record as the index of the register's own people sees it, without reading it again.
RecordView indexed_view(NewRecord const& record, Place const& place, RecordId id, Instant at) {
  RecordView view;
  view.id = id;
  view.authority = record.series.authority;
  view.number = place.number;
  view.title = record.title;
  view.internal_title = record.internal_title;
  view.direction = record.direction;
  view.sender = record.sender;
  view.recipient = record.recipient;
  view.registered_at = at;
  view.registered_by = record.by;
  view.case_id = place.case_id;
  view.case_number = place.case_number;
  view.case_title = place.case_title;
  view.case_officer = place.case_officer;
  view.classification = record.classification;
  view.record_type = record.record_type;
  view.secrecy = record.secrecy;
  view.case_secrecy = place.case_secrecy;
  view.publication = record.publication;
  for (auto const& file : record.attachments)
    view.files.push_back({0, file.role, file.name, file.type, file.size, file.blob, false});
  return view;
}

Registered store(db::Transaction& transaction, NewRecord const& record, Place const& place, Instant at) {
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
  register_store::index_record(transaction, indexed_view(record, place, id, at));
  auto const appended = LogAppender::append(transaction, record_entry(record, place, id, at, hash));
  return Registered{
      id, place.number, place.document, year_of(record.today), place.case_id, appended.index, appended.at};
}

std::optional<Secrecy> marking_of(db::Reader& reader, CaseId id) {
  auto const mark = secrecy_store::open_mark(reader, marked_case(id));
  return mark ? std::optional(mark->secrecy) : std::nullopt;
}

/// In a marked case nothing goes online by itself, whoever registers.
NewRecord careful(NewRecord record) {
  record.publication = Publication::waiting;
  return record;
}

}  // namespace

Result<Registered> register_record(db::Transaction& transaction, NewRecord const& record) {
  auto const at = log_time(transaction, record.at);
  Place place;
  if (auto const* existing = std::get_if<CaseId>(&record.of_case)) {
    auto found = in_case(transaction, record, *existing);
    if (!found) return fail(std::move(found));
    place = std::move(*found);
    place.case_secrecy = marking_of(transaction, *existing);
  } else {
    place = in_new_case(transaction, record, at, std::get<NewCase>(record.of_case));
  }
  bool const waits = place.case_secrecy && record.publication == Publication::full;
  return store(transaction, waits ? careful(record) : record, place, at);
}

Registered register_given(db::Transaction& transaction, NewRecord const& record, GivenNumber const& given) {
  auto const at = log_time(transaction, record.at);
  auto const row = register_store::case_row(transaction, given.of_case);
  Place place{given.of_case,
              given.case_number,
              row ? row->title : std::string(),
              given.document,
              given.number,
              row ? row->officer : UserNid(),
              marking_of(transaction, given.of_case)};
  auto registered = store(transaction, record, place, at);
  register_store::set_rendition(transaction, registered.id, RenditionState::none);
  register_store::pass_document(transaction, given.of_case, given.document);
  return registered;
}

CaseId open_case(db::Transaction& transaction, OpenCase const& request) {
  NumberParts parts{request.series.code, year_of(request.today), 0, 0, request.what.classification};
  parts.case_serial =
      register_store::take_serial(transaction, {request.series.authority, request.series.n}, parts.year);
  return register_store::add_case(
      transaction, {request.series.authority, request.series.pattern.case_number(parts), request.what.title,
                    request.what.classification, parts.year, request.what.checked, request.at, request.today,
                    request.by, 1, request.series.n, request.series.pattern.text()});
}

Result<> close_case(db::Transaction& transaction, CaseId id, Day today) {
  if (register_store::close_case(transaction, id, today) == 1) {
    register_store::reindex_case(transaction, id);
    return {};
  }
  if (!register_store::case_row(transaction, id)) return fail(ErrorCode::not_found, "There is no such case.");
  return fail(ErrorCode::conflict, "The case is closed already.");
}

Result<DisposedFiles> dispose_record(db::Transaction& transaction, RecordId record) {
  auto const view = register_store::record(transaction, record);
  if (!view) return fail(ErrorCode::not_found, "There is no such record.");
  DisposedFiles files{register_store::blobs_of(transaction, record)};
  register_store::dispose(transaction, record, folded(view->number));
  secrecy_store::forget_files(transaction, record);
  register_store::reindex(transaction, record);
  destroy_openings(transaction, record,
                   {"number", "authority", "case", "document", "registered_at", "came_or_made_day",
                    "direction", "classification", "record_type"});
  return files;
}

bool refers_to(db::Reader& reader, db::BlobId const& blob) { return register_store::refers_to(reader, blob); }

}  // namespace torg::records
