#pragma once
#include <algorithm>

namespace torg::records {

/// `std::ranges::contains`, which libstdc++ 12 does not have.
template <class Range, class T, class Projection = std::identity>
[[nodiscard]] constexpr bool contains(Range const& range, T const& value, Projection projection = {}) {
  return std::ranges::find(range, value, projection) != std::ranges::end(range);
}

}  // namespace torg::records
