#pragma once
#include "db/database.hpp"
#include "records/rules/types.hpp"

#include <vector>

namespace torg::records {

/// An item that was not registered: kept in order, or of little importance (R21, R22).
struct KeptItem {
  EventNid event;
  RoomNid room;
  Handling handling = Handling::kept_ordered;
  std::string rule, reason;
  UserNid by;  ///< 0: by rule
  Instant decided_at{};
};
/// Of these rooms, for an authority, the newest first: those before `before`.
[[nodiscard]] std::vector<KeptItem> kept_items(db::Reader& reader, std::vector<RoomNid> const& rooms,
                                               AuthorityId authority, Handling handling, EventNid before,
                                               std::size_t limit);

}  // namespace torg::records
