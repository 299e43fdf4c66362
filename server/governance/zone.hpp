#pragma once
#include "governance/types.hpp"

#include <string>

namespace torg::governance {

/// The legal day an instant falls on: days are days in the authority's zone, Europe/Stockholm.
/// @throws std::runtime_error when the system has no time-zone data
[[nodiscard]] Day day_of(Instant instant);
/// Minutes after local midnight.
[[nodiscard]] std::chrono::minutes local_time_of_day(Instant instant);
/// The first instant of a local day.
[[nodiscard]] Instant start_of(Day day);
/// 23:59:00 on a local day: where a clock of R23 ends.
[[nodiscard]] Instant end_of(Day day);

/// `2026-11-24`
[[nodiscard]] std::string to_text(Day day);
/// None unless `text` is an existing day in that form.
[[nodiscard]] std::optional<Day> parse_day(std::string_view text);

}  // namespace torg::governance
