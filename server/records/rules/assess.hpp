#pragma once
#include "records/rules/status.hpp"

namespace torg::records {

struct Refusal {
  Handling handling;
  Bilingual why;
};

/// What the rules say can be done with an item, and what they would do.
struct Opinion {
  Verdict verdict;
  Handling handling = Handling::working;  ///< the state it starts in
  std::string_view rule;                  ///< what decided `handling`
  std::vector<Handling> allowed;          ///< what a person may choose
  std::vector<Refusal> refused;           ///< what nobody may choose, and why, in words
  std::optional<Handling> suggested;
  ClockStart clock_start = ClockStart::none;
  std::optional<Day> due_day;  ///< the clock's last day, when there is a clock and a moment to count from
  bool trivial_needs_second_person = false;  ///< R22: presumed secret, yet plainly of little importance
};

/// Rules R17 to R28 over `status`. Pure.
[[nodiscard]] Opinion assess(Inputs const& item, Settings const& settings);

/// The last day to assess what arose at `since` (R23).
[[nodiscard]] Day due_day(Instant since, Settings const& settings);

/// The reasons in words, also for items of which only the stored state is known.
struct Stored {
  Basis basis;
  Instant since;
  bool may_be_secret = false;
};
[[nodiscard]] std::vector<Refusal> refusals(Verdict const& verdict, std::vector<Handling> const& allowed,
                                            Stored const& stored);

}  // namespace torg::records
