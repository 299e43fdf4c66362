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
  [[nodiscard]] bool allows(RoomEvent const& event) const;
  /// Whether an event that is allowed is shown as if it had been redacted: its sender has asked for their
  /// words to be taken away, and the reader came after that.
  /// @see https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3accountdeactivate, `erase`
  [[nodiscard]] bool erases(CachedEvent const& event) const;
  /// The newest event that may be read: for those who left, the end of their stay.
  [[nodiscard]] Position until() const { return until_; }

 private:
  template <class T>
  struct Change {
    Position at;
    T value;
  };
  [[nodiscard]] bool allows(Position position, std::string_view type,
                            std::optional<std::string> const& state_key) const;
  Task<Result<>> read_history(RoomService& rooms, RoomNid room);
  template <class T>
  static T at(std::vector<Change<T>> const& changes, Position position, T otherwise);

  bool everything_ = false;
  Position until_;
  std::string user_id_;
  std::vector<Change<Membership>> memberships_;
  std::vector<Change<std::string>> visibilities_;
  std::map<UserNid, Position> erased_;  ///< of those who were in the room
};

/// Whether `user` isn't shown that they are invited to `room`: they ignore who invites them, or take no
/// invitations from them.
[[nodiscard]] bool hides_invitation(identity::Identity& identity, Room const& room, UserNid user);

/// Whether `user` may learn what a room is about without being in it: who is in or may come in by themselves,
/// and everybody when one may ask to come in or when all of the room is open to the world.
/// @see https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1roomsroomidhierarchy
[[nodiscard]] Task<Result<bool>> may_preview(RoomService& rooms, RoomPreview preview, UserNid user);

}  // namespace torg::matrix
