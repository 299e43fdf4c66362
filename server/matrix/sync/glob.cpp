// The usual matching with one place to go back to: after a `*`, what follows it is tried further and further
// on. Only the newest star matters, for what an older one could skip the newest can skip too. So when
// something behind a star isn't found, it isn't found from any later start either.
#include "matrix/sync/glob.hpp"

namespace torg::matrix {
namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

/// Where the character at `at` ends.
std::size_t next_character(std::string_view text, std::size_t at) {
  do ++at;
  while (at < text.size() && is_continuation(text[at]));
  return at;
}

}  // namespace

std::string fold_case(std::string_view text) {
  std::string folded(text);
  for (std::size_t i = 0; i < folded.size(); ++i) {
    auto const byte = static_cast<unsigned char>(folded[i]);
    bool const latin = i > 0 && static_cast<unsigned char>(folded[i - 1]) == 0xC3;
    bool const capital = latin ? byte >= 0x80 && byte <= 0x9E && byte != 0x97  // but for the times sign
                               : byte >= 'A' && byte <= 'Z';
    if (capital) folded[i] = static_cast<char>(byte + 0x20);
  }
  return folded;
}

Glob::Found Glob::match_from(std::string_view text, std::size_t start, End end) const {
  auto const is_end = [&](std::size_t at) {
    return at == text.size() || (end == End::of_word && !is_word(text[at]));
  };
  constexpr auto kNone = std::string_view::npos;
  std::size_t in_pattern = 0;
  std::size_t at = start;
  std::size_t star = kNone;
  std::size_t behind_star = 0;
  for (;;) {
    if (in_pattern == pattern_.size()) {
      if (is_end(at)) return Found::yes;
    } else if (pattern_[in_pattern] == '*') {
      star = ++in_pattern;
      behind_star = at;
      continue;
    } else if (at < text.size() && pattern_[in_pattern] == '?') {
      ++in_pattern;
      at = next_character(text, at);
      continue;
    } else if (at < text.size() && pattern_[in_pattern] == text[at]) {
      ++in_pattern;
      ++at;
      continue;
    }
    if (star == kNone) return Found::no;
    if (behind_star == text.size()) return Found::not_behind_a_star;
    in_pattern = star;
    at = ++behind_star;
  }
}

bool Glob::matches(std::string_view folded) const {
  return match_from(folded, 0, End::of_text) == Found::yes;
}

bool Glob::matches_words(std::string_view folded) const {
  for (std::size_t start = 0; start <= folded.size(); ++start) {
    bool const begins = start == 0 || !is_word(folded[start - 1]);
    if (!begins) continue;
    auto const found = match_from(folded, start, End::of_word);
    if (found != Found::no) return found == Found::yes;
  }
  return false;
}

}  // namespace torg::matrix
