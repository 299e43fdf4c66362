#include "records/text/csv.hpp"

#include <cstdint>
#include <cstdlib>

/// Whatever is read has at least one cell a row and ascending numbers.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  auto const rows = torg::records::read_csv({reinterpret_cast<char const*>(data), size});
  if (!rows) return 0;
  std::int64_t before = 0;
  for (auto const& row : *rows) {
    if (row.cells.empty() || row.number <= before) std::abort();
    before = row.number;
  }
  return 0;
}
