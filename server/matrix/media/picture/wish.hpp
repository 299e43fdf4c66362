#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace torg::matrix {

enum class ThumbnailMethod : std::uint8_t { crop, scale };
enum class Motion : std::uint8_t { still, animated };

/// One thumbnail of a picture: a box, and how the picture gets into it.
struct ThumbnailWish {
  ThumbnailMethod method = ThumbnailMethod::scale;
  int width = 0;
  int height = 0;
  Motion motion = Motion::still;
  friend bool operator==(ThumbnailWish const&, ThumbnailWish const&) = default;
};

/// The wish that is made instead of the one asked for: at least as large where that is possible, and one of
/// few, so that nobody fills the disk with sizes. Scaled: the specification's boxes. Cropped: the larger side
/// is one of theirs, the proportions in eighths of it.
/// @see https://spec.matrix.org/v1.19/client-server-api/#thumbnails
[[nodiscard]] ThumbnailWish nearest_made(ThumbnailWish asked);

/// `crop-96x96`, `scale-800x600-animated`: names a variant in the store and tells the worker what to do.
[[nodiscard]] std::string to_text(ThumbnailWish const& wish);
[[nodiscard]] std::optional<ThumbnailWish> parse_wish(std::string_view text);

/// What is cut out of a picture, and to which size that is brought. Nothing is ever enlarged.
struct Fit {
  int left = 0, top = 0, width = 0, height = 0;  ///< of the picture
  int to_width = 0, to_height = 0;
};
[[nodiscard]] Fit fit(ThumbnailWish const& wish, int width, int height);

}  // namespace torg::matrix
