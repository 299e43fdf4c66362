#pragma once
#include "identity/types.hpp"
#include "runtime/runtime.hpp"

#include <map>

namespace torg::identity {

/// Token buckets by name: `burst` attempts at once, one more each `interval`. Memory is bounded: buckets that
/// have filled up again are dropped. On the executor.
class RateLimiter {
 public:
  struct Rate {
    std::int64_t burst;
    std::chrono::milliseconds interval;
  };
  RateLimiter(Runtime& runtime, Rate rate, RateLimits limits)
      : runtime_(runtime), rate_(rate), limits_(limits) {}

  /// Takes one attempt. @return zero, or how long to wait until there is one
  [[nodiscard]] std::chrono::milliseconds take(std::string_view name);
  [[nodiscard]] std::size_t size() const { return full_at_.size(); }

 private:
  void drop_full(SteadyTime now);

  Runtime& runtime_;
  Rate rate_;
  RateLimits limits_;
  /// When each bucket will be full again: the whole state of a bucket.
  std::map<std::string, SteadyTime, std::less<>> full_at_;
};

}  // namespace torg::identity
