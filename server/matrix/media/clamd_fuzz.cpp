#include "matrix/media/clamd.hpp"

#include <cstdlib>

/// Only the one right answer says that nothing was found.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  auto const finding = torg::matrix::parse_clamd_reply(text);
  if (finding && finding->empty() && !text.starts_with("stream: OK")) std::abort();
  (void)torg::matrix::parse_clamd_address(text);
  return 0;
}
