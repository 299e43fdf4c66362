#pragma once
#include "runtime/runtime.hpp"
#include "runtime/timer_queue.hpp"

#include <random>
#include <vector>

#include <boost/asio/execution_context.hpp>

namespace torg {

class SimulatedRuntime;

/// One time line, without threads, for all simulated computers of a world: each step runs one ready job,
/// chosen by the seed; when none is ready the clock jumps to the next due time. The same seed and the same
/// program give the same steps, which `trace` proves.
class SimulatedSchedule {
 public:
  explicit SimulatedSchedule(std::uint64_t seed) : random_(seed) {}

  /// Runs one job. @return false when nobody has anything to do, now or later
  bool step();
  [[nodiscard]] SteadyTime now() const { return now_; }
  [[nodiscard]] std::uint64_t steps() const { return steps_; }
  /// A hash over time, computer and number of ready jobs at each step.
  [[nodiscard]] std::uint64_t trace() const { return trace_; }

  [[nodiscard]] std::uint64_t draw() { return random_(); }
  /// From 0 to `bound`, both included.
  [[nodiscard]] std::uint64_t draw_up_to(std::uint64_t bound) { return random_() % (bound + 1); }
  [[nodiscard]] bool happens(double probability) {
    return static_cast<double>(random_() >> 11) * 0x1p-53 < probability;
  }

 private:
  friend SimulatedRuntime;
  bool take_due_timers();
  void note(std::uint64_t value);

  std::mt19937_64 random_;
  SteadyTime now_{std::chrono::hours{1}};
  std::uint64_t steps_ = 0;
  std::uint64_t trace_ = 14'695'981'039'346'656'037u;
  std::vector<SimulatedRuntime*> computers_;  ///< in order of making
};

/// One computer from one boot to its end.
class SimulatedRuntime final : public Runtime {
 public:
  /// `number` tells it from others in the trace. The schedule outlives it.
  SimulatedRuntime(SimulatedSchedule& schedule, unsigned number);
  /// @pre everything that ran on it has been destroyed
  ~SimulatedRuntime() override;

  asio::any_io_executor executor() override;
  Instant now() override;
  SteadyTime steady_now() override { return schedule_.now(); }
  TimerId schedule(SteadyTime due, Job job) override { return timers_.add(due, std::move(job)); }
  void cancel(TimerId timer) override { timers_.remove(timer); }
  void fill_random(std::span<unsigned char> out) override;
  /// `work` runs in one step, after up to five milliseconds of simulated time.
  void offload(Job work, Job done) override;
  void post(Job job) override { ready_.push_back(std::move(job)); }

  /// Ends all that runs: jobs and timers are destroyed, and whatever that posts, until nothing is left.
  void drop();

 private:
  friend SimulatedSchedule;
  class Executor;

  SimulatedSchedule& schedule_;
  unsigned number_;
  std::mt19937_64 random_;
  std::vector<Job> ready_;
  TimerQueue timers_;
  asio::execution_context context_;  ///< only because Asio asks for one; nothing lives in it
};

}  // namespace torg
