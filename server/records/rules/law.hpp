#pragma once
#include "records/rules/settings.hpp"
#include "records/rules/types.hpp"

#include <span>

// What differs between the countries whose law an authority can follow (R80, R81): values, not code. The
// rules ask the variant; they never ask which country it is.
namespace torg::records {

/// What silence means when the time to answer a request is over.
enum class Silence : std::uint8_t {
  escalates,   ///< Sweden, R41: it is told of every working day
  is_late,     ///< Denmark, § 36: reason and a new date are due
  is_refusal,  ///< Norway, § 32: counts as a refusal that can be appealed
};

struct LawVariant {
  Law law = Law::se;
  /// Boards of one municipality are authorities of their own, so that what crosses is sent and received (R8).
  bool boards_are_authorities = true;
  /// An internal document that an outsider is given loses its character by that.
  bool handing_out_ends_internal = false;
  int days_until_open = 0;  ///< after dispatch; Denmark: the day after, § 7 stk. 3
  /// Working days to answer a request; none: the authority's own number (R41).
  std::optional<int> working_days_to_answer{};
  Silence silence = Silence::escalates;
  std::string_view internal_exemption{};  ///< the section internal documents may be exempt by
  std::string_view rule{};                ///< `R80`; empty: the rules as they are
};
[[nodiscard]] LawVariant const& variant(Law law);
[[nodiscard]] std::string_view to_text(Law law);
[[nodiscard]] std::optional<Law> parse_law(std::string_view text);

/// A day without work in a country, from a date or from Easter.
struct Holiday {
  std::string_view id;
  int month = 0, day = 0;     ///< 0: counted from Easter
  int days_after_easter = 0;  ///< of the others
};
/// Public holidays of Denmark and Norway; Sweden's are in `holiday`, with its moving eves.
[[nodiscard]] std::span<Holiday const> holidays(Law law);

/// Working days by a country's own calendar; as `is_working_day` and `plus_working_days`.
[[nodiscard]] bool is_working_day(Day day, Law law);
[[nodiscard]] Day plus_working_days(Day day, int count, Law law);

/// The first and the last day to answer what was asked at `at` (R41, R80, R81).
struct AnswerTime {
  Day due, latest;
};
[[nodiscard]] AnswerTime answer_time(Instant at, Settings const& settings);

}  // namespace torg::records
