#pragma once
#include "base/json.hpp"
#include "matrix/room/rooms.hpp"

#include <functional>
#include <vector>

namespace torg::records {

/// What the register fills into a line of the queue: the prefilled draft (lifting) and the number it would
/// get.
struct LineDraft {
  json::object draft;
  std::string next_number;
};
/// A line of the queue that wants a draft.
struct DeskItem {
  AuthorityId authority;
  matrix::RoomEvent event;
};
/// One draft for each item, in their order.
using DraftsOfLines = std::function<Task<Result<std::vector<LineDraft>>>(std::vector<DeskItem>)>;

}  // namespace torg::records
