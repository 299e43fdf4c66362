#include "records/text/dates.hpp"

#include <array>

#include <fmt/format.h>

namespace torg::records {
namespace {

using Names = std::array<std::string_view, 12>;
constexpr Names kMonthsSv{"januari", "februari", "mars",      "april",   "maj",      "juni",
                          "juli",    "augusti",  "september", "oktober", "november", "december"};
constexpr Names kMonthsEn{"January", "February", "March",     "April",   "May",      "June",
                          "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> kDaysSv{"söndag",  "måndag", "tisdag", "onsdag",
                                                  "torsdag", "fredag", "lördag"};
constexpr std::array<std::string_view, 7> kDaysEn{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                  "Thursday", "Friday", "Saturday"};

bool english(std::string_view language) { return language == "en"; }

std::string day_and_month(std::chrono::year_month_day date, std::string_view language) {
  auto const month = static_cast<unsigned>(date.month()) - 1;
  return fmt::format("{} {}", static_cast<unsigned>(date.day()),
                     english(language) ? kMonthsEn[month] : kMonthsSv[month]);
}

}  // namespace

std::string long_day(Day day, std::string_view language) {
  std::chrono::year_month_day const date(day);
  return fmt::format("{} {}", day_and_month(date, language), static_cast<int>(date.year()));
}

std::string long_time(Instant instant, std::string_view language) {
  auto const minutes = governance::local_time_of_day(instant).count();
  auto const pattern = english(language) ? "{} at {:02}:{:02}" : "{} kl. {:02}.{:02}";
  return fmt::format(fmt::runtime(pattern), long_day(governance::day_of(instant), language), minutes / 60,
                     minutes % 60);
}

std::string near_day(Day day, Day today, std::string_view language) {
  if (day == today) return english(language) ? "Today" : "I dag";
  if (day == today - std::chrono::days(1)) return english(language) ? "Yesterday" : "I går";
  return long_day(day, language);
}

std::string week_day(Day day, std::string_view language) {
  auto const index = std::chrono::weekday(day).c_encoding();
  return fmt::format("{} {}", english(language) ? kDaysEn[index] : kDaysSv[index],
                     day_and_month(std::chrono::year_month_day(day), language));
}

}  // namespace torg::records
