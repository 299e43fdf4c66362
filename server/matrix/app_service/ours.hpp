#pragma once
#include "matrix/app_service/store.hpp"
#include "matrix/registration/registration.hpp"
#include "matrix/room/service.hpp"

namespace torg::matrix {

/// What one service has to do with, as it was at the event it has been told up to: which users are its own,
/// and in which rooms they were then. Membership is rolled forward event by event, so that a service that was
/// away for days gets what it would have got.
class Ours {
 public:
  Ours(RoomService& rooms, Registration const& service) : rooms_(rooms), service_(service) {}

  /// Knows how it was at `at`: what is now, without what happened since.
  [[nodiscard]] Task<Result<>> start_at(EventNid at);

  [[nodiscard]] bool is_ours(UserNid user);
  [[nodiscard]] bool has_room(RoomNid room) const { return joined_.contains(room); }
  [[nodiscard]] std::map<RoomNid, std::set<UserNid>> const& joined() const { return joined_; }
  /// Whether the service is told of this event.
  [[nodiscard]] Task<Result<bool>> interested(service_store::Row row);
  /// Likewise of what happens in this room beside events.
  [[nodiscard]] Task<Result<bool>> interested(RoomNid room);
  /// An event that it is told of has been passed.
  void pass(CachedEvent const& event);
  /// Aliases may have changed.
  void forget_names() { by_name_.clear(); }

 private:
  [[nodiscard]] Task<Result<bool>> named(RoomNid room);
  void set(RoomNid room, UserNid user, Membership membership);

  enum class Known : std::uint8_t { no, theirs, ours };
  RoomService& rooms_;
  Registration const& service_;
  std::vector<Known> users_;  ///< by number
  std::map<RoomNid, std::set<UserNid>> joined_;
  std::map<RoomNid, bool> by_name_;  ///< whether id or aliases of a room are in a namespace
};

}  // namespace torg::matrix
