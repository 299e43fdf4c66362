#pragma once
#include <chrono>
#include <sys/types.h>
#include <vector>

namespace bench {

/// CPU time (user and system) of all threads of a process and of its child processes, those that ended
/// included; a child that still runs is not.
[[nodiscard]] std::chrono::nanoseconds cpu_time(pid_t process);

/// The memory of a process, shared pages counted in part.
[[nodiscard]] double pss_kib(pid_t process);

/// Waits until a process has hardly used the CPU for a while, so that work it put off is counted; at most 30
/// s.
void settle(pid_t process);

/// The memory of a process: its own and its part of what it shares (PSS).
[[nodiscard]] double memory_kib(pid_t process);

/// The value below which `share` of the samples lie; sorts them.
[[nodiscard]] double percentile(std::vector<double>& samples, double share);

/// CPU time of a server and wall time between two points, background work included.
class Meter {
 public:
  enum class Settle { yes, no };

  explicit Meter(pid_t process, Settle settle = Settle::yes);
  /// Milliseconds of CPU since the start; with `Settle::yes` once the process has settled.
  [[nodiscard]] double cpu_ms() const;
  [[nodiscard]] double wall_ms() const;

 private:
  pid_t process_;
  Settle settle_;
  std::chrono::nanoseconds cpu_;
  std::chrono::steady_clock::time_point wall_;
};

}  // namespace bench
