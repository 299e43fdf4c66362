// Whether two patterns could ever write the same number.
//
// A pattern with its authority's code in place is a regular language: fixed characters, four digits for a
// year, digits without end for a count, anything for a class. Two of them meet when some text is in both,
// that is when the end of both can be reached together. Patterns are short (60 characters), so every pair of
// places is walked.
#include "records/register/number_pattern.hpp"
#include "records/register/titles.hpp"

#include <algorithm>
#include <vector>

namespace torg::records {
namespace {

/// One place in a pattern: what may stand here, and whether it may stand here again and again, or not at all.
struct Place {
  enum class Kind : std::uint8_t { letter, digit, any } kind = Kind::letter;
  char letter = 0;
  bool repeats = false;
};

void add_digits(std::vector<Place>& places, int count) {
  places.insert(places.end(), static_cast<std::size_t>(count), {Place::Kind::digit, 0, false});
}

std::vector<Place> places_of(std::span<NumberPattern::Piece const> pieces, std::string_view code) {
  using Token = NumberPattern::Token;
  constexpr int kYearDigits = 4;
  std::vector<Place> places;
  auto const add_text = [&](std::string_view text) {
    for (char const c : folded(text)) places.push_back({Place::Kind::letter, c, false});
  };
  for (auto const& piece : pieces) {
    switch (piece.token) {
      case Token::literal:
        add_text(piece.literal);
        break;
      case Token::code:
        add_text(code);
        break;
      case Token::year:
        add_digits(places, kYearDigits);
        break;
      case Token::case_serial:
      case Token::document:
        add_digits(places, std::max(1, piece.width));
        places.push_back({Place::Kind::digit, 0, true});
        break;
      case Token::classification:
        places.push_back({Place::Kind::any, 0, true});
        break;
    }
  }
  return places;
}

bool fits(Place const& place, char c) {
  return place.kind == Place::Kind::letter ? place.letter == c
                                           : place.kind == Place::Kind::any || (c >= '0' && c <= '9');
}

/// Whether one character can stand at both places.
bool share(Place const& a, Place const& b) {
  if (a.kind == Place::Kind::letter) return fits(b, a.letter);
  if (b.kind == Place::Kind::letter) return fits(a, b.letter);
  return true;
}

bool meet(std::vector<Place> const& a, std::vector<Place> const& b) {
  std::vector<bool> seen((a.size() + 1) * (b.size() + 1));
  std::vector<std::pair<std::size_t, std::size_t>> open;
  auto const reach = [&](std::size_t i, std::size_t j) {
    auto const at = i * (b.size() + 1) + j;
    if (!seen[at]) open.emplace_back(i, j);
    seen[at] = true;
  };
  reach(0, 0);
  while (!open.empty()) {
    auto const [i, j] = open.back();
    open.pop_back();
    if (i == a.size() && j == b.size()) return true;
    if (i < a.size() && a[i].repeats) reach(i + 1, j);
    if (j < b.size() && b[j].repeats) reach(i, j + 1);
    if (i == a.size() || j == b.size() || !share(a[i], b[j])) continue;
    reach(a[i].repeats ? i : i + 1, b[j].repeats ? j : j + 1);
  }
  return false;
}

}  // namespace

bool could_meet(PatternOf a, PatternOf b) {
  for (auto const& of_a : {a.pattern.case_pieces(), a.pattern.record_pieces()})
    for (auto const& of_b : {b.pattern.case_pieces(), b.pattern.record_pieces()})
      if (meet(places_of(of_a, a.code), places_of(of_b, b.code))) return true;
  return false;
}

}  // namespace torg::records
