#include "matrix/room/store.hpp"

namespace torg::matrix::store {
namespace {

constexpr db::Statement kSticky{
    "SELECT nid, room, position, origin_server_ts, sticky_ms FROM event "
    "WHERE sticky_ms IS NOT NULL AND origin_server_ts > $1 ORDER BY position"};

}  // namespace

std::vector<StickyRow> sticky_events_since(db::Reader& reader, std::int64_t ts) {
  std::vector<StickyRow> found;
  reader.query(kSticky, {ts}, [&](db::Row const& row) {
    found.push_back({row.number<EventNid>(0), row.number<RoomNid>(1), row.number<Position>(2), row.integer(3),
                     row.integer(4)});
  });
  return found;
}

}  // namespace torg::matrix::store
