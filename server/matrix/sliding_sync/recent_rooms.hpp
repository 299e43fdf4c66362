#pragma once
#include "matrix/room/service.hpp"

namespace torg::matrix {

/// One of a user's rooms, and when something last happened there.
struct RecentRoom {
  /// Whether the user hears of a room that they are no longer in: always when others sent them away from it
  /// after they had been a member; who went by themselves, or never was in, hears of it only where the room
  /// was shown before.
  enum class Gone : std::uint8_t { unknown, sent_away, other };

  Position at;  ///< of the newest event; of the membership where the user isn't joined
  RoomNid room;
  Membership membership = Membership::none;
  Gone gone = Gone::unknown;
  UserNid by;  ///< who set the membership of one who isn't joined
};

/// A user's rooms, the one where something happened last at the end.
struct RecentRooms {
  Position as_of;  ///< everything committed up to here is in it
  std::vector<RecentRoom> rooms;
};

/// Keeps the rooms of users in the order in which things happened there. An order is made once, from the
/// store, and then brought forward by what the stream says has happened, whenever it is asked for: a message
/// costs its room's members nothing.
class RecencyOrders {
 public:
  explicit RecencyOrders(RoomService& rooms);

  /// The order as of the stream's end. Good until the next `co_await`: others bring it forward too.
  [[nodiscard]] Task<Result<std::shared_ptr<RecentRooms const>>> of(UserNid user);

 private:
  Task<Result<std::shared_ptr<RecentRooms>>> make(UserNid user);
  void bring_forward(RecentRooms& recent, UserRooms const& rooms, UserNid user) const;
  /// Finds out what `Gone` and `by` say of rooms where that is unknown.
  Task<Result<>> look_up_ends(std::shared_ptr<RecentRooms> recent, UserNid user);

  RoomService& rooms_;
  LruCache<UserNid, std::shared_ptr<RecentRooms>> orders_;
};

}  // namespace torg::matrix
