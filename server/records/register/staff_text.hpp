#pragma once
#include "records/register/views.hpp"

#include <string>
#include <vector>

// What the register's own people find a record by, and how a search is narrowed. Pure.
namespace torg::records {

/// One row of the index. `facets` are tokens such as `a1 d0 m202611` (authority 1, received, November 2026):
/// a full-text index meets on them as on words, so a narrow search among many records reads few of them.
struct StaffText {
  std::string words, facets;
};
/// Everything of a record that a person who may read it may look for: number, titles, parties, case, type,
/// class, marking, names of files, reasons of corrections. Only the number after a disposal.
[[nodiscard]] StaffText staff_text(RecordView const& record);

/// What a search for a state means.
enum class StaffStatus : std::uint8_t {
  waiting,
  full,
  number_only,
  taken_down,
  disposed,
  not_a_record,
  secrecy,
  corrected,
  case_open,
  case_closed
};
[[nodiscard]] std::optional<StaffStatus> parse_staff_status(std::string_view text);

namespace facet {

[[nodiscard]] std::string of(AuthorityId authority);
[[nodiscard]] std::string of(Direction direction);
[[nodiscard]] std::string of(CaseId of_case);
[[nodiscard]] std::string of(UserNid officer);
[[nodiscard]] std::string of(StaffStatus status);
/// Of a record type, whatever its capitals.
[[nodiscard]] std::string of_type(std::string_view type);
/// The fewest tokens – months, years, decades – of which a record registered from `from` to `to` has one; a
/// few days more at both ends.
[[nodiscard]] std::vector<std::string> cover(Day from, Day to);

}  // namespace facet

}  // namespace torg::records
