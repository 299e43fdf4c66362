#include "matrix/media/picture/pixels.hpp"

#include "matrix/media/picture/libraries.hpp"

#include <algorithm>

namespace torg::matrix {

void load_picture_libraries() {
  for (auto const& [library, symbol] :
       {std::pair{"libturbojpeg.so.0", "tjFree"}, std::pair{"libpng16.so.16", "png_image_free"},
        std::pair{"libwebp.so.7", "WebPFree"}, std::pair{"libwebpdemux.so.2", "WebPAnimDecoderDelete"},
        std::pair{"libwebpmux.so.3", "WebPAnimEncoderDelete"}, std::pair{"libgif.so.7", "DGifOpen"},
        std::pair{"libexif.so.12", "exif_data_unref"}})
    (void)late_symbol(library, symbol);
}

Pixels Pixels::blank(int width, int height) {
  return {width, height,
          std::vector<std::uint32_t>(static_cast<std::size_t>(width) * static_cast<std::size_t>(height))};
}

bool Pixels::is_opaque() const {
  return std::ranges::all_of(argb, [](std::uint32_t pixel) { return pixel >> 24 == 0xFF; });
}

Result<> check_size(std::int64_t width, std::int64_t height) {
  if (width < 1 || height < 1) return fail(ErrorCode::invalid_param, "The picture has no size.");
  if (width > kMostPixels / height)
    return fail(ErrorCode::too_large, "The picture has too many pixels for a thumbnail.");
  return {};
}

Pixels turned_upright(Pixels picture, int orientation) {
  if (orientation < 2 || orientation > 8) return picture;
  bool const lies = orientation >= 5;
  auto const width = lies ? picture.height : picture.width, height = lies ? picture.width : picture.height;
  auto out = Pixels::blank(width, height);
  // Which way the picture's own columns and rows run, seen from the upright one.
  bool const from_right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  bool const from_bottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      int column = lies ? y : x, row = lies ? x : y;
      if (from_right) column = picture.width - 1 - column;
      if (from_bottom) row = picture.height - 1 - row;
      out.argb[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)] =
          picture.argb[static_cast<std::size_t>(row) * static_cast<std::size_t>(picture.width) +
                       static_cast<std::size_t>(column)];
    }
  }
  return out;
}

Result<Pixels> fitted(Pixels picture, ThumbnailWish const& wish) {
  auto const where = fit(wish, picture.width, picture.height);
  WebPPicture view;
  WebPPictureInitInternal(&view, WEBP_ENCODER_ABI_VERSION);
  view.use_argb = 1;
  view.width = where.width;
  view.height = where.height;
  view.argb_stride = picture.width;
  view.argb = picture.argb.data() + static_cast<std::ptrdiff_t>(where.top) * picture.width +
              where.left;  // borrowed, not freed
  bool const shrink = where.to_width != where.width || where.to_height != where.height;
  if (shrink && WebPPictureRescale(&view, where.to_width, where.to_height) == 0)
    return fail(ErrorCode::too_large, "The picture is too large for a thumbnail.");
  Pixels out{view.width, view.height, {}};
  out.argb.reserve(static_cast<std::size_t>(view.width) * static_cast<std::size_t>(view.height));
  for (int y = 0; y < view.height; ++y) {
    auto const* const row = view.argb + static_cast<std::ptrdiff_t>(y) * view.argb_stride;
    out.argb.insert(out.argb.end(), row, row + view.width);
  }
  WebPPictureFree(&view);
  return out;
}

}  // namespace torg::matrix
