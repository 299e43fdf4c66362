#include "records/register/record_rows.hpp"

#include "records/register/entry_json.hpp"

namespace torg::records::register_store {
namespace {

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

}  // namespace

Day to_day(std::int64_t days) { return Day(std::chrono::days(days)); }

std::optional<std::string> optional_text(db::Row const& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(row.string(column));
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
  view.case_state = static_cast<CaseStage>(row.integer(30));
  view.case_officer = row.number<UserNid>(31);
  view.case_secrecy = parse_secrecy(row.text(32));
  if (!view.disposed) {
    view.files.push_back(manifest_file(row));
    view.files.back().secrecy = parse_secrecy(row.text(33));
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
  view.state = static_cast<CaseStage>(row.integer(10));
  view.officer = row.number<UserNid>(11);
  view.unit = row.string(12);
  if (!row.is_null(13)) view.deadline = to_day(row.integer(13));
  view.parallel = parse_parallel(row.text(14));
  return view;
}

}  // namespace torg::records::register_store
