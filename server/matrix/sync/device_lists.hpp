#pragma once
#include "matrix/room/service.hpp"

namespace torg::matrix {

/// Whose devices a reader must look at again, and whose no longer; in the order of their numbers.
struct DeviceListChanges {
  std::vector<UserNid> changed;
  std::vector<UserNid> left;

  [[nodiscard]] bool empty() const { return changed.empty() && left.empty(); }
};

/// Tells readers whose devices to follow. All who share a room count, encrypted or not: a room may become
/// encrypted at any time, and then it is too late to learn who is in it.
/// @see https://spec.matrix.org/v1.19/client-server-api/#tracking-the-device-list-for-a-user
class DeviceLists {
 public:
  explicit DeviceLists(RoomService& rooms) : rooms_(rooms) {}

  /// What happened to `reader` after `after` and up to `to`: users in a room with them whose devices or keys
  /// changed or who came into one of their rooms, and users who shared a room with them at `after` and share
  /// none now. It costs what changed.
  ///
  /// A user whom the reader met already may be named again when they come to share another room. What
  /// happened after `to` may show already; it shows again when its time comes.
  [[nodiscard]] Task<Result<DeviceListChanges>> between(UserNid reader, Position after, Position to);

 private:
  /// Somebody's membership of a room changed, perhaps to the same value.
  struct Move {
    RoomNid room;
    UserNid user;
    friend auto operator<=>(Move const&, Move const&) = default;
  };
  using Joined = std::map<Move, bool>;
  struct Found {
    std::vector<UserNid> met, parted;
  };

  [[nodiscard]] bool nothing_happened(Position after) const;
  [[nodiscard]] Task<Result<std::vector<Move>>> moves(UserNid reader, Position after, Position to);
  [[nodiscard]] Task<Result<Joined>> joined_at(std::vector<Move> moves, UserNid reader, Position at);
  [[nodiscard]] Task<Result<Found>> meetings(UserNid reader, Position after, Position to);
  void look_at_room(Room const& room, UserNid reader, Position after, Joined const& was, Found& found) const;
  [[nodiscard]] std::vector<UserNid> touched(Position after, Position to) const;
  [[nodiscard]] Task<Result<>> remove_neighbours(UserNid reader, std::vector<UserNid>& users);

  RoomService& rooms_;
};

/// `{"changed": […], "left": […]}`
[[nodiscard]] json::object device_lists_body(identity::Identity const& identity,
                                             DeviceListChanges const& changes);

}  // namespace torg::matrix
