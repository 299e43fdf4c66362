#include "matrix/media/picture/thumbnail.hpp"

#include <cmath>

namespace torg::matrix {
namespace {

using enum PictureFormat;

std::unexpected<Error> not_made() {
  return fail(ErrorCode::invalid_param, "No thumbnail can be made of this file.");
}

/// The first frame. What of a JPEG is needed for the wish decides at which size it is decoded.
Result<Pixels> decode_still(std::string_view bytes, PictureFormat format, ThumbnailWish const& wish) {
  switch (format) {
    case png:
      return decode_png(bytes);
    case webp:
      return decode_webp(bytes);
    case gif: {
      auto frames = gif_frames(bytes);
      if (!frames) return std::unexpected(frames.error());
      auto const first = (*frames)->next();
      if (first.pixels == nullptr) return not_made();
      return *first.pixels;
    }
    case jpeg:
      break;
  }
  auto const header = jpeg_header(bytes);
  if (!header) return std::unexpected(header.error());
  bool const lies = header->orientation >= 5 && header->orientation <= 8;
  auto const [width, height] = header->size;
  auto const target = lies ? fit(wish, height, width) : fit(wish, width, height);
  double const factor = std::max(static_cast<double>(target.to_width) / target.width,
                                 static_cast<double>(target.to_height) / target.height);
  auto picture = decode_jpeg(
      bytes, {static_cast<int>(std::ceil(width * factor)), static_cast<int>(std::ceil(height * factor))});
  if (!picture) return picture;
  return turned_upright(std::move(*picture), header->orientation);
}

Result<std::unique_ptr<Frames>> frames_of(std::string_view bytes, PictureFormat format) {
  return format == gif ? gif_frames(bytes) : webp_frames(bytes);
}

Result<PictureSize> webp_size(std::string_view bytes) {
  auto const header = webp_header(bytes);
  if (!header) return std::unexpected(header.error());
  return header->size;
}

bool moves(std::string_view bytes, PictureFormat format) {
  if (format == jpeg) return false;
  if (format == png) return is_apng(bytes);
  auto frames = frames_of(bytes, format);
  return frames && (*frames)->next().pixels != nullptr && (*frames)->next().pixels != nullptr;
}

Result<MadeThumbnail> make_moving(std::string_view bytes, PictureFacts const& facts,
                                  ThumbnailWish const& wish) {
  auto frames = frames_of(bytes, facts.format);
  if (!frames) return std::unexpected(frames.error());
  std::optional<WebpWriter> writer;
  auto const each = static_cast<std::int64_t>(facts.size.width) * facts.size.height;
  for (int count = 0; count < kMostFrames && count * each < kMostMovingPixels; ++count) {
    auto const frame = (*frames)->next();
    if (frame.pixels == nullptr) break;
    auto small = fitted(*frame.pixels, wish);
    if (!small) return std::unexpected(small.error());
    if (!writer) writer.emplace(small->width, small->height);
    if (!writer->add(std::move(*small), frame.duration_ms)) return not_made();
  }
  auto made = writer ? writer->finish() : std::string();
  if (made.empty()) return not_made();
  return MadeThumbnail{false, std::string(content_type(webp)), std::move(made)};
}

Result<MadeThumbnail> make_still(std::string_view bytes, PictureFacts const& facts,
                                 ThumbnailWish const& wish) {
  auto picture = decode_still(bytes, facts.format, wish);
  if (!picture) return std::unexpected(picture.error());
  auto small = fitted(std::move(*picture), wish);
  if (!small) return std::unexpected(small.error());
  bool const photograph = facts.format == jpeg || (facts.format == webp && small->is_opaque());
  auto const format = photograph ? jpeg : png;
  auto made = photograph ? encode_jpeg(*small) : encode_png(*small);
  if (made.empty()) return not_made();
  return MadeThumbnail{false, std::string(content_type(format)), std::move(made)};
}

}  // namespace

std::optional<PictureFormat> format_of(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.starts_with("\xFF\xD8\xFF"sv)) return jpeg;
  if (bytes.starts_with("\x89PNG\r\n\x1A\n"sv)) return png;
  if (bytes.starts_with("GIF87a"sv) || bytes.starts_with("GIF89a"sv)) return gif;
  if (bytes.starts_with("RIFF"sv) && bytes.size() >= 12 && bytes.substr(8, 4) == "WEBP"sv) return webp;
  return std::nullopt;
}

std::string_view content_type(PictureFormat format) {
  switch (format) {
    case jpeg:
      return "image/jpeg";
    case png:
      return "image/png";
    case gif:
      return "image/gif";
    case webp:
      break;
  }
  return "image/webp";
}

Result<PictureFacts> inspect_picture(std::string_view bytes) {
  auto const format = format_of(bytes);
  if (!format) return not_made();
  if (*format == jpeg) {
    auto const header = jpeg_header(bytes);
    if (!header) return std::unexpected(header.error());
    bool const lies = header->orientation >= 5 && header->orientation <= 8;
    auto const [width, height] = header->size;
    return PictureFacts{*format, lies ? PictureSize{height, width} : PictureSize{width, height}};
  }
  auto const size = *format == png ? png_size(bytes) : *format == gif ? gif_size(bytes) : webp_size(bytes);
  if (!size) return std::unexpected(size.error());
  return PictureFacts{*format, *size};
}

Result<MadeThumbnail> make_thumbnail(std::string_view bytes, ThumbnailWish const& wish) {
  auto const facts = inspect_picture(bytes);
  if (!facts) return std::unexpected(facts.error());
  bool const is_moving = moves(bytes, facts->format);
  bool const wants_motion = wish.motion == Motion::animated;
  bool const is_small = facts->size.width <= wish.width && facts->size.height <= wish.height;
  // SPEC: of what is no larger, the original is given; unless it moves where it must not.
  if (is_small && (!is_moving || wants_motion))
    return MadeThumbnail{true, std::string(content_type(facts->format)), {}};
  // The frames of an animated PNG can't be had: its first one is.
  if (is_moving && wants_motion && facts->format != png) return make_moving(bytes, *facts, wish);
  return make_still(bytes, *facts, wish);
}

}  // namespace torg::matrix
