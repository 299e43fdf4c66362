#include "matrix/media/picture/formats.hpp"
#include "matrix/media/picture/libraries.hpp"

namespace torg::matrix {
namespace {

/// Frees what libpng keeps of an image.
class Image {
 public:
  Image() { image_.version = PNG_IMAGE_VERSION; }
  ~Image() { png_image_free(&image_); }
  Image(Image const&) = delete;
  Image& operator=(Image const&) = delete;
  png_image* operator->() { return &image_; }
  png_image* get() { return &image_; }

 private:
  png_image image_{};
};

Result<> open(Image& image, std::string_view bytes) {
  if (png_image_begin_read_from_memory(image.get(), bytes.data(), bytes.size()) == 0)
    return fail(ErrorCode::invalid_param, "The picture is broken.", image->message);
  return check_size(image->width, image->height);
}

}  // namespace

Result<PictureSize> png_size(std::string_view bytes) {
  Image image;
  if (auto opened = open(image, bytes); !opened) return fail(std::move(opened));
  return PictureSize{static_cast<int>(image->width), static_cast<int>(image->height)};
}

bool is_apng(std::string_view bytes) { return bytes.find("acTL") < bytes.find("IDAT"); }

Result<Pixels> decode_png(std::string_view bytes) {
  Image image;
  if (auto opened = open(image, bytes); !opened) return fail(std::move(opened));
  image->format = PNG_FORMAT_BGRA;
  auto picture = Pixels::blank(static_cast<int>(image->width), static_cast<int>(image->height));
  if (png_image_finish_read(image.get(), nullptr, picture.bytes(), 0, nullptr) == 0)
    return fail(ErrorCode::invalid_param, "The picture is broken.", image->message);
  return picture;
}

std::string encode_png(Pixels const& picture) {
  bool const opaque = picture.is_opaque();
  Image image;
  image->width = static_cast<png_uint_32>(picture.width);
  image->height = static_cast<png_uint_32>(picture.height);
  image->format = PNG_FORMAT_BGRA;
  std::vector<unsigned char> without_alpha;
  if (opaque) {  // three bytes a pixel: half of the work is compressing
    image->format = PNG_FORMAT_BGR;
    without_alpha.reserve(picture.argb.size() * 3);
    for (auto const pixel : picture.argb)
      for (int byte = 0; byte < 3; ++byte)
        without_alpha.push_back(static_cast<unsigned char>(pixel >> (8 * byte)));
  }
  auto const* const pixels = opaque ? without_alpha.data() : picture.bytes();
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(*image.get());
  std::string bytes(size, '\0');
  if (png_image_write_to_memory(image.get(), bytes.data(), &size, 0, pixels, 0, nullptr) == 0) return {};
  bytes.resize(size);
  return bytes;
}

}  // namespace torg::matrix
