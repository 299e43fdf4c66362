#pragma once
#include "db/database.hpp"
#include "records/register/views.hpp"

// How a record is read from a row, for the files that hold the register's SQL.

#define TORG_RECORDS(condition) TORG_RECORDS_OF("register_record r", condition)
#define TORG_RECORDS_OF(tables, condition)                                                                   \
  "SELECT r.id, r.authority, r.number, r.document, r.title, r.internal_title, r.public_title, r.direction, " \
  "r.sender, "                                                                                               \
  "r.recipient, r.private_person, r.day, r.registered_at, r.registered_by, r.case_id, c.number, c.title, "   \
  "c.public_title, r.classification, r.record_type, r.secrecy, r.corrected, r.disposed, r.publication, "     \
  "r.log_index, "                                                                                            \
  "r.rendition, r.room, r.items, r.manifest_hash, r.manifest_size, c.state, c.officer, "                     \
  "sm.marking, mm.marking "                                                                                  \
  "FROM " tables " LEFT JOIN register_case c ON c.id = r.case_id " TORG_CASE_MARK "WHERE " condition
/// What the case is marked with, and what the manifest is.
#define TORG_CASE_MARK                                                                           \
  "LEFT JOIN secrecy_mark sm ON sm.kind = 0 AND sm.subject = r.case_id AND sm.ended_at IS NULL " \
  "LEFT JOIN secrecy_mark mm ON mm.kind = 1 AND mm.subject = r.id AND mm.n = 1 AND mm.ended_at IS NULL "

namespace torg::records::register_store {

[[nodiscard]] Day to_day(std::int64_t days);
[[nodiscard]] std::optional<std::string> optional_text(db::Row const& row, int column);
/// From the columns of `TORG_RECORDS_OF`, corrections applied; without attachments and the history of
/// corrections.
[[nodiscard]] RecordView to_record(db::Row const& row);

/// With `WHERE` and what follows.
#define TORG_CASES                                                                                     \
  "SELECT c.id, c.authority, c.number, c.title, c.public_title, c.classification, c.opened_day, "      \
  "c.closed_day, "                                                                                     \
  "c.opened_by, (SELECT count(*) FROM register_record r WHERE r.case_id = c.id), c.state, c.officer, " \
  "c.unit, "                                                                                           \
  "c.deadline, c.parallel FROM register_case c WHERE "
[[nodiscard]] CaseView to_case(db::Row const& row);

}  // namespace torg::records::register_store
