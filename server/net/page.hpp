#pragma once
#include "base/json.hpp"
#include "net/http.hpp"

namespace torg::net {

/// Part of a list: `limit` entries from the `from`th on.
struct Page {
  static constexpr std::size_t kMost = 1000;
  std::size_t from = 0;
  std::size_t limit = 100;
};

/// A number of a query, not negative; none when it isn't there, `invalid_param` when it is none.
[[nodiscard]] Result<std::optional<std::int64_t>> query_number(Request const& request, std::string_view name);
/// `from` and `limit` of a query; a limit above `kMost` is `kMost`. `invalid_param`.
[[nodiscard]] Result<Page> parse_page(Request const& request, std::size_t limit = 100);

enum class More : std::uint8_t { no, yes };
/// Says in `next` where the page after this one begins; null when this is the last.
void add_next(json::object& out, Page page, More more);
/// The same of a list of `total` entries, which `total` says.
void add_next(json::object& out, Page page, std::size_t total);

}  // namespace torg::net
