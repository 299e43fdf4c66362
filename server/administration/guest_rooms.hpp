#pragma once
#include "administration/acts.hpp"
#include "runtime/task_group.hpp"

namespace torg::administration {

/// Sends guests out of rooms that let none in any more.
/// @see https://spec.matrix.org/v1.19/client-server-api/#guest-access, "Server behaviour"
class GuestRooms {
 public:
  /// Follows `services.rooms` from now on.
  explicit GuestRooms(Services services);

  /// Looks after what a crash left undone.
  void start();
  Task<> stop() { return tasks_.join(); }

 private:
  Task<> send_away(RoomNid room);
  Task<> look_everywhere();

  Services services_;
  TaskGroup tasks_;
};

}  // namespace torg::administration
