#pragma once
#include "governance/zone.hpp"

#include <string>
#include <string_view>

// Days and times as people read them, in the authority's zone: sv `24 november 2026`, `08.12`; en `24
// November 2026`, `08:12`. `language` is `sv` or `en`.
namespace torg::records {

using governance::Day;

[[nodiscard]] std::string long_day(Day day, std::string_view language);
/// `24 november 2026 kl. 08.12`, `24 November 2026 at 08:12`
[[nodiscard]] std::string long_time(Instant instant, std::string_view language);
/// `I dag`, `I går`, else the long day.
[[nodiscard]] std::string near_day(Day day, Day today, std::string_view language);

/// `fredag 27 november`, `Friday 27 November`
[[nodiscard]] std::string week_day(Day day, std::string_view language);

}  // namespace torg::records
