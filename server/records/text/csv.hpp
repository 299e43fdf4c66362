#pragma once
#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace torg::records {

/// A line of a table. `number` is the row as a spreadsheet counts: the header is row 1.
struct CsvRow {
  std::int64_t number = 0;
  std::vector<std::string> cells;
};

/// Cells parted by commas, semicolons or tabs – whichever the first row has most of, as spreadsheets write by
/// their language – in UTF-8, with or without a byte order mark. Empty rows are left out but counted.
/// `invalid_param` for other encodings, an open quotation, a sign after a closed one; `too_large`.
/// @see RFC 4180
[[nodiscard]] Result<std::vector<CsvRow>> read_csv(std::string_view text);

inline constexpr std::size_t kMaxCsvBytes = 20 << 20;
inline constexpr std::int64_t kMaxCsvRows = 50'001;   ///< with the headings
inline constexpr std::size_t kMaxCsvCells = 100;      ///< of a row
inline constexpr std::size_t kMaxCsvCell = 32 << 10;  ///< bytes

}  // namespace torg::records
