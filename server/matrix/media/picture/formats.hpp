#pragma once
#include "matrix/media/picture/pixels.hpp"

#include <memory>

namespace torg::matrix {

enum class PictureFormat : std::uint8_t { jpeg, png, gif, webp };

/// By the first bytes, whatever anybody calls it; none: not a picture that is decoded here.
[[nodiscard]] std::optional<PictureFormat> format_of(std::string_view bytes);
/// `image/png` and so on.
[[nodiscard]] std::string_view content_type(PictureFormat format);

/// Frames of a moving picture, each complete.
class Frames {
 public:
  virtual ~Frames() = default;
  struct Frame {
    Pixels const* pixels = nullptr;  ///< good until the next call; null: there are no more
    int duration_ms = 0;
  };
  /// A broken file ends early.
  [[nodiscard]] virtual Frame next() = 0;
};

// Each fails with `invalid_param` when the bytes are broken, `too_large` beyond `kMostPixels`.

struct PictureSize {
  int width = 0;
  int height = 0;
};

struct JpegHeader {
  PictureSize size;
  int orientation = 1;
};
[[nodiscard]] Result<JpegHeader> jpeg_header(std::string_view bytes);
/// Not turned; decoded at a fraction of its size where that is no smaller than `least`: ten times as fast.
[[nodiscard]] Result<Pixels> decode_jpeg(std::string_view bytes, PictureSize least);
[[nodiscard]] std::string encode_jpeg(Pixels const& picture);

[[nodiscard]] Result<PictureSize> png_size(std::string_view bytes);
/// Whether it is an animated one, which libpng shows the first frame of.
[[nodiscard]] bool is_apng(std::string_view bytes);
[[nodiscard]] Result<Pixels> decode_png(std::string_view bytes);
[[nodiscard]] std::string encode_png(Pixels const& picture);

struct WebpHeader {
  PictureSize size;
  bool animated = false;
};
[[nodiscard]] Result<WebpHeader> webp_header(std::string_view bytes);
[[nodiscard]] Result<Pixels> decode_webp(std::string_view bytes);
[[nodiscard]] Result<std::unique_ptr<Frames>> webp_frames(std::string_view bytes);

[[nodiscard]] Result<PictureSize> gif_size(std::string_view bytes);
[[nodiscard]] Result<std::unique_ptr<Frames>> gif_frames(std::string_view bytes);

/// Puts frames of one size together.
class WebpWriter {
 public:
  WebpWriter(int width, int height);
  ~WebpWriter();
  WebpWriter(WebpWriter const&) = delete;
  WebpWriter& operator=(WebpWriter const&) = delete;
  /// @return false when the encoder can't go on
  [[nodiscard]] bool add(Pixels frame, int duration_ms);
  /// Empty when it failed.
  [[nodiscard]] std::string finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace torg::matrix
