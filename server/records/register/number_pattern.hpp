#pragma once
#include "base/result.hpp"
#include "records/rules/types.hpp"

#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace torg::records {

/// The parts of a number.
struct NumberParts {
  std::string code;  ///< of the authority: `KS`
  int year = 0;
  std::int64_t case_serial = 0;  ///< counts the cases of a series' year from 1
  std::int64_t document = 0;     ///< counts the documents of a case from 1; 0 for the case itself
  std::string classification;    ///< `1.7.9`
};

/// How a series writes its numbers. Tokens: `{code}` `{year}` `{case}` (or `{serial}`) `{doc}` `{class}`; a
/// number after the colon, as in `{case:5}` and `{doc:4}`, pads with zeroes. All else stands as it is.
///
///     {code} {year}/{case:5}-{doc}             KS 2026/00123-4
///     {code}/{year}/{case:4}/{doc:4}           KS/2019/0001/0009
///     RA-{code} {year}/{case}                  RA-KS 2021/23
///     {code} {year}/{case} {class}             KS 2021/1311 1.7.9
///
/// The case's number is the pattern up to the token before `{doc}`. Without `{doc}` every record takes a
/// number of its own from the same count as the cases.
class NumberPattern {
 public:
  /// Refuses, with words, what could write one number twice: without `{year}` and `{case}`, a token twice,
  /// two tokens side by side, a digit right beside a token. What is left can be read in one way only.
  static std::expected<NumberPattern, Bilingual> check(std::string_view text);
  /// The same as a `Result`: `invalid_param`.
  static Result<NumberPattern> parse(std::string_view text);
  /// `{code} {year}/{case:5}-{doc}`
  static NumberPattern standard();

  [[nodiscard]] bool counts_documents() const { return counts_documents_; }
  [[nodiscard]] std::string case_number(NumberParts const& parts) const;
  /// @pre `parts.document` > 0 when documents are counted
  [[nodiscard]] std::string record_number(NumberParts const& parts) const;
  /// From a case's number as it stands to that of its document.
  [[nodiscard]] std::string record_number(std::string_view case_number, std::int64_t document) const;
  /// The parts of a number of this series; none when it isn't one. `number` of a case, or of a record.
  [[nodiscard]] std::optional<NumberParts> read_case(std::string_view number, std::string_view code) const;
  [[nodiscard]] std::optional<NumberParts> read_record(std::string_view number, std::string_view code) const;
  [[nodiscard]] std::string const& text() const { return text_; }
  /// The same but for how far numbers are padded.
  [[nodiscard]] bool same_but_widths(NumberPattern const& other) const;

  enum class Token : std::uint8_t { literal, code, year, case_serial, document, classification };
  struct Piece {
    Token token;
    std::string literal;
    int width = 0;
  };
  [[nodiscard]] std::span<Piece const> record_pieces() const { return pieces_; }
  [[nodiscard]] std::span<Piece const> case_pieces() const { return std::span(pieces_).first(case_pieces_); }

 private:
  using Problem = std::unexpected<Bilingual>;
  static std::expected<Piece, Bilingual> parse_token(std::string_view text);
  static std::expected<std::vector<Piece>, Bilingual> parse_pieces(std::string_view text);
  [[nodiscard]] std::optional<Bilingual> ambiguity() const;
  [[nodiscard]] std::optional<Bilingual> split();
  [[nodiscard]] static std::string write(std::span<Piece const> pieces, NumberParts const& parts);
  [[nodiscard]] static std::optional<NumberParts> read(std::span<Piece const> pieces, std::string_view number,
                                                       std::string_view code);

  std::string text_;
  std::vector<Piece> pieces_;
  std::size_t case_pieces_ = 0;  ///< how many of them make the case's number
  bool counts_documents_ = false;
};

/// A pattern in one authority's hands.
struct PatternOf {
  NumberPattern const& pattern;
  std::string_view code;
};
/// Whether two patterns could ever write the same number, of a case or a record; capitals don't tell them
/// apart.
[[nodiscard]] bool could_meet(PatternOf a, PatternOf b);

}  // namespace torg::records
