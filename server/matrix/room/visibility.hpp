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

}  // namespace torg::matrix
