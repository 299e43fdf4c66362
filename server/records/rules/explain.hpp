#pragma once
#include "records/rules/assess.hpp"

namespace torg::records {

/// Why nobody may choose `handling`, in a sentence a person reads.
[[nodiscard]] Bilingual why_refused(Handling handling, Verdict const& verdict, Stored const& stored);

/// "allmän handling, inkommen 24 november 08.41": what the law says of the item, for the lift's preview.
[[nodiscard]] Bilingual status_text(Verdict const& verdict, Instant since);

/// `24 november`, `24 November`: a day as people say it.
[[nodiscard]] Bilingual spoken_day(Day day);
/// `24 november 08.41`
[[nodiscard]] Bilingual spoken_time(Instant instant);

/// The three looks of a clock (R23); calm until the due day, late after 23:59 of it.
enum class ClockLook : std::uint8_t { none, calm, today, late };
struct Clock {
  ClockLook look = ClockLook::none;
  Bilingual text;
};
[[nodiscard]] Clock clock(std::optional<Day> due, Instant now, Settings const& settings);
[[nodiscard]] std::string_view to_text(ClockLook look);

}  // namespace torg::records
