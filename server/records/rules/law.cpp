#include "records/rules/law.hpp"

#include "governance/zone.hpp"
#include "records/rules/working_days.hpp"

#include <algorithm>
#include <array>

namespace torg::records {
namespace {

constexpr std::array kVariants{LawVariant{},
                               // Offentlighedsloven (lov 606/2013, LBK 145/2020): § 7 stk. 3, § 23 stk. 2, §
                               // 36 stk. 2. A municipality is mostly one authority.
                               LawVariant{.law = Law::dk,
                                          .boards_are_authorities = false,
                                          .handing_out_ends_internal = true,
                                          .days_until_open = 1,
                                          .working_days_to_answer = 7,
                                          .silence = Silence::is_late,
                                          .internal_exemption = "§23",
                                          .rule = "R80"},
                               // Offentleglova §§ 14 and 32 andre ledd.
                               LawVariant{.law = Law::no,
                                          .working_days_to_answer = 5,
                                          .silence = Silence::is_refusal,
                                          .internal_exemption = "§14",
                                          .rule = "R81"}};

// Both calendars: the days on which public offices are closed by law. Store bededag ended with 2023.
constexpr std::array kDanish{Holiday{"nytaarsdag", 1, 1},         Holiday{"skaertorsdag", 0, 0, -3},
                             Holiday{"langfredag", 0, 0, -2},     Holiday{"paaskedag", 0, 0, 0},
                             Holiday{"anden_paaskedag", 0, 0, 1}, Holiday{"kristi_himmelfartsdag", 0, 0, 39},
                             Holiday{"pinsedag", 0, 0, 49},       Holiday{"anden_pinsedag", 0, 0, 50},
                             Holiday{"juledag", 12, 25},          Holiday{"anden_juledag", 12, 26}};
constexpr std::array kNorwegian{
    Holiday{"nyttaarsdag", 1, 1},        Holiday{"skjaertorsdag", 0, 0, -3},
    Holiday{"langfredag", 0, 0, -2},     Holiday{"paaskedag", 0, 0, 0},
    Holiday{"andre_paaskedag", 0, 0, 1}, Holiday{"arbeidernes_dag", 5, 1},
    Holiday{"grunnlovsdag", 5, 17},      Holiday{"kristi_himmelfartsdag", 0, 0, 39},
    Holiday{"pinsedag", 0, 0, 49},       Holiday{"andre_pinsedag", 0, 0, 50},
    Holiday{"juledag", 12, 25},          Holiday{"andre_juledag", 12, 26}};

constexpr std::array<std::string_view, 3> kNames{"se", "dk", "no"};

bool falls_on(Holiday const& holiday, Day day) {
  std::chrono::year_month_day const date{day};
  if (holiday.month == 0)
    return day == easter(int(date.year())) + std::chrono::days{holiday.days_after_easter};
  return unsigned(date.month()) == unsigned(holiday.month) && unsigned(date.day()) == unsigned(holiday.day);
}

}  // namespace

LawVariant const& variant(Law law) { return kVariants.at(static_cast<std::size_t>(law)); }

std::string_view to_text(Law law) { return kNames.at(static_cast<std::size_t>(law)); }

std::optional<Law> parse_law(std::string_view text) {
  auto const found = std::ranges::find(kNames, text);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Law>(found - kNames.begin());
}

std::span<Holiday const> holidays(Law law) {
  if (law == Law::dk) return kDanish;
  if (law == Law::no) return kNorwegian;
  return {};
}

bool is_working_day(Day day, Law law) {
  if (law == Law::se) return is_working_day(day);
  std::chrono::weekday const name{day};
  if (name == std::chrono::Saturday || name == std::chrono::Sunday) return false;
  return std::ranges::none_of(holidays(law),
                              [day](Holiday const& holiday) { return falls_on(holiday, day); });
}

Day plus_working_days(Day day, int count, Law law) {
  if (count == 0) return is_working_day(day, law) ? day : plus_working_days(day, 1, law);
  for (; count > 0; --count) {
    do day += std::chrono::days{1};
    while (!is_working_day(day, law));
  }
  return day;
}

AnswerTime answer_time(Instant at, Settings const& settings) {
  auto const arrived = governance::day_of(at);
  if (auto const days = variant(settings.law).working_days_to_answer) {
    auto const latest = plus_working_days(arrived, *days, settings.law);
    return {latest, latest};
  }
  bool const in_time =
      is_working_day(arrived, settings.law) && governance::local_time_of_day(at) < settings.closing_time;
  auto const due = in_time ? arrived : plus_working_days(arrived, 1, settings.law);
  return {due, plus_working_days(due, settings.working_days_to_answer, settings.law)};
}

}  // namespace torg::records
