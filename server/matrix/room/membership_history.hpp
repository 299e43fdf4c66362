#pragma once
#include "matrix/auth/auth.hpp"
#include "runtime/task.hpp"

#include <optional>
#include <vector>

namespace torg::matrix {

class RoomService;

/// What one user was in one room, over time.
/// @see https://spec.matrix.org/v1.19/client-server-api/#definition-clientevent, `unsigned.membership`
class MembershipHistory {
 public:
  struct Change {
    Position at;
    Membership value;
  };

  /// Knows the user's membership for events from `oldest` on. The store is asked only when the membership has
  /// changed since.
  static Task<Result<MembershipHistory>> of(RoomService& rooms, RoomNid room, UserNid user, Position oldest);

  /// The membership at the event of this position, its own change included; `leave` before the first one.
  /// None for what is older than this history.
  [[nodiscard]] std::optional<Membership> at(Position position) const;

 private:
  std::vector<Change> changes_;  ///< oldest first
  Position known_from_;
};

}  // namespace torg::matrix
