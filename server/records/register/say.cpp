#include "records/register/say.hpp"

#include <array>
#include <charconv>
#include <functional>

namespace torg::records {
namespace {

constexpr std::array<std::string_view, 20> kSmallSv{
    "noll", "ett",  "två",  "tre",     "fyra",    "fem",    "sex",    "sju",     "åtta",  "nio",
    "tio",  "elva", "tolv", "tretton", "fjorton", "femton", "sexton", "sjutton", "arton", "nitton"};
constexpr std::array<std::string_view, 10> kTensSv{"",       "",       "tjugo",   "trettio", "fyrtio",
                                                   "femtio", "sextio", "sjuttio", "åttio",   "nittio"};
constexpr std::array<std::string_view, 20> kSmallEn{
    "zero",     "one",     "two",     "three",     "four",     "five",    "six",
    "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",  "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
constexpr std::array<std::string_view, 10> kTensEn{"",      "",      "twenty",  "thirty", "forty",
                                                   "fifty", "sixty", "seventy", "eighty", "ninety"};
constexpr std::int64_t kTooLarge = 1'000'000;

std::string below_hundred_sv(std::int64_t n) {
  if (n < 20) return std::string(kSmallSv[static_cast<std::size_t>(n)]);
  auto text = std::string(kTensSv[static_cast<std::size_t>(n / 10)]);
  if (n % 10 != 0) text += kSmallSv[static_cast<std::size_t>(n % 10)];
  return text;
}

std::string below_hundred_en(std::int64_t n) {
  if (n < 20) return std::string(kSmallEn[static_cast<std::size_t>(n)]);
  auto text = std::string(kTensEn[static_cast<std::size_t>(n / 10)]);
  if (n % 10 != 0) text += "-" + std::string(kSmallEn[static_cast<std::size_t>(n % 10)]);
  return text;
}

/// 2026 is said in hundreds: tjugohundratjugosex; so is 1999: nittonhundranittionio.
std::string year_sv(int year) {
  auto text = below_hundred_sv(year / 100) + "hundra";
  if (year % 100 != 0) text += below_hundred_sv(year % 100);
  return text;
}

/// 2026 is twenty twenty-six, 2005 twenty oh five, 2000 two thousand.
std::string year_en(int year) {
  if (year % 1000 == 0) return in_words_en(year);
  auto const rest = year % 100;
  auto const century = below_hundred_en(year / 100);
  if (rest == 0) return century + " hundred";
  return century + (rest < 10 ? " oh " : " ") + below_hundred_en(rest);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

/// Joins what is said: a year follows the code without a pause, all else after a comma.
class Sentence {
 public:
  void add(std::string_view text, std::string_view join) {
    if (!text_.empty()) text_ += join;
    text_ += text;
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

using Words = std::function<std::string(std::int64_t)>;

/// Walks over the groups of capitals and digits; everything between is a pause.
std::string say_in(std::string_view number, int year, std::string_view year_words, Words const& words) {
  Sentence sentence;
  while (!number.empty()) {
    if (is_capital(number.front())) {
      sentence.add(number.substr(0, 1), " ");
      number.remove_prefix(1);
    } else if (is_digit(number.front())) {
      std::int64_t value = 0;
      auto const [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
      if (error != std::errc{}) break;  // more digits than any number of ours has
      if (value == year)
        sentence.add(year_words, " ");
      else
        sentence.add(words(value), ", ");
      number.remove_prefix(static_cast<std::size_t>(end - number.data()));
    } else {
      number.remove_prefix(1);
    }
  }
  return sentence.take();
}

/// The number without its document, which is said by name.
std::string_view without_document(std::string_view number, std::int64_t document) {
  if (document == 0) return number;
  while (!number.empty() && is_digit(number.back())) number.remove_suffix(1);
  return number;
}

}  // namespace

std::string in_words_sv(std::int64_t number) {
  if (number < 0 || number >= kTooLarge) return std::to_string(number);
  std::string text;
  if (number >= 1000) {
    text = in_words_sv(number / 1000);
    if (text.ends_with("tt")) text.pop_back();  // three of the same letter are written as two: ettusen
    text += "tusen";
  }
  auto const rest = number % 1000;
  if (rest >= 100) text += std::string(kSmallSv[static_cast<std::size_t>(rest / 100)]) + "hundra";
  if (rest % 100 != 0 || text.empty()) text += below_hundred_sv(rest % 100);
  return text;
}

std::string in_words_en(std::int64_t number) {
  if (number < 0 || number >= kTooLarge) return std::to_string(number);
  Sentence sentence;
  if (number >= 1000) sentence.add(in_words_en(number / 1000) + " thousand", " ");
  auto const rest = number % 1000;
  if (rest >= 100)
    sentence.add(std::string(kSmallEn[static_cast<std::size_t>(rest / 100)]) + " hundred", " ");
  if (rest % 100 != 0) sentence.add(below_hundred_en(rest % 100), " and ");
  auto text = sentence.take();
  return text.empty() ? "zero" : text;
}

Bilingual say(std::string_view number, int year, std::int64_t document) {
  auto const rest = without_document(number, document);
  Bilingual said{say_in(rest, year, year_sv(year), in_words_sv),
                 say_in(rest, year, year_en(year), in_words_en)};
  if (document == 0) return said;
  said.sv += ", handling " + in_words_sv(document);
  said.en += ", document " + in_words_en(document);
  return said;
}

}  // namespace torg::records
