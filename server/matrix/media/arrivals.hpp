#pragma once
#include "runtime/runtime.hpp"

#include <map>
#include <string>
#include <vector>

namespace torg::matrix {

/// Those who wait for a file that has an address but no bytes yet. On the executor.
class Arrivals {
 public:
  explicit Arrivals(Runtime& runtime) : runtime_(runtime) {}
  Arrivals(Arrivals const&) = delete;
  Arrivals& operator=(Arrivals const&) = delete;

  /// Suspends until `deadline` or until somebody wakes those who wait for this file: look again then.
  Task<> wait(std::string media_id, SteadyTime deadline);
  void wake(std::string const& media_id);
  void wake_all();
  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

 private:
  struct Waiter {
    Runtime::Job resume;
    Runtime::TimerId timer;
  };

  Runtime& runtime_;
  std::map<std::string, std::vector<Waiter>> waiting_;
};

}  // namespace torg::matrix
