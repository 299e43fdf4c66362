#pragma once
#include "base/result.hpp"
#include "governance/types.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace torg::records {

/// What a PDF says of itself; claims of whoever made it. Texts are valid UTF-8 on one line, without control
/// characters.
struct PdfFacts {
  std::string title, author;
  std::optional<governance::Day> made_day;  ///< as written, in the maker's own zone
};

[[nodiscard]] bool is_pdf(std::string_view bytes);

/// Reads its document information dictionary (ISO 32000-1, 14.3.3). Parses in the calling process: for the
/// worker, tests and the fuzzer.
/// @return `invalid_param` when it is none, is broken, or opens with a password only
[[nodiscard]] Result<PdfFacts> parse_pdf(std::string_view bytes);

}  // namespace torg::records
