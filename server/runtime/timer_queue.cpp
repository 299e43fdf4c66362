#include "runtime/timer_queue.hpp"

namespace torg {

Runtime::TimerId TimerQueue::add(SteadyTime due, Runtime::Job job) {
  Runtime::TimerId const id{due, ++last_serial_};
  timers_.emplace(std::pair{due, id.serial}, std::move(job));
  return id;
}

void TimerQueue::remove(Runtime::TimerId timer) {
  // The node leaves the map first: destroying the job may come back here.
  auto const node = timers_.extract({timer.due, timer.serial});
}

Runtime::Job TimerQueue::take_due(SteadyTime now) {
  if (timers_.empty() || timers_.begin()->first.first > now) return {};
  auto node = timers_.extract(timers_.begin());
  return std::move(node.mapped());
}

}  // namespace torg
