#include "matrix/sliding_sync/store.hpp"

#include <algorithm>

namespace torg::matrix::sliding_store {
namespace {

// Who set a membership matters only where the user isn't in the room: did they go, or were they sent away?
constexpr db::Statement kRoomsOf{
    "SELECT m.room, m.membership, m.position, r.last_position, e.sender "
    "FROM membership m JOIN room r ON r.nid = m.room "
    "LEFT JOIN event e ON e.room = m.room AND e.position = m.position AND m.membership <> $1 "
    "WHERE m.member = $2"};
constexpr db::Statement kFactsOf{
    "SELECT s.room, s.type, c.content FROM membership m JOIN room_state s ON s.room = m.room "
    "LEFT JOIN event_content c ON c.nid = s.event "
    "WHERE m.member = $1 AND s.type IN ($2, $3) AND s.state_key = ''"};
// Walks back from the newest: in all but rooms where nobody ever says anything it meets one soon.
constexpr db::Statement kTypesBefore{
    "SELECT type, position FROM event WHERE room = $1 AND position < $2 ORDER BY position DESC LIMIT $3"};
constexpr std::size_t kFirstStep = 32;
constexpr std::size_t kLargestStep = 1024;

}  // namespace

std::vector<RoomRow> rooms_of(db::Reader& reader, UserNid user) {
  std::vector<RoomRow> rooms;
  reader.query(kRoomsOf, {static_cast<int>(Membership::join), user}, [&](db::Row const& row) {
    rooms.push_back({row.number<RoomNid>(0), static_cast<Membership>(row.integer(1)), row.number<Position>(2),
                     row.number<Position>(3), row.number<UserNid>(4)});
  });
  return rooms;
}

std::vector<FactRow> facts_of(db::Reader& reader, UserNid user, std::int32_t create,
                              std::int32_t encryption) {
  std::vector<FactRow> facts;
  reader.query(kFactsOf, {user, create, encryption}, [&](db::Row const& row) {
    facts.push_back({row.number<RoomNid>(0), static_cast<std::int32_t>(row.integer(1)),
                     row.is_null(2) ? "{}" : std::string(row.bytes(2))});
  });
  return facts;
}

Position newest_of_types(db::Reader& reader, RoomNid room, std::vector<std::int32_t> const& types) {
  Position found;
  Position before{INT64_MAX};
  for (auto step = kFirstStep;; step = std::min(step * 2, kLargestStep)) {
    std::size_t rows = 0;
    reader.query(kTypesBefore, {room, before, step}, [&](db::Row const& row) {
      ++rows;
      before = row.number<Position>(1);
      bool const fits = std::ranges::find(types, static_cast<std::int32_t>(row.integer(0))) != types.end();
      if (!found && fits) found = before;
    });
    if (found || rows < step) return found;
  }
}

}  // namespace torg::matrix::sliding_store
