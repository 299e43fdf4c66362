#pragma once
#include "base/result.hpp"
#include "crypto/hash.hpp"
#include "runtime/runtime.hpp"

#include <list>
#include <unordered_map>

namespace torg::net {

/// `burst` at once, then one more each `interval`. A burst of 0 is no limit.
struct Rate {
  std::int64_t burst = 0;
  std::chrono::milliseconds interval{0};
  friend bool operator==(Rate const&, Rate const&) = default;
};

/// `off`, or `50 then 10/s`: 50 at once and ten a second after that; `s`, `min`, `h`. `invalid_param`.
[[nodiscard]] Result<Rate> parse_rate(std::string_view text);

/// Token buckets by name. Names are kept as keyed hashes only, so a bucket tells nobody's address; those not
/// used for longest are forgotten beyond `kMostBuckets`. On the executor.
class Buckets {
 public:
  static constexpr std::size_t kMostBuckets = 10'000;

  Buckets(Runtime& runtime, Rate rate);

  /// Takes one. @return zero, or how long to wait until there is one
  [[nodiscard]] std::chrono::milliseconds take(std::string_view name);
  /// Puts one back.
  void give_back(std::string_view name);
  [[nodiscard]] std::size_t size() const { return newest_first_.size(); }

 private:
  /// When a bucket will be full again: its whole state.
  struct Bucket {
    std::uint64_t name;
    SteadyTime full_at;
  };
  Bucket& find(std::string_view name, SteadyTime now);

  Runtime& runtime_;
  Rate rate_;
  crypto::ShortHashKey key_{};
  std::list<Bucket> newest_first_;
  std::unordered_map<std::uint64_t, std::list<Bucket>::iterator> by_name_;
};

}  // namespace torg::net
