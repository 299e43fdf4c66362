#include "records/rules/personal_numbers.hpp"

#include "records/rules/text.hpp"

#include <algorithm>
#include <array>

// A text is cut into runs of digit groups with what stands between them; each run is read from the left:
// phone numbers by their grouping first, then the forms a personal or organisation number can have.

namespace torg::records {
namespace {

using namespace std::chrono;

struct Group {
  std::size_t begin = 0, end = 0;  // in the plain text
  std::string_view before;         // what separates it from the group before; empty at a run's start
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Luhn over ten digits, weights 2, 1, 2, 1 …
bool luhn(std::string_view ten) {
  int sum = 0;
  for (std::size_t i = 0; i < ten.size(); ++i) {
    int const product = (ten[i] - '0') * (i % 2 == 0 ? 2 : 1);
    sum += product / 10 + product % 10;
  }
  return ten.size() == 10 && sum % 10 == 0;
}

int number(std::string_view digits) {
  int value = 0;
  for (char const c : digits) value = value * 10 + (c - '0');
  return value;
}

/// The century of a two-digit year: the latest that is not in the future, one earlier with a plus sign.
int full_year(int two_digits, char separator, Day as_of) {
  int const now = int(year_month_day{as_of}.year());
  int const year = now - now % 100 + two_digits - (two_digits > now % 100 ? 100 : 0);
  return separator == '+' ? year - 100 : year;
}

/// Reads year, month, day and four digits; none unless the date exists, is past, and the check digit is
/// right.
std::optional<FoundNumber> read_birth_number(int year_number, std::string_view rest, Day as_of) {
  int const day_number = number(rest.substr(2, 2));
  bool const coordination = day_number > 60;
  year_month_day const date{year{year_number}, month(static_cast<unsigned>(number(rest.substr(0, 2)))),
                            day(static_cast<unsigned>(coordination ? day_number - 60 : day_number))};
  if (!date.ok() || sys_days{date} > as_of) return std::nullopt;
  std::string twelve = std::to_string(year_number) + std::string(rest);
  if (!luhn(std::string_view(twelve).substr(2))) return std::nullopt;
  auto const kind = coordination ? NumberKind::coordination : NumberKind::personal;
  return FoundNumber{kind, Confidence::high, 0, 0, std::move(twelve)};
}

std::optional<FoundNumber> read_organisation(std::string_view ten) {
  if (ten[0] == '0' || ten[2] < '2' || !luhn(ten)) return std::nullopt;
  return FoundNumber{NumberKind::organisation, Confidence::high, 0, 0, std::string(ten)};
}

std::optional<FoundNumber> read_ten(std::string_view ten, char separator, Day as_of) {
  if (auto person =
          read_birth_number(full_year(number(ten.substr(0, 2)), separator, as_of), ten.substr(2), as_of)) {
    return person;
  }
  return read_organisation(ten);
}

std::optional<FoundNumber> read_twelve(std::string_view twelve, Day as_of) {
  if (twelve.starts_with("16")) return read_organisation(twelve.substr(2));
  return read_birth_number(number(twelve.substr(0, 4)), twelve.substr(4), as_of);
}

/// What stands between date and serial: `-`, `+`, with or without spaces, or one space.
bool joins_birth_number(std::string_view between) {
  return between == "-" || between == "+" || between == " - " || between == " + " || between == " ";
}

bool is_hyphenated(std::string_view between) { return between.find_first_of("-+") != std::string_view::npos; }

constexpr std::array kCallingWords{"ring",        "ringer", "tel",  "tel.",  "telefon", "tfn",  "mobil",
                                   "mobilnummer", "sms",    "call", "phone", "mobile",  "växel"};
constexpr std::array kPersonWords{"personnummer", "personnr", "pnr",      "samordningsnummer",
                                  "född",         "personal", "id-nummer"};

class Finder {
 public:
  Finder(std::string_view text, Day as_of) : source_(text), text_(make_plain(text)), as_of_(as_of) {}

  std::vector<FoundNumber> find() {
    for (std::size_t at = 0; at < plain().size();) {
      if (!is_digit(plain()[at])) {
        ++at;
        continue;
      }
      auto const run = read_run(at);
      for (std::size_t i = 0; i < run.size();) i += take(run, i);
      at = run.back().end;
    }
    return std::move(found_);
  }

 private:
  std::string_view plain() const { return text_.plain; }
  std::string_view digits(Group const& group) const {
    return plain().substr(group.begin, group.end - group.begin);
  }

  std::vector<Group> read_run(std::size_t at) const {
    std::vector<Group> run;
    std::size_t gap = at;
    while (true) {
      std::size_t end = at;
      while (end < plain().size() && is_digit(plain()[end])) ++end;
      run.push_back({at, end, plain().substr(gap, at - gap)});
      gap = end;
      at = plain().find_first_not_of(" -+", gap);
      bool const goes_on = at != std::string_view::npos && at > gap && at - gap <= 3 && is_digit(plain()[at]);
      if (!goes_on) return run;
    }
  }

  /// @return how many groups were used up, at least one
  std::size_t take(std::vector<Group> const& run, std::size_t i) {
    if (auto const used = take_phone(run, i)) return used;
    bool const joined_before = is_hyphenated(run[i].before);
    if (!joined_before) {
      if (auto const used = take_in_two(run, i)) return used;
      if (auto const used = take_in_one(run, i)) return used;
    }
    return 1;
  }

  /// `+46…`, and groups of two or three after a short one that begins with 0.
  std::size_t take_phone(std::vector<Group> const& run, std::size_t i) {
    auto const first = digits(run[i]);
    bool const country_code = run[i].begin > 0 && plain()[run[i].begin - 1] == '+' && first.starts_with("46");
    bool const area_code = first[0] == '0' && first.size() >= 2 && first.size() <= 4;
    if (!country_code && !area_code) return 0;
    std::size_t count = first.size(), j = i + 1;
    while (j < run.size() && count < 10 && run[j].before.size() == 1 && run[j].end - run[j].begin <= 3 &&
           run[j].end - run[j].begin >= 2) {
      count += run[j].end - run[j].begin;
      ++j;
    }
    if (count < 8 || count > 11) return 0;
    add({NumberKind::phone, Confidence::high, 0, 0, {}}, run[i].begin, run[j - 1].end);
    return j - i;
  }

  /// Six or eight digits, a separator, four digits; or letters instead of these.
  std::size_t take_in_two(std::vector<Group> const& run, std::size_t i) {
    auto const date = digits(run[i]);
    if (date.size() != 6 && date.size() != 8) return 0;
    if (i + 1 == run.size()) return take_reserve(run[i]);
    auto const serial = digits(run[i + 1]);
    auto const between = run[i + 1].before;
    bool const joined_after = i + 2 < run.size() && is_hyphenated(run[i + 2].before);
    if (serial.size() != 4 || !joins_birth_number(between) || joined_after) return 0;
    auto const whole = std::string(date) + std::string(serial);
    char const separator = between.find('+') != std::string_view::npos ? '+' : '-';
    auto found = whole.size() == 10 ? read_ten(whole, separator, as_of_) : read_twelve(whole, as_of_);
    if (!found) return 2;
    if (between == " ") found->confidence = Confidence::medium;
    add(std::move(*found), run[i].begin, run[i + 1].end);
    return 2;
  }

  std::size_t take_reserve(Group const& group) {
    auto const rest = plain().substr(group.end);
    auto const letter = [](char c) { return c >= 'a' && c <= 'z'; };
    if (digits(group).size() != 8 || rest.size() < 5 || rest[0] != '-' || !letter(rest[1])) return 0;
    auto const date = digits(group);
    year_month_day const day{year{number(date.substr(0, 4))},
                             month(static_cast<unsigned>(number(date.substr(4, 2)))),
                             std::chrono::day(static_cast<unsigned>(number(date.substr(6, 2))))};
    if (!day.ok()) return 0;
    add({NumberKind::reserve, Confidence::medium, 0, 0, {}}, group.begin, group.end + 5);
    return 1;
  }

  /// Ten or twelve digits in a row, also in the form of a VAT number: `SE`, ten digits, `01`.
  std::size_t take_in_one(std::vector<Group> const& run, std::size_t i) {
    if (i + 1 < run.size() && is_hyphenated(run[i + 1].before)) return 0;
    auto const all = digits(run[i]);
    bool const vat = run[i].begin >= 2 && plain().substr(run[i].begin - 2, 2) == "se" && all.size() == 12;
    if (vat && all.ends_with("01")) return add_if(read_ten(all.substr(0, 10), '-', as_of_), run[i]);
    if (all.size() == 12) return add_if(read_twelve(all, as_of_), run[i]);
    if (all.size() != 10) return 0;
    auto found = read_ten(all, '-', as_of_);
    bool const like_phone = all[0] == '0' && all[1] != '0';
    if (like_phone)
      found = phone_or(std::move(found), run[i]);
    else if (found)
      found->confidence = preceded_by(run[i], kPersonWords) ? Confidence::high : Confidence::medium;
    return add_if(std::move(found), run[i]);
  }

  FoundNumber phone_or(std::optional<FoundNumber> person, Group const& group) const {
    FoundNumber const phone{NumberKind::phone, Confidence::medium, 0, 0, {}};
    if (!person || preceded_by(group, kCallingWords)) return phone;
    if (preceded_by(group, kPersonWords)) {
      person->confidence = Confidence::medium;
      return std::move(*person);
    }
    return {NumberKind::ambiguous, Confidence::low, 0, 0, std::move(person->normalised)};
  }

  template <class Words>
  bool preceded_by(Group const& group, Words const& words) const {
    auto before = plain().substr(0, group.begin);
    while (!before.empty() && (before.back() == ' ' || before.back() == ':')) before.remove_suffix(1);
    auto const space = before.find_last_of(" \n\t(");
    auto const word = space == std::string_view::npos ? before : before.substr(space + 1);
    return std::ranges::find(words, word) != words.end();
  }

  std::size_t add_if(std::optional<FoundNumber> found, Group const& group) {
    if (!found) return 0;
    add(std::move(*found), group.begin, group.end);
    return 1;
  }

  void add(FoundNumber found, std::size_t begin, std::size_t end) {
    bool const typographic = text_.was_typographic[begin];
    if (typographic) found.confidence = std::min(found.confidence, Confidence::medium);
    found.position = text_.origin[begin];
    found.length = (end < text_.origin.size() ? text_.origin[end] : source_.size()) - found.position;
    found_.push_back(std::move(found));
  }

  std::string_view source_;
  PlainText text_;
  Day as_of_;
  std::vector<FoundNumber> found_;
};

}  // namespace

std::vector<FoundNumber> find_numbers(std::string_view text, Day as_of) { return Finder(text, as_of).find(); }

bool is_personal(FoundNumber const& found) {
  return found.kind == NumberKind::personal || found.kind == NumberKind::coordination ||
         found.kind == NumberKind::ambiguous || found.kind == NumberKind::reserve;
}

}  // namespace torg::records
