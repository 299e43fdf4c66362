#include "matrix/media/preview/page.hpp"

#include <cstdlib>

/// Whatever the bytes are, reading ends, and what it gives survives the way from the worker to the server.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace torg::matrix;
  auto const facts =
      read_page({reinterpret_cast<char const*>(data), size}, size % 3 == 0 ? "windows-1252" : "");
  auto const again = decode_page(encode_page(facts));
  if (!again || again->title != facts.title || again->properties.size() != facts.properties.size())
    std::abort();
  (void)preview_of(facts);
  return 0;
}
