#pragma once
#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace torg::records {

/// A list as rows of text; the first row is the headings.
struct Sheet {
  std::vector<std::vector<std::string>> rows;
};

inline constexpr std::size_t kMostSheetBytes = 20u << 20;
inline constexpr std::size_t kMostSheetRows = 50'001;  ///< with the headings
inline constexpr std::size_t kMostSheetColumns = 100;
inline constexpr std::size_t kMostCellBytes = 32u << 10;

/// RFC 4180 in UTF-8, with or without a byte order mark; comma, semicolon or tab, whichever the first line
/// has most of. Empty rows at the end are dropped. `invalid_param` names the line, `too_large`.
/// @see https://www.rfc-editor.org/rfc/rfc4180
[[nodiscard]] Result<Sheet> parse_csv(std::string_view bytes);

/// Whether the bytes are a ZIP archive, as every XLSX file is.
[[nodiscard]] bool looks_like_xlsx(std::string_view bytes);

}  // namespace torg::records
