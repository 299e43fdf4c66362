#pragma once
#include <chrono>

namespace torg {

/// Wall time: UTC milliseconds, for stamps only.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;
/// Steady time: for deadlines only; its zero is arbitrary.
struct SteadyClockTag {
  using rep = std::int64_t;
  using period = std::milli;
  using duration = std::chrono::milliseconds;
  using time_point = std::chrono::time_point<SteadyClockTag, duration>;
};
using SteadyTime = SteadyClockTag::time_point;

[[nodiscard]] constexpr std::int64_t to_ms(Instant t) { return t.time_since_epoch().count(); }
[[nodiscard]] constexpr Instant instant_from_ms(std::int64_t ms) {
  return Instant{std::chrono::milliseconds{ms}};
}

}  // namespace torg
