#pragma once
#include "matrix/room/service.hpp"

namespace torg::matrix {

/// Who is writing where. Never stored, never a flush: it lives at volatile positions.
class Typing {
 public:
  explicit Typing(RoomService& rooms) : rooms_(rooms) {}

  void set(std::shared_ptr<Room> const& room, UserNid user, std::chrono::milliseconds timeout);
  void clear(std::shared_ptr<Room> const& room, UserNid user);

  /// The volatile position of the room's last change; 0 when nothing ever changed.
  [[nodiscard]] std::int64_t changed_at(RoomNid room) const;
  [[nodiscard]] bool is_anybody(RoomNid room) const;
  /// Calls `use(room)` for rooms that changed after `position`, but for what happened thousands of rooms ago.
  template <class F>
  void each_changed(std::int64_t position, F&& use) const {
    for (auto change = changes_.upper_bound(position); change != changes_.end(); ++change)
      use(change->second);
  }
  /// `{"content":{"user_ids":[…]},"type":"m.typing"}`
  void append_event(std::string& out, RoomNid room) const;

 private:
  struct InRoom {
    std::int64_t changed_at = 0;
    std::map<UserNid, Runtime::TimerId> users;
  };
  void changed(std::shared_ptr<Room> const& room, InRoom& in_room);
  void forget_oldest();

  RoomService& rooms_;
  std::unordered_map<RoomNid, InRoom> in_rooms_;
  std::map<std::int64_t, RoomNid> changes_;  ///< one entry per room: its last change
};

}  // namespace torg::matrix
