#include "matrix/media/picture/formats.hpp"
#include "matrix/media/picture/libraries.hpp"

namespace torg::matrix {
namespace {

constexpr int kQuality = 80;
/// Decoded at a fraction, a photograph of a good camera fits; before that its size costs only time.
constexpr std::int64_t kMostJpegPixels = 300'000'000;

struct Destroy {
  void operator()(void* handle) const { tjDestroy(handle); }
};
using Handle = std::unique_ptr<void, Destroy>;

unsigned char const* data_of(std::string_view bytes) {
  return reinterpret_cast<unsigned char const*>(bytes.data());
}

std::unexpected<Error> broken() { return fail(ErrorCode::invalid_param, "The picture is broken."); }

struct Header {
  PictureSize size;
  bool cmyk = false;
};

Result<Header> read_header(tjhandle handle, std::string_view bytes) {
  int width = 0, height = 0, sampling = 0, colours = 0;
  if (tjDecompressHeader3(handle, data_of(bytes), bytes.size(), &width, &height, &sampling, &colours) != 0)
    return broken();
  if (static_cast<std::int64_t>(width) * height > kMostJpegPixels)
    return fail(ErrorCode::too_large, "The picture has too many pixels for a thumbnail.");
  return Header{{width, height}, colours == TJCS_CMYK || colours == TJCS_YCCK};
}

int orientation_of(std::string_view bytes) {
  std::unique_ptr<ExifData, void (*)(ExifData*)> const data(
      exif_data_new_from_data(data_of(bytes), static_cast<unsigned>(bytes.size())),
      [](ExifData* exif) { exif_data_unref(exif); });
  if (!data) return 1;
  auto const* const entry = exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
  if (entry == nullptr || entry->format != EXIF_FORMAT_SHORT || entry->size < 2) return 1;
  return exif_get_short(entry->data, exif_data_get_byte_order(data.get()));
}

/// Adobe's kind: every ink is written inverted.
void from_cmyk(Pixels& picture) {
  for (auto& pixel : picture.argb) {
    auto const ink = [&](int n) { return (pixel >> (8 * n)) & 0xFFU; };
    auto const black = ink(3);
    pixel = 0xFF000000U | (ink(0) * black / 255) << 16 | (ink(1) * black / 255) << 8 | ink(2) * black / 255;
  }
}

/// The smallest of the library's fractions, eighths, that is no smaller than `least`.
PictureSize scaled(PictureSize whole, PictureSize least) {
  for (int eighths = 1; eighths < 8; ++eighths) {
    tjscalingfactor const factor{eighths, 8};
    PictureSize const size{TJSCALED(whole.width, factor), TJSCALED(whole.height, factor)};
    if (size.width >= least.width && size.height >= least.height) return size;
  }
  return whole;
}

}  // namespace

Result<JpegHeader> jpeg_header(std::string_view bytes) {
  Handle const handle(tjInitDecompress());
  if (!handle) return broken();
  auto const header = read_header(handle.get(), bytes);
  if (!header) return std::unexpected(header.error());
  return JpegHeader{header->size, orientation_of(bytes)};
}

Result<Pixels> decode_jpeg(std::string_view bytes, PictureSize least) {
  Handle const handle(tjInitDecompress());
  if (!handle) return broken();
  auto const header = read_header(handle.get(), bytes);
  if (!header) return std::unexpected(header.error());
  auto const size = scaled(header->size, least);
  if (auto good = check_size(size.width, size.height); !good) return fail(std::move(good));
  auto picture = Pixels::blank(size.width, size.height);
  auto const done =
      tjDecompress2(handle.get(), data_of(bytes), bytes.size(), picture.bytes(), size.width, 0, size.height,
                    header->cmyk ? TJPF_CMYK : TJPF_BGRA, TJFLAG_FASTUPSAMPLE | TJFLAG_FASTDCT);
  // A file that ends too early is shown as far as it goes.
  if (done != 0 && tjGetErrorCode(handle.get()) != TJERR_WARNING) return broken();
  if (header->cmyk) from_cmyk(picture);
  return picture;
}

std::string encode_jpeg(Pixels const& picture) {
  Handle const handle(tjInitCompress());
  unsigned char* out = nullptr;
  unsigned long size = 0;
  auto const done = tjCompress2(handle.get(), picture.bytes(), picture.width, 0, picture.height, TJPF_BGRX,
                                &out, &size, TJSAMP_420, kQuality, 0);
  std::string bytes(reinterpret_cast<char const*>(out), done == 0 ? size : 0);
  tjFree(out);
  return bytes;
}

}  // namespace torg::matrix
