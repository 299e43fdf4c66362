#pragma once
#include "matrix/media/picture/formats.hpp"

namespace torg::matrix {

/// A picture as it will be seen.
struct PictureFacts {
  PictureFormat format{};
  PictureSize size;  ///< turned upright
};

struct MadeThumbnail {
  bool is_original = false;  ///< the picture is no larger than the thumbnail: give that, `bytes` is empty
  std::string content_type;
  std::string bytes;
};

// Both run in the worker, in tests and under the fuzzer only: they read what anybody may have sent.

/// From the header alone. `invalid_param` when it is no picture that is decoded here.
[[nodiscard]] Result<PictureFacts> inspect_picture(std::string_view bytes);
/// `invalid_param`, or `too_large` for what would take too much memory. Nothing but pixels goes over: no
/// place, no camera, no comment. JPEG for photographs, PNG for what is transparent or was made of few
/// colours, WebP for what moves (at most `kMostFrames` frames).
[[nodiscard]] Result<MadeThumbnail> make_thumbnail(std::string_view bytes, ThumbnailWish const& wish);

inline constexpr int kMostFrames = 200;
/// Of all frames together, before they are shrunk; beyond it the thumbnail ends.
inline constexpr std::int64_t kMostMovingPixels = 400'000'000;

}  // namespace torg::matrix
