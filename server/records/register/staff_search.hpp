#pragma once
#include "db/database.hpp"
#include "records/register/query.hpp"
#include "records/register/staff_text.hpp"

// The search of those who work with the register. What it finds never depends on what the person may not
// read: the authorities whose register she may read whole, and what the web shows of the others.
namespace torg::records {

/// Empty means all, but for the authorities.
struct StaffQuery {
  std::string text;                      ///< words, beginnings of words, "phrases"; the first eight count
  std::vector<AuthorityId> authorities;  ///< whose register the person may read whole
  std::vector<AuthorityId> masked;       ///< of these she sees what the web shows
  std::vector<Direction> directions;
  std::vector<std::string> types;
  std::vector<StaffStatus> statuses;
  CaseId of_case;
  UserNid officer;              ///< who deals with the case or registered the record
  std::optional<Day> from, to;  ///< day registered
  RecordId before;              ///< page on: only records with a lower id
  std::int64_t limit = 50;
};

/// One record that was found: whole, or as anyone may see it.
struct StaffHit {
  RecordView record;
  bool masked = false;
};
struct StaffPage {
  std::vector<StaffHit> hits;  ///< newest first
  std::int64_t count = 0;  ///< of all pages, of the authorities read whole; `kCounted` + 1: more than that
  std::optional<RecordId> next;
};
inline constexpr std::int64_t kCounted = 1000;

/// A word or a phrase of a question.
struct SearchPart {
  std::vector<std::string> words;  ///< folded; several must follow each other
  bool exact = false;              ///< stood in quotation marks
};
[[nodiscard]] std::vector<SearchPart> search_parts(std::string_view text);

namespace register_store {

/// Writes the row of a record's words anew.
void index_record(db::Transaction& transaction, RecordView const& record);
/// The same of records that changed, read again.
void reindex(db::Transaction& transaction, RecordId record);
void reindex_case(db::Transaction& transaction, CaseId of_case);
/// Up to `limit` of those written by a version before this index, newest first. @return false when none is
/// left
bool reindex_some(db::Transaction& transaction, std::int64_t limit);

[[nodiscard]] StaffPage staff_search(db::Reader& reader, db::Database::Kind kind, StaffQuery const& query);

}  // namespace register_store

}  // namespace torg::records
