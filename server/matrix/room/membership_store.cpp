// Which rooms somebody is in, as the store has it; `insert_event` writes it.
#include "matrix/room/store.hpp"

namespace torg::matrix::store {
namespace {

// The row stays: other devices must still be told of the leave.
constexpr db::Statement kForgetLeftRoom{
    "UPDATE membership SET membership = $1 WHERE member = $2 AND room = $3 AND membership IN ($4, $5, $6)"};
constexpr db::Statement kRoomsOf{
    "SELECT room, membership, position, wrote, joined FROM membership WHERE member = $1"};
constexpr db::Statement kChanged{
    "SELECT m.room FROM membership m JOIN room r ON r.nid = m.room WHERE m.member = $1 AND r.last_position > "
    "$2"};

}  // namespace

bool forget_left_room(db::Transaction& transaction, RoomNid room, UserNid user) {
  auto const number = [](Membership membership) { return static_cast<int>(membership); };
  using enum Membership;
  return transaction.execute(kForgetLeftRoom,
                             {number(none), user, room, number(leave), number(ban), number(none)}) == 1;
}

std::vector<MemberOf> rooms_of(db::Reader& reader, UserNid user) {
  std::vector<MemberOf> rooms;
  reader.query(kRoomsOf, {user}, [&](db::Row const& row) {
    rooms.push_back({row.number<RoomNid>(0), static_cast<Membership>(row.integer(1)), row.number<Position>(2),
                     row.integer(3), row.integer(4)});
  });
  return rooms;
}

std::vector<RoomNid> rooms_changed_since(db::Reader& reader, UserNid user, Position after) {
  std::vector<RoomNid> rooms;
  reader.query(kChanged, {user, after}, [&](db::Row const& row) { rooms.push_back(row.number<RoomNid>(0)); });
  return rooms;
}

}  // namespace torg::matrix::store
