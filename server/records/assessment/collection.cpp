#include "records/assessment/collection.hpp"

#include <algorithm>

namespace torg::records {
namespace {

constexpr db::Statement kKept{
    "SELECT event, room, handling, rule, reason, person, decided_at FROM assessment "
    "WHERE room = CAST($1 AS INTEGER) AND authority = CAST($2 AS INTEGER) AND handling = CAST($3 AS INTEGER) "
    "AND event < $4 ORDER BY event DESC LIMIT $5"};

}  // namespace

std::vector<KeptItem> kept_items(db::Reader& reader, std::vector<RoomNid> const& rooms, AuthorityId authority,
                                 Handling handling, EventNid before, std::size_t limit) {
  std::vector<KeptItem> found;
  for (auto const room : rooms) {  // those of one case: one to three
    reader.query(kKept, {room, authority, static_cast<int>(handling), before, limit},
                 [&](db::Row const& row) {
                   found.push_back({row.number<EventNid>(0), row.number<RoomNid>(1),
                                    static_cast<Handling>(row.integer(2)), row.string(3), row.string(4),
                                    row.number<UserNid>(5), instant_from_ms(row.integer(6))});
                 });
  }
  std::ranges::sort(found, std::ranges::greater{}, &KeptItem::event);
  if (found.size() > limit) found.resize(limit);
  return found;
}

}  // namespace torg::records
