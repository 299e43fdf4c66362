#include "runtime/task_group.hpp"

#include "base/log.hpp"

#include <boost/asio/co_spawn.hpp>

namespace torg {

TaskGroup::~TaskGroup() = default;

void TaskGroup::spawn(std::string name, Task<> task) {
  ++running_->count;
  asio::co_spawn(runtime_.executor(), std::move(task),
                 [name = std::move(name), running = running_](std::exception_ptr failure) {
                   if (failure) {
                     try {
                       std::rethrow_exception(failure);
                     } catch (std::exception const& e) {
                       log(LogLevel::error, "a background task failed", {{"task", name}, {"why", e.what()}});
                     }
                   }
                   if (--running->count > 0) return;
                   auto joiners = std::move(running->joiners);
                   running->joiners.clear();
                   for (auto& joiner : joiners) joiner();
                 });
}

Task<> TaskGroup::join() {
  if (running_->count == 0) co_return;
  co_await asio::async_initiate<decltype(asio::use_awaitable), void()>(
      [this](auto handler) {  // not a share of `running_`, which owns the coroutine that waits
        running_->joiners.emplace_back([h = std::move(handler)]() mutable { std::move(h)(); });
      },
      asio::use_awaitable);
}

}  // namespace torg
