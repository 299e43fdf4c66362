#pragma once
#include "records/assessment/json.hpp"

namespace torg::records {

/// What the register fills into a line of the queue: the prefilled draft (lifting) and the number it would
/// get.
struct LineDraft {
  json::object draft;
  std::string next_number;
};
using DraftOfLine = std::function<Task<Result<LineDraft>>(Assessment, matrix::RoomEvent, UserNid by)>;

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
