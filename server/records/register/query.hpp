#pragma once
#include "records/register/views.hpp"

namespace torg::records {

/// What a person looks for in the register. Empty means all.
struct RecordQuery {
  std::string text;       ///< words or their beginnings; each must be there, the first eight count
  AuthorityId authority;  ///< 0: all
  std::vector<AuthorityId> authorities;  ///< one of these
  std::vector<Direction> directions;     ///< one of these
  std::optional<Day> from, to;           ///< day registered
  RecordId before;                       ///< page on: only records with a lower id
  std::int64_t limit = 50;
};

/// What a list of cases is narrowed by; empty means all.
struct CaseFilter {
  std::optional<CaseStage> state;
  UserNid officer;
  std::optional<Day> due_by;  ///< those with a deadline on that day or before
};

}  // namespace torg::records
