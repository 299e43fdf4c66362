#include "net/buckets.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace torg::net {
namespace {

constexpr std::int64_t kMostAtOnce = 1'000'000;

std::optional<std::int64_t> take_number(std::string_view& text) {
  std::int64_t number = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number < 1 || number > kMostAtOnce) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

std::optional<std::chrono::milliseconds> unit(std::string_view text) {
  if (text == "s") return std::chrono::seconds{1};
  if (text == "min") return std::chrono::minutes{1};
  if (text == "h") return std::chrono::hours{1};
  return std::nullopt;
}

}  // namespace

Result<Rate> parse_rate(std::string_view text) {
  if (text == "off") return Rate{};
  constexpr std::string_view kThen = " then ";
  auto rest = text;
  auto const burst = take_number(rest);
  bool good = burst && rest.starts_with(kThen);
  if (good) rest.remove_prefix(kThen.size());
  auto const count = good ? take_number(rest) : std::nullopt;
  good = count && rest.starts_with('/');
  auto const each = good ? unit(rest.substr(1)) : std::nullopt;
  if (!each)
    return fail(ErrorCode::invalid_param, fmt::format("'{}' is no rate; an example is 50 then 10/s.", text));
  return Rate{*burst, std::max(*each / *count, std::chrono::milliseconds{1})};
}

Buckets::Buckets(Runtime& runtime, Rate rate) : runtime_(runtime), rate_(rate) { runtime.fill_random(key_); }

Buckets::Bucket& Buckets::find(std::string_view name, SteadyTime now) {
  auto const hash = crypto::short_hash(key_, name);
  auto const [place, is_new] = by_name_.try_emplace(hash);
  if (!is_new) {
    newest_first_.splice(newest_first_.begin(), newest_first_, place->second);
    return newest_first_.front();
  }
  newest_first_.push_front({hash, now});
  place->second = newest_first_.begin();
  if (newest_first_.size() > kMostBuckets) {
    by_name_.erase(newest_first_.back().name);
    newest_first_.pop_back();
  }
  return newest_first_.front();
}

std::chrono::milliseconds Buckets::take(std::string_view name) {
  if (rate_.burst == 0) return {};
  auto const now = runtime_.steady_now();
  auto& bucket = find(name, now);
  // Each one taken moves the moment of fullness an interval on; it lies at most `burst` intervals ahead.
  auto const after = std::max(bucket.full_at, now) + rate_.interval;
  auto const latest = now + rate_.burst * rate_.interval;
  if (after > latest) return after - latest;
  bucket.full_at = after;
  return {};
}

void Buckets::give_back(std::string_view name) {
  if (rate_.burst == 0) return;
  auto const found = by_name_.find(crypto::short_hash(key_, name));
  if (found != by_name_.end()) found->second->full_at -= rate_.interval;
}

}  // namespace torg::net
