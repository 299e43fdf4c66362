#pragma once
#include "matrix/room/room.hpp"
#include "runtime/runtime.hpp"

#include <map>
#include <unordered_map>

namespace torg::matrix {

/// One committed thing that somebody's sync may show: where to look, not what it is.
struct StreamEntry {
  enum class Kind : std::uint8_t { event, receipt, account_data, to_device, device_list };
  Position position;
  Kind kind = Kind::event;
  RoomNid room;  ///< 0 for what belongs to a user only
  UserNid user;  ///< receipt: whose; account data, to-device: for whom; membership event: the member
};

/// The newest part of the server's one stream, in memory, and those who wait at its end.
class Stream {
 public:
  explicit Stream(Runtime& runtime) : runtime_(runtime) {}

  /// Starts empty at `position`: what lies before must be looked up in the store.
  void start_at(Position position) { start_ = last_ = position; }
  /// Entries come in order of position; called at their commit.
  void append(StreamEntry entry);

  [[nodiscard]] Position last() const { return last_; }
  /// Whether everything after `position` is here.
  [[nodiscard]] bool covers(Position position) const { return position >= start_; }
  /// Calls `use` for each entry after `position`, oldest first. @pre covers(position)
  template <class F>
  void each_after(Position position, F&& use) const {
    auto const first = std::ranges::upper_bound(entries_, position, {}, &StreamEntry::position);
    for (auto entry = first; entry != entries_.end(); ++entry) use(*entry);
  }

  /// Typing and the like: a count that is never stored; with `boot` it tells an old token from a new one.
  [[nodiscard]] std::int64_t volatile_position() const { return volatile_; }
  std::int64_t next_volatile() {
    if (on_news_) on_news_();
    return ++volatile_;
  }
  /// Called when something is added; it must only take note, for who sends waits for it. At set-up.
  void on_news(std::function<void()> note) { on_news_ = std::move(note); }

  /// Suspends until something may concern `user`, `deadline`, or the end of the server.
  Task<> wait(UserNid user, SteadyTime deadline);
  /// The same for somebody who looks into a room without being in it: what happens there concerns them too.
  Task<> wait_at(RoomNid room, UserNid user, SteadyTime deadline);
  void wake(UserNid user);
  /// Wakes those among the waiting who have joined `room` or look into it.
  void wake_members(Room const& room);
  void wake_all();
  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

 private:
  struct Waiter {
    Runtime::Job resume;
    Runtime::TimerId timer;
  };
  void release(Waiter& waiter);

  Runtime& runtime_;
  std::function<void()> on_news_;
  std::deque<StreamEntry> entries_;
  Position start_;
  Position last_;
  std::int64_t volatile_ = 0;
  std::unordered_map<UserNid, std::vector<std::shared_ptr<Waiter>>> waiting_;
  std::multimap<RoomNid, UserNid> at_rooms_;  ///< of the waiting: who looks into which room
};

}  // namespace torg::matrix
