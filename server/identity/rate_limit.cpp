#include "identity/rate_limit.hpp"

#include <algorithm>

namespace torg::identity {
namespace {

constexpr std::size_t kManyBuckets = 10'000;

}  // namespace

std::chrono::milliseconds RateLimiter::take(std::string_view name) {
  if (limits_ == RateLimits::off) return {};
  auto const now = runtime_.steady_now();
  auto found = full_at_.find(name);
  if (found == full_at_.end()) {
    if (full_at_.size() >= kManyBuckets) drop_full(now);
    found = full_at_.emplace(std::string(name), now).first;
  }
  // Each attempt moves the moment of fullness one interval on; it may lie at most `burst` intervals ahead.
  auto const after = std::max(found->second, now) + rate_.interval;
  auto const latest = now + rate_.burst * rate_.interval;
  if (after > latest) return after - latest;
  found->second = after;
  return {};
}

void RateLimiter::drop_full(SteadyTime now) {
  std::erase_if(full_at_, [now](auto const& bucket) { return bucket.second <= now; });
}

}  // namespace torg::identity
