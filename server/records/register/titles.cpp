#include "records/register/titles.hpp"

#include "records/register/contains.hpp"

#include <algorithm>
#include <array>

namespace torg::records {
namespace {

constexpr std::size_t kMaxTitle = 100;  // bytes; a title is a line, not a paragraph

/// Words that begin with a capital without naming a person, folded.
constexpr std::array<std::string_view, 26> kNoNames{
    "kommun",        "kommunen", "kommuns",  "kommunstyrelsen",
    "länsstyrelsen", "region",   "regionen", "nämnden",
    "stad",          "ab",       "hb",       "bygg",
    "förening",      "gatan",    "vägen",    "torget",
    "skolan",        "polisen",  "norr",     "söder",
    "öster",         "väster",   "norra",    "södra",
    "östra",         "västra"};
constexpr std::array<std::string_view, 10> kNoNameEndings{
    "gatan", "vägen", "torget", "skolan", "nämnden", "styrelsen", "verket", "kommun", "ån", "sjön"};
/// What ties a name to the words before it; it goes with the name.
constexpr std::array<std::string_view, 7> kTies{"från", "av", "till", "för", "from", "by", "to"};
constexpr std::array<std::string_view, 8> kReplyMarks{
    "sv:", "re:", "vb:", "fw:", "fwd:", "aw:", "svar:", "ang:"};

struct Word {
  std::string_view text;         ///< without punctuation around it
  std::size_t from = 0, to = 0;  ///< bytes in the title
};

bool is_separator(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_punctuation(char c) { return std::string_view(",.:;!?()\"'").contains(c); }

std::vector<Word> words_of(std::string_view title) {
  std::vector<Word> words;
  for (std::size_t at = 0; at < title.size();) {
    while (at < title.size() && is_separator(title[at])) ++at;
    auto from = at;
    while (at < title.size() && !is_separator(title[at])) ++at;
    auto to = at;
    while (from < to && is_punctuation(title[from])) ++from;
    while (from < to && is_punctuation(title[to - 1])) --to;
    if (from < to) words.push_back({title.substr(from, to - from), from, to});
  }
  return words;
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

bool starts_with_capital(std::string_view word) {
  if (word.empty()) return false;
  if (word[0] >= 'A' && word[0] <= 'Z') return true;
  // À to Þ: 0xC3 and 0x80 to 0x9E, but for the multiplication sign.
  return word.size() > 1 && static_cast<unsigned char>(word[0]) == 0xC3 &&
         static_cast<unsigned char>(word[1]) >= 0x80 && static_cast<unsigned char>(word[1]) <= 0x9E &&
         static_cast<unsigned char>(word[1]) != 0x97;
}

bool all_capitals(std::string_view word) {
  return std::ranges::all_of(word, [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool may_be_name(std::string_view word) {
  if (!starts_with_capital(word) || all_capitals(word)) return false;
  if (std::ranges::any_of(word, [](char c) { return c >= '0' && c <= '9'; })) return false;
  auto const lower = folded(word);
  return !contains(kNoNames, lower) &&
         std::ranges::none_of(kNoNameEndings, [&](auto ending) { return lower.ends_with(ending); });
}

std::vector<std::string> known_words(std::vector<std::string> const& known_names) {
  std::vector<std::string> words;
  for (auto const& name : known_names) {
    for (auto const& word : words_of(name)) {
      if (starts_with_capital(word.text)) words.push_back(folded(word.text));
    }
  }
  return words;
}

/// A run of words, by their places.
struct Run {
  std::size_t first = 0, count = 0;
};

bool is_known(std::string_view word, std::vector<std::string> const& known) {
  auto lower = folded(word);
  if (contains(known, lower)) return true;
  return lower.size() > 2 && lower.back() == 's' && contains(known, lower.substr(0, lower.size() - 1));
}

std::vector<Run> name_runs(std::vector<Word> const& words, std::vector<std::string> const& known) {
  std::vector<Run> runs;
  for (std::size_t at = 0; at < words.size();) {
    auto end = at;
    auto any_known = false;
    while (end < words.size() && (may_be_name(words[end].text) || is_known(words[end].text, known))) {
      any_known = any_known || is_known(words[end].text, known);
      ++end;
    }
    // A sentence begins with a capital anyway: its first word is no evidence.
    auto const first =
        at == 0 && !(end > 0 && is_known(words[0].text, known)) ? std::min<std::size_t>(1, end) : at;
    if (end - first >= 2 || (any_known && end > first)) runs.push_back({first, end - first});
    at = std::max(end, at + 1);
  }
  return runs;
}

int utf16_length(std::string_view text) {
  auto length = 0;
  for (auto const c : text) {
    if (!is_continuation(c)) length += static_cast<unsigned char>(c) >= 0xF0 ? 2 : 1;
  }
  return length;
}

std::string one_line(std::string_view text) {
  std::string line;
  for (auto const byte : text) {
    auto const c = is_separator(byte) ? ' ' : byte;
    if (c == ' ' && (line.empty() || line.back() == ' ')) continue;
    line += c;
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

std::string cut_at_word(std::string text) {
  if (text.size() <= kMaxTitle) return text;
  auto end = text.rfind(' ', kMaxTitle);
  if (end == std::string::npos || end < kMaxTitle / 2) {
    end = kMaxTitle;
    while (end > 0 && is_continuation(text[end])) --end;
  }
  text.resize(end);
  return text + "…";
}

void capitalise(std::string& text) {
  if (text.empty()) return;
  if (text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  auto const second = text.size() > 1 ? static_cast<unsigned char>(text[1]) : 0;
  if (static_cast<unsigned char>(text[0]) == 0xC3 && second >= 0xA0 && second <= 0xBE && second != 0xB7) {
    text[1] = static_cast<char>(second - 0x20);
  }
}

std::string_view first_sentence(std::string_view line) {
  for (std::size_t at = 0; at + 1 < line.size(); ++at) {
    if (std::string_view(".!?").contains(line[at]) && line[at + 1] == ' ' && at >= 3)
      return line.substr(0, at);
  }
  while (!line.empty() && std::string_view(".!").contains(line.back())) line.remove_suffix(1);
  return line;
}

}  // namespace

std::string folded(std::string_view text) {
  std::string lower(text);
  for (std::size_t at = 0; at < lower.size(); ++at) {
    if (lower[at] >= 'A' && lower[at] <= 'Z') lower[at] = static_cast<char>(lower[at] - 'A' + 'a');
    auto const next = at + 1 < lower.size() ? static_cast<unsigned char>(lower[at + 1]) : 0;
    if (static_cast<unsigned char>(lower[at]) == 0xC3 && next >= 0x80 && next <= 0x9E && next != 0x97) {
      lower[at + 1] = static_cast<char>(next + 0x20);
    }
  }
  return lower;
}

std::vector<NameSpan> names_in(std::string_view title, std::vector<std::string> const& known_names) {
  auto const words = words_of(title);
  std::vector<NameSpan> spans;
  for (auto const& run : name_runs(words, known_words(known_names))) {
    spans.push_back({utf16_length(title.substr(0, words[run.first].from)),
                     utf16_length(title.substr(0, words[run.first + run.count - 1].to))});
  }
  return spans;
}

std::optional<std::string> without_names(std::string_view title,
                                         std::vector<std::string> const& known_names) {
  auto const words = words_of(title);
  auto const runs = name_runs(words, known_words(known_names));
  if (runs.empty()) return std::nullopt;
  std::string left;
  std::size_t at = 0;
  for (auto const& run : runs) {
    auto const tied = run.first > 0 && contains(kTies, folded(words[run.first - 1].text));
    auto const from = words[tied ? run.first - 1 : run.first].from;
    left += title.substr(at, from - at);
    at = words[run.first + run.count - 1].to;
  }
  left += title.substr(at);
  left = one_line(left);
  while (!left.empty() && (is_separator(left.front()) || is_punctuation(left.front()))) left.erase(0, 1);
  while (!left.empty() && std::string_view(" ,:;-").contains(left.back())) left.pop_back();
  if (words_of(left).empty()) return std::nullopt;
  capitalise(left);
  return left;
}

std::string title_from(std::string_view text) {
  auto line = one_line(text);
  for (auto again = true; again;) {
    again = false;
    auto const lower = folded(line);
    for (auto const mark : kReplyMarks) {
      if (!lower.starts_with(mark)) continue;
      line = one_line(std::string_view(line).substr(mark.size()));
      again = true;
      break;
    }
  }
  auto title = cut_at_word(std::string(first_sentence(line)));
  capitalise(title);
  return title;
}

}  // namespace torg::records
