#include "records/assessment/history_shown.hpp"

#include "base/json.hpp"

namespace torg::records {

void HistoryShown::see(matrix::RoomEvent const& event) {
  if (event.type != "m.room.history_visibility" || event.state_key != "") return;
  auto const content = parse_json_object(event.content);
  if (!content) return;
  auto const visibility = optional_string(*content, "history_visibility").value_or("shared");
  shown_ = visibility == "shared" || visibility == "world_readable";
}

}  // namespace torg::records
