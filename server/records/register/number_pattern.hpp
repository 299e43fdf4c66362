#pragma once
#include "base/result.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace torg::records {

/// The parts of a number.
struct NumberParts {
  std::string code;  ///< of the authority: `KS`
  int year = 0;
  std::int64_t case_serial = 0;  ///< counts the cases of an authority's year from 1
  std::int64_t document = 0;     ///< counts the documents of a case from 1; 0 for the case itself
  std::string classification;    ///< `1.7.9`
};

/// How an authority writes its numbers. Tokens: `{code}` `{year}` `{case}` `{case:5}` `{doc}` `{doc:4}`
/// `{class}`; a number after the colon pads with zeroes. All else stands as it is.
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
  /// `invalid_param` for an unknown token, or without `{year}` and `{case}` (numbers would not be unique).
  static Result<NumberPattern> parse(std::string_view text);
  /// `{code} {year}/{case:5}-{doc}`
  static NumberPattern standard();

  [[nodiscard]] bool counts_documents() const { return counts_documents_; }
  [[nodiscard]] std::string case_number(NumberParts const& parts) const;
  /// @pre `parts.document` > 0 when documents are counted
  [[nodiscard]] std::string record_number(NumberParts const& parts) const;
  /// From a case's number as it stands to that of its document.
  [[nodiscard]] std::string record_number(std::string_view case_number, std::int64_t document) const;
  [[nodiscard]] std::string const& text() const { return text_; }

 private:
  enum class Token : std::uint8_t { literal, code, year, case_serial, document, classification };
  struct Piece {
    Token token;
    std::string literal;
    int width = 0;
  };
  static Result<Piece> parse_token(std::string_view text);
  [[nodiscard]] static std::string write(std::span<Piece const> pieces, NumberParts const& parts);
  [[nodiscard]] bool has(Token token) const;

  std::string text_;
  std::vector<Piece> pieces_;
  std::size_t case_pieces_ = 0;  ///< how many of them make the case's number
  bool counts_documents_ = false;
};

}  // namespace torg::records
