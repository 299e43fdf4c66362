#pragma once
#include "runtime/runtime.hpp"

#include <deque>

namespace torg {

/// Lets a few through at a time, in order of coming, and a bounded number wait. On the executor.
class Turns {
 public:
  /// Gives the turn back when it goes away. Must not outlive the `Turns`.
  class Turn {
   public:
    explicit Turn(Turns& turns) : turns_(&turns) {}
    Turn(Turn&& other) noexcept : turns_(std::exchange(other.turns_, nullptr)) {}
    Turn& operator=(Turn&&) = delete;
    ~Turn() {
      if (turns_ != nullptr) turns_->give_back();
    }

   private:
    Turns* turns_;
  };

  Turns(Runtime& runtime, std::size_t at_once, std::size_t most_waiting)
      : runtime_(runtime), free_(at_once), most_waiting_(most_waiting) {}
  Turns(Turns const&) = delete;
  Turns& operator=(Turns const&) = delete;

  /// @return `unavailable` at once when too many wait already
  Task<Result<Turn>> take();
  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

 private:
  void give_back();

  Runtime& runtime_;
  std::size_t free_;
  std::size_t most_waiting_;
  std::deque<Runtime::Job> waiting_;
};

}  // namespace torg
