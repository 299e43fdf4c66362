#include "records/register/number_pattern.hpp"

#include "records/register/contains.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace torg::records {
namespace {

constexpr int kMaxWidth = 9;
constexpr std::size_t kMaxPattern = 60;

}  // namespace

Result<NumberPattern::Piece> NumberPattern::parse_token(std::string_view text) {
  auto const colon = text.find(':');
  auto const name = text.substr(0, colon);
  Piece piece{Token::literal, {}, 0};
  if (colon != std::string_view::npos) {
    auto const digits = text.substr(colon + 1);
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), piece.width);
    if (error != std::errc{} || end != digits.data() + digits.size() || piece.width < 1 ||
        piece.width > kMaxWidth) {
      return fail(ErrorCode::invalid_param, "A width in the number pattern is not between 1 and 9.");
    }
  }
  if (name == "code")
    piece.token = Token::code;
  else if (name == "year")
    piece.token = Token::year;
  else if (name == "case")
    piece.token = Token::case_serial;
  else if (name == "doc")
    piece.token = Token::document;
  else if (name == "class")
    piece.token = Token::classification;
  else
    return fail(ErrorCode::invalid_param,
                "The number pattern has an unknown token {" + std::string(name) + "}.");
  return piece;
}

Result<NumberPattern> NumberPattern::parse(std::string_view text) {
  if (text.size() > kMaxPattern) return fail(ErrorCode::invalid_param, "The number pattern is too long.");
  NumberPattern pattern;
  pattern.text_ = text;
  while (!text.empty()) {
    if (text.front() != '{') {
      auto const literal = text.substr(0, text.find('{'));
      pattern.pieces_.push_back({Token::literal, std::string(literal), 0});
      text.remove_prefix(literal.size());
      continue;
    }
    auto const end = text.find('}');
    if (end == std::string_view::npos)
      return fail(ErrorCode::invalid_param, "A { in the number pattern is never closed.");
    auto piece = parse_token(text.substr(1, end - 1));
    if (!piece) return fail(std::move(piece));
    pattern.pieces_.push_back(std::move(*piece));
    text.remove_prefix(end + 1);
  }
  if (!pattern.has(Token::year) || !pattern.has(Token::case_serial)) {
    return fail(ErrorCode::invalid_param, "A number pattern needs {year} and {case}.");
  }
  auto const document = std::ranges::find(pattern.pieces_, Token::document, &Piece::token);
  pattern.counts_documents_ = document != pattern.pieces_.end();
  auto last = document;
  // What joins case and document belongs to the document: `-` in `KS 2026/00123-4`.
  while (pattern.counts_documents_ && last != pattern.pieces_.begin() &&
         std::prev(last)->token == Token::literal)
    --last;
  pattern.case_pieces_ = static_cast<std::size_t>(last - pattern.pieces_.begin());
  if (pattern.counts_documents_ && std::next(document) != pattern.pieces_.end()) {
    return fail(ErrorCode::invalid_param, "{doc} ends a number pattern.");
  }
  return pattern;
}

NumberPattern NumberPattern::standard() { return *parse("{code} {year}/{case:5}-{doc}"); }

bool NumberPattern::has(Token token) const { return contains(pieces_, token, &Piece::token); }

std::string NumberPattern::write(std::span<Piece const> pieces, NumberParts const& parts) {
  std::string out;
  for (auto const& piece : pieces) {
    switch (piece.token) {
      case Token::literal:
        out += piece.literal;
        break;
      case Token::code:
        out += parts.code;
        break;
      case Token::year:
        out += fmt::format("{:04}", parts.year);
        break;
      case Token::case_serial:
        out += fmt::format("{:0{}}", parts.case_serial, piece.width);
        break;
      case Token::document:
        out += fmt::format("{:0{}}", parts.document, piece.width);
        break;
      case Token::classification:
        out += parts.classification;
        break;
    }
  }
  return out;
}

std::string NumberPattern::case_number(NumberParts const& parts) const {
  return write(std::span(pieces_).first(case_pieces_), parts);
}

std::string NumberPattern::record_number(NumberParts const& parts) const { return write(pieces_, parts); }

std::string NumberPattern::record_number(std::string_view case_number, std::int64_t document) const {
  NumberParts parts;
  parts.document = document;
  return std::string(case_number) + write(std::span(pieces_).subspan(case_pieces_), parts);
}

}  // namespace torg::records
