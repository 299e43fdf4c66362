#pragma once
#include "runtime/runtime.hpp"

#include <string>

namespace torg {

/// Owns background coroutines: logs what they throw, counts them, and can be joined at shutdown.
/// All members are called on the runtime's executor.
class TaskGroup {
 public:
  explicit TaskGroup(Runtime& runtime) : runtime_(runtime) {}
  ~TaskGroup();  ///< the group must be idle: `co_await join()` first, or drop the executor's jobs
                 ///< (simulation)
  TaskGroup(TaskGroup const&) = delete;
  TaskGroup& operator=(TaskGroup const&) = delete;

  /// Starts `task`; `name` stands in the log if it throws.
  void spawn(std::string name, Task<> task);
  /// Waits until every spawned task has ended.
  Task<> join();
  [[nodiscard]] std::size_t size() const { return running_->count; }

 private:
  struct Running {
    std::size_t count = 0;
    std::vector<Runtime::Job> joiners;
  };
  Runtime& runtime_;
  std::shared_ptr<Running> running_ = std::make_shared<Running>();
};

}  // namespace torg
