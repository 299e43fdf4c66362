#pragma once
#include <string>
#include <string_view>

namespace torg::matrix {

/// Small letters for capitals, in ASCII and Latin-1 (À to Þ): what "case-insensitive" means here.
[[nodiscard]] std::string fold_case(std::string_view text);

/// A pattern with `*` for anything and `?` for one character, compared without regard to case. Matching takes
/// at most the pattern's length for each byte of the text.
/// @see https://spec.matrix.org/v1.19/appendices/#glob-style-matching
class Glob {
 public:
  explicit Glob(std::string_view pattern) : pattern_(fold_case(pattern)) {}

  [[nodiscard]] bool matches(std::string_view folded) const;
  /// Whether some part of the text matches that begins and ends at a word boundary: at either end of the
  /// text, or beside what is neither an ASCII letter, a digit nor `_`.
  [[nodiscard]] bool matches_words(std::string_view folded) const;

 private:
  enum class End : unsigned char { of_text, of_word };
  enum class Found : unsigned char { yes, no, not_behind_a_star };
  [[nodiscard]] Found match_from(std::string_view text, std::size_t start, End end) const;

  std::string pattern_;
};

}  // namespace torg::matrix
