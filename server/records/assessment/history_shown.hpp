#pragma once
#include "matrix/room/rooms.hpp"

namespace torg::records {

/// Whether what is said now will be shown to those who join later, as one walks along a room's timeline: each
/// event by the visibility that held when it was sent. A room says nothing: it is shown.
/// @see https://spec.matrix.org/v1.19/client-server-api/#room-history-visibility
class HistoryShown {
 public:
  void see(matrix::RoomEvent const& event);
  [[nodiscard]] bool to_later_members() const { return shown_; }

 private:
  bool shown_ = true;
};

}  // namespace torg::records
