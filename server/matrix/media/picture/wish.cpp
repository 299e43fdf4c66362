#include "matrix/media/picture/wish.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace torg::matrix {
namespace {

struct Box {
  int width, height;
};
constexpr Box kScaled[] = {{32, 32}, {96, 96}, {320, 240}, {640, 480}, {800, 600}};
constexpr int kCropped[] = {32, 96, 320, 640, 800};
constexpr int kProportions = 8;
constexpr int kLargest = 800;

std::optional<int> side(std::string_view text) {
  int value = 0;
  auto const* const end = text.data() + text.size();
  auto const [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || value < 1 || value > kLargest) return std::nullopt;
  return value;
}

ThumbnailWish nearest_crop(ThumbnailWish asked) {
  int const longer = std::max(asked.width, asked.height), shorter = std::min(asked.width, asked.height);
  auto const* const found = std::ranges::lower_bound(kCropped, longer);
  int const made = found == std::end(kCropped) ? kLargest : *found;
  int const step = made / kProportions;
  auto const wanted = static_cast<std::int64_t>(shorter) * made / longer;
  int const other = std::clamp(static_cast<int>((wanted + step - 1) / step) * step, step, made);
  return {asked.method, asked.width >= asked.height ? made : other,
          asked.width >= asked.height ? other : made, asked.motion};
}

int rounded(double value) { return std::max(1, static_cast<int>(std::lround(value))); }

}  // namespace

ThumbnailWish nearest_made(ThumbnailWish asked) {
  if (asked.method == ThumbnailMethod::crop) return nearest_crop(asked);
  auto const* const found = std::ranges::find_if(
      kScaled, [&](Box const& box) { return box.width >= asked.width && box.height >= asked.height; });
  auto const& box = found == std::end(kScaled) ? *std::prev(std::end(kScaled)) : *found;
  return {asked.method, box.width, box.height, asked.motion};
}

std::string to_text(ThumbnailWish const& wish) {
  return fmt::format("{}-{}x{}{}", wish.method == ThumbnailMethod::crop ? "crop" : "scale", wish.width,
                     wish.height, wish.motion == Motion::animated ? "-animated" : "");
}

std::optional<ThumbnailWish> parse_wish(std::string_view text) {
  constexpr std::string_view kAnimated = "-animated";
  ThumbnailWish wish;
  if (text.ends_with(kAnimated)) {
    wish.motion = Motion::animated;
    text.remove_suffix(kAnimated.size());
  }
  auto const dash = text.find('-'), cross = text.find('x', std::min(dash, text.size()));
  if (dash == std::string_view::npos || cross == std::string_view::npos) return std::nullopt;
  auto const method = text.substr(0, dash);
  if (method != "crop" && method != "scale") return std::nullopt;
  wish.method = method == "crop" ? ThumbnailMethod::crop : ThumbnailMethod::scale;
  auto const width = side(text.substr(dash + 1, cross - dash - 1)), height = side(text.substr(cross + 1));
  if (!width || !height) return std::nullopt;
  wish.width = *width;
  wish.height = *height;
  return wish;
}

Fit fit(ThumbnailWish const& wish, int width, int height) {
  double const horizontal = static_cast<double>(wish.width) / width;
  double const vertical = static_cast<double>(wish.height) / height;
  if (wish.method == ThumbnailMethod::scale) {
    double const factor = std::min({horizontal, vertical, 1.0});
    return {0,
            0,
            width,
            height,
            std::min(width, rounded(width * factor)),
            std::min(height, rounded(height * factor))};
  }
  // The largest part in the box's proportions, from the middle.
  double const factor = std::max(horizontal, vertical);
  int const part_width = std::min(width, rounded(wish.width / factor));
  int const part_height = std::min(height, rounded(wish.height / factor));
  return {(width - part_width) / 2,         (height - part_height) / 2,        part_width, part_height,
          std::min(part_width, wish.width), std::min(part_height, wish.height)};
}

}  // namespace torg::matrix
