#include "records/register/number_pattern.hpp"

#include "records/register/contains.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

namespace torg::records {
namespace {

constexpr int kMaxWidth = 9;
constexpr std::size_t kMaxPattern = 60;
constexpr std::size_t kMaxDigits = 18;
constexpr std::size_t kYearDigits = 4;

using Token = NumberPattern::Token;
using Piece = NumberPattern::Piece;

constexpr std::array<std::pair<std::string_view, Token>, 6> kTokens{{{"code", Token::code},
                                                                     {"year", Token::year},
                                                                     {"case", Token::case_serial},
                                                                     {"serial", Token::case_serial},
                                                                     {"doc", Token::document},
                                                                     {"class", Token::classification}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_number(Token token) {
  return token == Token::year || token == Token::case_serial || token == Token::document;
}
bool is_padded(Token token) { return token == Token::case_serial || token == Token::document; }

/// Letters of ASCII and Latin-1, digits and the signs that numbers are written with.
bool is_allowed(std::string_view literal) {
  for (std::size_t n = 0; n < literal.size(); ++n) {
    auto const c = static_cast<unsigned char>(literal[n]);
    if (c == 0xC3 && n + 1 < literal.size() && static_cast<unsigned char>(literal[n + 1]) >= 0x80)
      ++n;
    else if (c < 0x20 || c >= 0x7F)
      return false;
  }
  return true;
}

std::unexpected<Bilingual> problem(std::string sv, std::string en) {
  return std::unexpected(Bilingual{std::move(sv), std::move(en)});
}

/// Takes the digits at the front of `text`.
std::optional<std::int64_t> take_number(std::string_view& text, std::size_t least, std::size_t most) {
  std::size_t size = 0;
  while (size < text.size() && is_digit(text[size])) ++size;
  if (size < least || size > most) return std::nullopt;
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + size, number);
  text.remove_prefix(size);
  return number;
}

}  // namespace

std::expected<Piece, Bilingual> NumberPattern::parse_token(std::string_view text) {
  auto const colon = text.find(':');
  auto const name = text.substr(0, colon);
  auto const known = std::ranges::find(kTokens, name, &std::pair<std::string_view, Token>::first);
  if (known == kTokens.end())
    return problem(fmt::format("{{{}}} är inget som ett nummer kan innehålla.", name),
                   fmt::format("{{{}}} is nothing that a number can hold.", name));
  Piece piece{known->second, {}, 0};
  if (colon == std::string_view::npos) return piece;
  auto const digits = text.substr(colon + 1);
  auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), piece.width);
  bool const read = error == std::errc{} && end == digits.data() + digits.size();
  if (!read || piece.width < 1 || piece.width > kMaxWidth || !is_padded(piece.token))
    return problem("En bredd är ett tal från 1 till 9, efter {case: eller {doc:.",
                   "A width is a number from 1 to 9, after {case: or {doc:.");
  return piece;
}

std::expected<std::vector<Piece>, Bilingual> NumberPattern::parse_pieces(std::string_view text) {
  std::vector<Piece> pieces;
  while (!text.empty()) {
    if (text.front() != '{') {
      auto const literal = text.substr(0, text.find('{'));
      if (!is_allowed(literal) || literal.contains('}'))
        return problem("Mönstret innehåller ett tecken som inte kan stå i ett nummer.",
                       "The pattern has a character that can't stand in a number.");
      pieces.push_back({Token::literal, std::string(literal), 0});
      text.remove_prefix(literal.size());
      continue;
    }
    auto const end = text.find('}');
    if (end == std::string_view::npos)
      return problem("En { i mönstret stängs aldrig.", "A { in the pattern is never closed.");
    auto piece = parse_token(text.substr(1, end - 1));
    if (!piece) return std::unexpected(std::move(piece.error()));
    pieces.push_back(std::move(*piece));
    text.remove_prefix(end + 1);
  }
  return pieces;
}

std::optional<Bilingual> NumberPattern::ambiguity() const {
  for (auto const& [name, token] : kTokens) {
    if (token != Token::literal && std::ranges::count(pieces_, token, &Piece::token) > 1)
      return Bilingual{fmt::format("{{{}}} står två gånger.", name),
                       fmt::format("{{{}}} stands twice.", name)};
  }
  if (!contains(pieces_, Token::year, &Piece::token) || !contains(pieces_, Token::case_serial, &Piece::token))
    return Bilingual{"Mönstret saknar {year} eller {case}: samma nummer skulle komma igen.",
                     "The pattern lacks {year} or {case}: the same number would come again."};
  for (std::size_t n = 1; n < pieces_.size(); ++n) {
    auto const &before = pieces_[n - 1], &after = pieces_[n];
    bool const both = before.token != Token::literal && after.token != Token::literal;
    if (both)
      return Bilingual{
          "Två delar står intill varandra utan skiljetecken: 1 och 23 kan inte skiljas från 12 och 3.",
          "Two parts stand side by side without a separator: 1 and 23 can't be told from 12 and 3."};
    bool const touching =
        (is_number(before.token) && is_digit(after.literal.empty() ? 'x' : after.literal.front())) ||
        (is_number(after.token) && is_digit(before.literal.empty() ? 'x' : before.literal.back()));
    if (touching)
      return Bilingual{"En siffra i mönstret står intill ett tal: de kan inte skiljas åt.",
                       "A digit of the pattern stands right beside a number: they can't be told apart."};
  }
  return std::nullopt;
}

std::optional<Bilingual> NumberPattern::split() {
  auto const document = std::ranges::find(pieces_, Token::document, &Piece::token);
  counts_documents_ = document != pieces_.end();
  auto last = document;
  // What joins case and document belongs to the document: `-` in `KS 2026/00123-4`.
  while (counts_documents_ && last != pieces_.begin() && std::prev(last)->token == Token::literal) --last;
  case_pieces_ = static_cast<std::size_t>(last - pieces_.begin());
  auto const in_case = case_pieces();
  if (counts_documents_ && std::next(document) != pieces_.end())
    return Bilingual{"{doc} står sist i ett mönster.", "{doc} ends a pattern."};
  if (!contains(in_case, Token::year, &Piece::token) || !contains(in_case, Token::case_serial, &Piece::token))
    return Bilingual{"{year} och {case} står före {doc}.", "{year} and {case} stand before {doc}."};
  return std::nullopt;
}

std::expected<NumberPattern, Bilingual> NumberPattern::check(std::string_view text) {
  if (text.size() > kMaxPattern)
    return problem("Mönstret är längre än 60 tecken.", "The pattern is longer than 60 characters.");
  auto pieces = parse_pieces(text);
  if (!pieces) return std::unexpected(std::move(pieces.error()));
  NumberPattern pattern;
  pattern.text_ = text;
  pattern.pieces_ = std::move(*pieces);
  if (auto found = pattern.ambiguity()) return std::unexpected(std::move(*found));
  if (auto found = pattern.split()) return std::unexpected(std::move(*found));
  return pattern;
}

Result<NumberPattern> NumberPattern::parse(std::string_view text) {
  auto checked = check(text);
  if (!checked) return fail(ErrorCode::invalid_param, checked.error().en);
  return std::move(*checked);
}

NumberPattern NumberPattern::standard() { return *parse("{code} {year}/{case:5}-{doc}"); }

bool NumberPattern::same_but_widths(NumberPattern const& other) const {
  return std::ranges::equal(pieces_, other.pieces_, [](Piece const& a, Piece const& b) {
    return a.token == b.token && a.literal == b.literal;
  });
}

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

std::string NumberPattern::case_number(NumberParts const& parts) const { return write(case_pieces(), parts); }

std::string NumberPattern::record_number(NumberParts const& parts) const { return write(pieces_, parts); }

std::string NumberPattern::record_number(std::string_view case_number, std::int64_t document) const {
  NumberParts parts;
  parts.document = document;
  return std::string(case_number) + write(std::span(pieces_).subspan(case_pieces_), parts);
}

/// Left to right; a class may be anything, so what follows it is tried at every place.
std::optional<NumberParts> NumberPattern::read(std::span<Piece const> pieces, std::string_view number,
                                               std::string_view code) {
  if (pieces.empty()) return number.empty() ? std::optional(NumberParts{}) : std::nullopt;
  auto const& piece = pieces.front();
  if (piece.token == Token::classification) {
    for (std::size_t size = 0; size <= number.size(); ++size) {
      auto parts = read(pieces.subspan(1), number.substr(size), code);
      if (!parts) continue;
      parts->classification = number.substr(0, size);
      return parts;
    }
    return std::nullopt;
  }
  std::optional<std::int64_t> value;
  if (is_number(piece.token)) {
    auto const year = piece.token == Token::year;
    value = take_number(number,
                        year ? kYearDigits : std::max<std::size_t>(1, static_cast<std::size_t>(piece.width)),
                        year ? kYearDigits : kMaxDigits);
    if (!value) return std::nullopt;
  } else {
    auto const text = piece.token == Token::code ? code : std::string_view(piece.literal);
    if (!number.starts_with(text)) return std::nullopt;
    number.remove_prefix(text.size());
  }
  auto parts = read(pieces.subspan(1), number, code);
  if (!parts) return std::nullopt;
  if (piece.token == Token::code) parts->code = code;
  if (piece.token == Token::year) parts->year = static_cast<int>(*value);
  if (piece.token == Token::case_serial) parts->case_serial = *value;
  if (piece.token == Token::document) parts->document = *value;
  return parts;
}

std::optional<NumberParts> NumberPattern::read_case(std::string_view number, std::string_view code) const {
  return read(case_pieces(), number, code);
}
std::optional<NumberParts> NumberPattern::read_record(std::string_view number, std::string_view code) const {
  return read(pieces_, number, code);
}

}  // namespace torg::records
