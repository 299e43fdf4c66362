#pragma once
// Pictures for tests, made here so that none need lie in the repository.
#include "matrix/media/picture/libraries.hpp"
#include "matrix/media/picture/pixels.hpp"

#include <string>

namespace torg::matrix::sample {

/// Left half one colour, right half another.
[[nodiscard]] inline Pixels halves(int width, int height, std::uint32_t left = 0xFFC02020,
                                   std::uint32_t right = 0xFF2020C0) {
  auto picture = Pixels::blank(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      picture
          .argb[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)] =
          x < width / 2 ? left : right;
  return picture;
}

/// A JPEG that says that the camera was held in this way, and where it was.
[[nodiscard]] inline std::string with_orientation(std::string jpeg, int orientation) {
  using namespace std::string_literals;
  std::string tiff = "MM\0\x2A\0\0\0\x08\0\x02"s;
  tiff += "\x01\x12\0\x03\0\0\0\x01\0"s + static_cast<char>(orientation) + "\0\0"s;  // orientation
  tiff += "\x01\x0E\0\x02\0\0\0\x0C\0\0\0\x26"s;                                     // description, below
  tiff += "\0\0\0\0"s + "secret place"s;
  auto const exif = "Exif\0\0"s + tiff;
  auto const size = exif.size() + 2;
  auto const marker = "\xFF\xE1"s + static_cast<char>(size >> 8) + static_cast<char>(size & 0xFF) + exif;
  return jpeg.insert(2, marker);
}

/// One byte: a GIF's way to write colour numbers of a frame without compressing them.
[[nodiscard]] inline std::string gif(int width, int height, int frames) {
  using namespace std::string_literals;
  auto const word = [](int value) {
    return std::string{static_cast<char>(value & 0xFF), static_cast<char>(value >> 8)};
  };
  std::string out = "GIF89a" + word(width) + word(height) + "\x80\0\0"s;  // two colours
  out += "\xC0\x20\x20\x20\x20\xC0"s;
  for (int frame = 0; frame < frames; ++frame) {
    out += "\x21\xF9\x04\0\x0A\0\0\0"s;  // a tenth of a second
    out += "\x2C"s + word(0) + word(0) + word(width) + word(height) + "\0\x02"s;
    // Codes of three bits, the table cleared (4) before each two pixels: the code size never grows.
    std::string bits;
    auto const put = [&](int code) {
      for (int bit = 0; bit < 3; ++bit) bits += static_cast<char>('0' + ((code >> bit) & 1));
    };
    for (int pixel = 0; pixel < width * height; ++pixel) {
      if (pixel % 2 == 0) put(4);
      put((frame + pixel % width * 2 / width) % 2);
    }
    put(5);
    std::string bytes;
    for (std::size_t at = 0; at < bits.size(); at += 8) {
      int byte = 0;
      for (std::size_t bit = 0; bit < 8 && at + bit < bits.size(); ++bit)
        byte |= (bits[at + bit] - '0') << bit;
      bytes += static_cast<char>(byte);
    }
    for (std::size_t at = 0; at < bytes.size(); at += 255) {
      auto const block = bytes.substr(at, 255);
      out += static_cast<char>(block.size()) + block;
    }
    out += '\0';
  }
  return out + ";";
}

}  // namespace torg::matrix::sample
