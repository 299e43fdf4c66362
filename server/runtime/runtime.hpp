#pragma once
#include "base/result.hpp"
#include "base/time.hpp"
#include "runtime/task.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

namespace torg {

/// Everything that differs between the real world and a simulated one: scheduling, time, randomness, blocking
/// work.
///
/// All server state lives on one executor (docs/adr/0002): a function that takes a `Runtime&` may be called
/// from there only, and needs no lock. No other folder than `runtime/` and `net/` may name an Asio timer, a
/// clock, a thread or a source of randomness.
class Runtime {
 public:
  using Job = std::move_only_function<void()>;
  struct TimerId {
    SteadyTime due{};
    std::uint64_t serial = 0;  ///< 0: no timer
  };

  virtual ~Runtime() = default;

  [[nodiscard]] virtual asio::any_io_executor executor() = 0;
  [[nodiscard]] virtual Instant now() = 0;            ///< wall clock, for stamps
  [[nodiscard]] virtual SteadyTime steady_now() = 0;  ///< for deadlines; read once per turn of the loop

  /// Runs `job` on the executor at or soon after `due` (coarse: up to 50 ms late). Costs O(log n), no system
  /// call.
  virtual TimerId schedule(SteadyTime due, Job job) = 0;
  /// No effect when it has run already.
  virtual void cancel(TimerId timer) = 0;

  virtual void fill_random(std::span<unsigned char> out) = 0;

  /// Runs `work` where blocking is allowed, then `done` on the executor. Any thread may call it.
  virtual void offload(Job work, Job done) = 0;
  /// Runs `job` on the executor soon. Any thread may call it.
  virtual void post(Job job) = 0;
};

/// Suspends the caller for `duration`.
Task<> sleep_for(Runtime& runtime, std::chrono::milliseconds duration);

/// Runs `work` on the offload pool and gives back its value.
template <class F>
auto run_offloaded(Runtime& runtime, F work) -> Task<std::invoke_result_t<F>>;

}  // namespace torg

#include "runtime/run_offloaded.ipp"
