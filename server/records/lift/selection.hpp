#pragma once
#include "records/assessment/item_access.hpp"

#include <variant>

// What a person wants to lift, when it isn't a list of items: the server finds them, the person looks at the
// preview and lifts what it names.
namespace torg::records {

inline constexpr std::size_t kMostLifted = 200;  ///< items of one lift

/// The root of a thread and everything said in it.
struct WholeThread {
  std::string root;  ///< event id
};
/// What was said in a room in a span of time, both ends included.
struct SpanOfTime {
  Instant from{}, to{};
};
using Selection = std::variant<std::vector<std::string>, WholeThread, SpanOfTime>;

/// The items of a selection that `access` may open, oldest first; edits, reactions, notices and what was
/// disposed of are none. `too_large` when there are more than `kMostLifted`; `not_found` when there are none.
[[nodiscard]] Task<Result<std::vector<matrix::RoomEvent>>> select_items(matrix::RoomService& rooms,
                                                                        RoomNid room, ItemAccess access,
                                                                        Selection selection);

}  // namespace torg::records
