#pragma once
#include "matrix/room/service.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

namespace torg::matrix {

/// What lists are filtered by, of rooms that need not be in memory.
struct RoomFacts {
  std::uint64_t type = 0;  ///< `type_number` of m.room.create's `type`
  bool encrypted = false;
};

/// A number for the type of a room; 0 for none. Two types never have the same but by a collision of SHA-256.
[[nodiscard]] std::uint64_t type_number(std::optional<std::string> const& type);

/// Facts of the rooms that somebody's lists hold: some 24 bytes a room, kept true by what is committed.
class FactsOfRooms {
 public:
  explicit FactsOfRooms(RoomService& rooms);

  /// Null when not known: then `learn`.
  [[nodiscard]] RoomFacts const* find(RoomNid room) const;
  /// Learns of the rooms `missing`, all of which `user` is or was in.
  Task<Result<>> learn(UserNid user, std::vector<RoomNid> missing);

  /// Where the room was last active in a way that its people care for; zero when it never was.
  /// @see MSC4186, `bump_stamp`
  Task<Result<Position>> bump(std::shared_ptr<Room> room);

 private:
  void committed(Room const& room, CachedEvent const& event);

  RoomService& rooms_;
  std::int64_t encryptions_ = 0;  ///< rooms that became encrypted since the start
  boost::unordered_flat_map<RoomNid, RoomFacts, std::hash<RoomNid>> facts_;
  boost::unordered_flat_map<RoomNid, Position, std::hash<RoomNid>> bumps_;
};

}  // namespace torg::matrix
