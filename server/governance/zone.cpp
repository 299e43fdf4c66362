#include "governance/zone.hpp"

#include <date/tz.h>
#include <sstream>

#include <fmt/format.h>

namespace torg::governance {
namespace {

date::time_zone const* zone() { return date::locate_zone("Europe/Stockholm"); }

auto local(Instant instant) { return zone()->to_local(instant); }

date::local_days local_days(Day day) { return date::local_days{day.time_since_epoch()}; }

}  // namespace

Day day_of(Instant instant) {
  return Day{std::chrono::floor<std::chrono::days>(local(instant)).time_since_epoch()};
}

std::chrono::minutes local_time_of_day(Instant instant) {
  auto const time = local(instant);
  return std::chrono::floor<std::chrono::minutes>(time - std::chrono::floor<std::chrono::days>(time));
}

Instant start_of(Day day) { return zone()->to_sys(local_days(day), date::choose::earliest); }

Instant end_of(Day day) {
  return zone()->to_sys(local_days(day) + std::chrono::hours(23) + std::chrono::minutes(59),
                        date::choose::earliest);
}

std::string to_text(Day day) {
  std::chrono::year_month_day const date{day};
  return fmt::format("{:04}-{:02}-{:02}", int(date.year()), unsigned(date.month()), unsigned(date.day()));
}

std::optional<Day> parse_day(std::string_view text) {
  if (text.size() != 10) return std::nullopt;
  std::istringstream in{std::string(text)};
  date::sys_days day;
  in >> date::parse("%F", day);
  if (in.fail() || to_text(Day{day.time_since_epoch()}) != text) return std::nullopt;
  return Day{day.time_since_epoch()};
}

}  // namespace torg::governance
