#include "matrix/media/range.hpp"

#include <cstdlib>

/// Whatever the header says, a part lies within the file.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const header(reinterpret_cast<char const*>(data), size);
  for (std::uint64_t const length :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1000}, ~std::uint64_t{0}}) {
    auto const part = torg::matrix::wanted_part(header, length);
    if (part.offset > length || part.size > length - part.offset) std::abort();
    if (part.kind == torg::matrix::WantedPart::Kind::part && part.size == 0) std::abort();
  }
  return 0;
}
