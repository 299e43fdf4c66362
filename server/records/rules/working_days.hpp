#pragma once
#include "records/rules/types.hpp"

namespace torg::records {

/// Easter Sunday of a Gregorian year.
[[nodiscard]] Day easter(int year);

/// Why a weekday is not a working day: the identifier of the holiday or eve in lag (1989:253) or lag
/// (1930:173); empty for every other day, Saturdays and Sundays included unless they are a named holiday.
[[nodiscard]] std::string_view holiday(Day day);

/// Monday to Friday, neither a public holiday nor Midsummer, Christmas or New Year's Eve.
[[nodiscard]] bool is_working_day(Day day);

/// The `count`th working day strictly after `day`; `day` itself when `count` is 0 and it is one, else the
/// next.
[[nodiscard]] Day plus_working_days(Day day, int count);

}  // namespace torg::records
