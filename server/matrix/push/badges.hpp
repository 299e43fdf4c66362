#pragma once
#include "matrix/sync/notifications.hpp"

namespace torg::matrix {

/// How many unread messages the owners of pushers have in all their rooms. What a room holds is counted again
/// when something happened there; the sum is kept.
class Badges {
 public:
  Badges(RoomService& rooms, Receipts& receipts, Notifications& notifications)
      : rooms_(rooms), receipts_(receipts), notifications_(notifications) {}

  /// Counts `user`'s unread messages in `room` again. @return their sum over all rooms
  Task<Result<std::int64_t>> refresh(UserNid user, RoomNid room);
  /// Their sum over all rooms.
  Task<Result<std::int64_t>> sum(UserNid user);
  /// Nobody needs it any more.
  void forget(UserNid user) { of_users_.erase(user); }
  /// Whether `user` has read an event.
  Task<bool> has_read(UserNid user, EventPtr event);

 private:
  using InRooms = std::map<RoomNid, std::int64_t>;
  Task<Result<std::int64_t>> in_room(UserNid user, RoomNid room);
  Task<Result<>> load(UserNid user);

  RoomService& rooms_;
  Receipts& receipts_;
  Notifications& notifications_;
  std::map<UserNid, InRooms> of_users_;  ///< rooms with something unread only
};

}  // namespace torg::matrix
