#include "matrix/media/picture/worker.hpp"

#include <cstdlib>

/// Whatever the bytes are, decoding ends, and what it gives survives the way from the worker to the server.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace torg::matrix;
  std::string_view const bytes(reinterpret_cast<char const*>(data), size);
  // Large canvases are slow, not wrong: the worker's limits are for them.
  auto const facts = inspect_picture(bytes);
  if (facts && static_cast<std::int64_t>(facts->size.width) * facts->size.height > 1'000'000) return 0;
  for (auto const* text : {"crop-32x32", "scale-32x32-animated"}) {
    auto const made = make_thumbnail(bytes, *parse_wish(text));
    auto const again = decode_thumbnail(encode_thumbnail(made));
    if (made.has_value() != again.has_value()) std::abort();
    if (made && made->bytes != again->bytes) std::abort();
  }
  return 0;
}
