#pragma once
#include "matrix/room/service.hpp"

namespace torg::records {

/// Which of these events of a room its history visibility doesn't show somebody; unknown ones are among them.
[[nodiscard]] Task<Result<std::vector<std::string>>> hidden_from(matrix::RoomService& rooms, UserNid user,
                                                                 RoomNid room,
                                                                 std::vector<std::string> event_ids);

}  // namespace torg::records
