#pragma once
// All SQL of this slice.
#include "matrix/room/store.hpp"

namespace torg::matrix::sliding_store {

/// A room of a user, and what its place among the others goes by.
struct RoomRow {
  RoomNid room;
  Membership membership = Membership::none;
  Position membership_position;
  Position last_position;  ///< of the room's newest event
  UserNid by;              ///< who set the membership; 0 for joined rooms, which don't need it
};
[[nodiscard]] std::vector<RoomRow> rooms_of(db::Reader& reader, UserNid user);

/// State events without a state key, of the types `create` and `encryption`, in the rooms of a user.
struct FactRow {
  RoomNid room;
  std::int32_t type = 0;
  std::string content;
};
[[nodiscard]] std::vector<FactRow> facts_of(db::Reader& reader, UserNid user, std::int32_t create,
                                            std::int32_t encryption);

/// The newest event of a room that is of one of these types; zero when there is none.
[[nodiscard]] Position newest_of_types(db::Reader& reader, RoomNid room,
                                       std::vector<std::int32_t> const& types);

}  // namespace torg::matrix::sliding_store
