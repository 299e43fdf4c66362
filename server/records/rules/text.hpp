#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace torg::records {

/// Text made plain for looking in: full-width digits and typographic dashes, plus signs and spaces as ASCII,
/// letters of Swedish in lower case. Each byte of `plain` remembers where in the original its character
/// began.
struct PlainText {
  std::string plain;
  std::vector<std::size_t> origin;
  std::vector<bool> was_typographic;  ///< the digit was written in full width
};
[[nodiscard]] PlainText make_plain(std::string_view text);

/// True when `stem` begins a word of `plain` (lower case already).
[[nodiscard]] bool has_word_beginning(std::string_view plain, std::string_view stem);

}  // namespace torg::records
