#pragma once
#include "runtime/runtime.hpp"

#include <map>

namespace torg {

/// Timers in order of due time, then of creation: the same order in every world.
class TimerQueue {
 public:
  Runtime::TimerId add(SteadyTime due, Runtime::Job job);
  void remove(Runtime::TimerId timer);
  /// Takes the first timer due at or before `now`; an empty job when there is none.
  [[nodiscard]] Runtime::Job take_due(SteadyTime now);
  [[nodiscard]] bool empty() const { return timers_.empty(); }
  /// @pre not empty
  [[nodiscard]] SteadyTime next_due() const { return timers_.begin()->first.first; }
  /// Takes all timers away; destroy the result outside the queue, for a job's end may add or remove timers.
  [[nodiscard]] std::map<std::pair<SteadyTime, std::uint64_t>, Runtime::Job> release() {
    return std::exchange(timers_, {});
  }

 private:
  std::map<std::pair<SteadyTime, std::uint64_t>, Runtime::Job> timers_;
  std::uint64_t last_serial_ = 0;
};

}  // namespace torg
