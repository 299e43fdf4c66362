#pragma once
#include "records/assessment/desk_item.hpp"
#include "records/assessment/json.hpp"

namespace torg::records {

/// Where an item was said.
struct LinePlace {
  std::string room_id, room_name;
  json::value case_of_room;  ///< `{id, number, title}` of the plan, or null
};

/// `Line` of docs/api-records.md, without `draft` and `next_number`. Removed content is in it: the
/// registrar's desk is the place where it is opened (architecture, decision 15).
[[nodiscard]] json::object to_line(ShownAssessment const& shown, matrix::RoomEvent const& event,
                                   LinePlace const& place, std::size_t authorities_with_rows,
                                   AssessmentNames const& names);

}  // namespace torg::records
