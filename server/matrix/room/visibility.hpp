#pragma once
#include "matrix/room/service.hpp"

namespace torg::matrix {

/// Which events of one room one user may read.
/// @see https://spec.matrix.org/v1.19/client-server-api/#room-history-visibility
class Visibility {
 public:
  /// @return `forbidden` when the user may read nothing of the room
  static Task<Result<Visibility>> of(RoomService& rooms, std::shared_ptr<Room> room, UserNid user);

  [[nodiscard]] bool allows(CachedEvent const& event) const;
  /// The newest event that may be read: for those who left, the end of their stay.
  [[nodiscard]] Position until() const { return until_; }

 private:
  template <class T>
  struct Change {
    Position at;
    T value;
  };
  template <class T>
  static T at(std::vector<Change<T>> const& changes, Position position, T otherwise);

  bool everything_ = false;
  Position until_;
  std::string user_id_;
  std::vector<Change<Membership>> memberships_;
  std::vector<Change<std::string>> visibilities_;
};

/// Whether `user` may learn what a room is about without being in it: who is in or may come in by themselves,
/// and everybody when one may ask to come in or when all of the room is open to the world.
/// @see https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1roomsroomidhierarchy
[[nodiscard]] Task<Result<bool>> may_preview(RoomService& rooms, RoomPreview preview, UserNid user);

}  // namespace torg::matrix
