#include "matrix/media/range.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace torg::matrix {
namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  auto const* const end = text.data() + text.size();
  auto const [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

}  // namespace

WantedPart wanted_part(std::optional<std::string_view> header, std::uint64_t size) {
  using enum WantedPart::Kind;
  constexpr std::string_view kUnit = "bytes=";
  WantedPart const all{whole, 0, size};
  if (!header || !header->starts_with(kUnit)) return all;
  auto const text = header->substr(kUnit.size());
  auto const dash = text.find('-');
  if (dash == std::string_view::npos) return all;
  auto const first = number(text.substr(0, dash));
  auto const last = number(text.substr(dash + 1));
  bool const is_suffix = dash == 0 && last;
  bool const is_open = first && dash + 1 == text.size();
  if (is_suffix) {
    if (*last == 0 || size == 0) return {beyond_end, 0, 0};
    auto const length = std::min(*last, size);
    return {part, size - length, length};
  }
  if (!first || (!is_open && (!last || *last < *first))) return all;
  if (*first >= size) return {beyond_end, 0, 0};
  auto const end = is_open ? size : std::min(*last, size - 1) + 1;
  return {part, *first, end - *first};
}

}  // namespace torg::matrix
