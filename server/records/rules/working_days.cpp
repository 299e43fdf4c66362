#include "records/rules/working_days.hpp"

#include <array>

namespace torg::records {
namespace {
using namespace std::chrono;

struct Fixed {
  month_day day;
  std::string_view id;
};
// Lag (1989:253) 1 §, and for the eves lag (1930:173) 2 §, which the Sundays and Saturdays need no row in.
constexpr std::array kFixed{Fixed{January / 1, "nyarsdagen"},     Fixed{January / 6, "trettondedag_jul"},
                            Fixed{May / 1, "forsta_maj"},         Fixed{June / 6, "nationaldagen"},
                            Fixed{December / 24, "julafton"},     Fixed{December / 25, "juldagen"},
                            Fixed{December / 26, "annandag_jul"}, Fixed{December / 31, "nyarsafton"}};

struct Movable {
  int days_after_easter;
  std::string_view id;
};
constexpr std::array kMovable{Movable{-2, "langfredagen"}, Movable{0, "paskdagen"},
                              Movable{1, "annandag_pask"}, Movable{39, "kristi_himmelsfardsdag"},
                              Movable{49, "pingstdagen"}};

Day saturday_on_or_after(Day day) { return day + (Saturday - weekday{day}); }

}  // namespace

/// Meeus, Jones and Butcher's method; J. Meeus, Astronomical Algorithms, chapter 8. The names are the
/// source's.
Day easter(int y) {
  int const a = y % 19, b = y / 100, c = y % 100;
  int const d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
  int const h = (19 * a + b - d - g + 15) % 30;
  int const i = c / 4, k = c % 4;
  int const l = (32 + 2 * e + 2 * i - h - k) % 7;
  int const m = (a + 11 * h + 22 * l) / 451;
  int const n = h + l - 7 * m + 114;
  return sys_days{year{y} / month(static_cast<unsigned>(n / 31)) /
                  std::chrono::day(static_cast<unsigned>(n % 31 + 1))};
}

std::string_view holiday(Day day) {
  year_month_day const date{day};
  for (auto const& fixed : kFixed) {
    if (fixed.day == date.month() / date.day()) return fixed.id;
  }
  auto const after_easter = (day - easter(int(date.year()))).count();
  for (auto const& movable : kMovable) {
    if (movable.days_after_easter == after_easter) return movable.id;
  }
  auto const midsummer = saturday_on_or_after(sys_days{date.year() / June / 20});
  if (day == midsummer) return "midsommardagen";
  if (day == midsummer - days{1}) return "midsommarafton";
  if (day == saturday_on_or_after(sys_days{date.year() / October / 31})) return "alla_helgons_dag";
  return {};
}

bool is_working_day(Day day) {
  weekday const name{day};
  return name != Saturday && name != Sunday && holiday(day).empty();
}

Day plus_working_days(Day day, int count) {
  if (count == 0) return is_working_day(day) ? day : plus_working_days(day, 1);
  for (; count > 0; --count) {
    do day += days{1};
    while (!is_working_day(day));
  }
  return day;
}

}  // namespace torg::records
