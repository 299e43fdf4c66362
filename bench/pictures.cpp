// Thumbnails of photographs. Each server makes them when it likes: at the upload or when they are asked for.
#include "closed_loop.hpp"

#include <cstdint>
#include <memory>
#include <random>
#include <turbojpeg.h>

#include <fmt/format.h>

namespace bench {
namespace {

constexpr int kWidth = 4000, kHeight = 3000;  ///< twelve megapixels, as of a telephone
constexpr int kQuality = 85;
constexpr std::size_t kPictures = 16;
constexpr std::size_t kConnections = 4;
/// What the specification asks servers to have.
constexpr std::string_view kSizes[] = {
    "width=32&height=32&method=crop", "width=96&height=96&method=crop", "width=320&height=240&method=scale",
    "width=640&height=480&method=scale", "width=800&height=600&method=scale"};

/// Soft colours with some noise, which compress about as a photograph does.
std::string photograph(unsigned seed) {
  std::minstd_rand noise(seed);
  std::vector<unsigned char> pixels;
  pixels.reserve(std::size_t{3} * kWidth * kHeight);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      auto const grain = static_cast<int>(noise() >> 16 & 15U);
      for (int const soft : {x * 200 / kWidth, y * 200 / kHeight, (x + y) * 100 / kWidth})
        pixels.push_back(static_cast<unsigned char>(soft + grain));
    }
  }
  std::unique_ptr<void, int (*)(tjhandle)> const encoder(tjInitCompress(), tjDestroy);
  unsigned char* out = nullptr;
  unsigned long size = 0;
  tjCompress2(encoder.get(), pixels.data(), kWidth, 0, kHeight, TJPF_RGB, &out, &size, TJSAMP_420, kQuality,
              0);
  std::string bytes(reinterpret_cast<char const*>(out), size);
  tjFree(out);
  return bytes;
}

std::string upload_request(User const& user, std::string const& picture) {
  return fmt::format(
             "POST /_matrix/media/v3/upload?filename=a.jpg HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer "
             "{}\r\nContent-Type: image/jpeg\r\nContent-Length: {}\r\n\r\n",
             user.token, picture.size()) +
         picture;
}

}  // namespace

void measure_thumbnails(Target const& target, World const& world) {
  auto const& user = world.users.at(0);
  std::vector<std::string> uploads;
  for (unsigned i = 0; i < kPictures; ++i)
    uploads.push_back(upload_request(user, photograph(static_cast<unsigned>(now_us()) + i)));
  MatrixApi api(target.address);
  Finding finding("thumbnail", target.process);
  std::vector<std::string> thumbnails;
  for (auto const& answer : api.call_all(uploads)) {
    auto const mxc = std::string(answer.at("content_uri").as_string());
    for (auto const size : kSizes)
      thumbnails.push_back(request(
          "GET", fmt::format("/_matrix/client/v1/media/thumbnail/{}?{}", mxc.substr(6), size), user.token));
  }
  std::size_t next = 0;
  closed_loop(target, finding, kConnections, thumbnails.size(),
              [&](std::size_t) { return thumbnails[next++]; });
}

}  // namespace bench
