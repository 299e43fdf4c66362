#pragma once
#include "matrix/room/cached_event.hpp"

#include <deque>
#include <map>

namespace torg::matrix {

/// The sticky events of all rooms whose time has not run out: a reader gets each of them once, however many
/// other events came since. In memory; `RoomService` fills it anew at start.
/// @see https://github.com/matrix-org/matrix-spec-proposals/pull/4354
class StickyEvents {
 public:
  /// An event is sticky for an hour at most, whatever it says.
  static constexpr std::int64_t kLongestMs = 3'600'000;
  /// How many of a room are kept: its newest. Nobody can make a sync longer than that.
  static constexpr std::size_t kMostInRoom = 500;

  struct Entry {
    EventNid nid;
    Position position;
    std::int64_t ends_ms = 0;  ///< milliseconds since the epoch
  };

  /// When a sticky event that came at `received_ms` or before stops being sticky. @pre it is one
  [[nodiscard]] static std::int64_t end_of(CachedEvent const& event, std::int64_t received_ms);

  void add(CachedEvent const& event, std::int64_t now_ms);
  /// In order of position. What has ended already is left out.
  void add(RoomNid room, Entry entry, std::int64_t now_ms);
  /// Those of a room in (after, to] that are sticky at `now_ms`, oldest first.
  [[nodiscard]] std::vector<Entry> between(RoomNid room, Position after, Position to, std::int64_t now_ms);

 private:
  std::map<RoomNid, std::deque<Entry>> in_rooms_;
};

}  // namespace torg::matrix
