#pragma once
#include "base/result.hpp"
#include "matrix/media/picture/wish.hpp"

#include <bit>
#include <vector>

namespace torg::matrix {

static_assert(std::endian::native == std::endian::little, "pixels are words here and bytes in the libraries");

/// A picture in memory: a word per pixel, 0xAARRGGBB, rows from the top.
struct Pixels {
  int width = 0;
  int height = 0;
  std::vector<std::uint32_t> argb;

  /// Everything transparent.
  [[nodiscard]] static Pixels blank(int width, int height);
  [[nodiscard]] unsigned char* bytes() { return reinterpret_cast<unsigned char*>(argb.data()); }
  [[nodiscard]] unsigned char const* bytes() const {
    return reinterpret_cast<unsigned char const*>(argb.data());
  }
  [[nodiscard]] bool is_opaque() const;
};

/// What a picture may have at most before anything is decoded: what it takes in memory is the sender's
/// choice.
inline constexpr std::int64_t kMostPixels = 80'000'000;

[[nodiscard]] Result<> check_size(std::int64_t width, std::int64_t height);

/// As EXIF counts them, 1 to 8; 1 is upright.
/// @see CIPA DC-008, 4.6.5
[[nodiscard]] Pixels turned_upright(Pixels picture, int orientation);

/// Cut and shrunk. `invalid_param` when there is no memory.
[[nodiscard]] Result<Pixels> fitted(Pixels picture, ThumbnailWish const& wish);

}  // namespace torg::matrix
