#include "net/page.hpp"

#include <algorithm>
#include <charconv>

namespace torg::net {

Result<std::optional<std::int64_t>> query_number(Request const& request, std::string_view name) {
  auto const text = request.query(name);
  if (!text) return std::nullopt;
  std::int64_t value = 0;
  auto const [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size() || value < 0)
    return fail(ErrorCode::invalid_param, "'" + std::string(name) + "' must be a number.");
  return value;
}

Result<Page> parse_page(Request const& request, std::size_t limit) {
  auto const from = query_number(request, "from");
  if (!from) return std::unexpected(from.error());
  auto const wanted = query_number(request, "limit");
  if (!wanted) return std::unexpected(wanted.error());
  Page page{.from = static_cast<std::size_t>(from->value_or(0)), .limit = limit};
  if (*wanted) page.limit = std::min(static_cast<std::size_t>(**wanted), Page::kMost);
  if (page.limit == 0) return fail(ErrorCode::invalid_param, "'limit' must be at least 1.");
  return page;
}

void add_next(json::object& out, Page page, More more) {
  out["next"] = more == More::yes ? json::value(page.from + page.limit) : json::value(nullptr);
}

void add_next(json::object& out, Page page, std::size_t total) {
  out["total"] = total;
  add_next(out, page, page.from + page.limit < total ? More::yes : More::no);
}

}  // namespace torg::net
