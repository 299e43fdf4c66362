#pragma once
#include "base/ids.hpp"
#include "base/time.hpp"
#include "governance/types.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace torg::records {

using governance::Day;

/// What the law says of an item for one authority; never chosen by a person (architecture, decision 14).
enum class Status : std::uint8_t { not_record, record };

/// What was decided about it. `working` covers all that is not a record; in words the basis decides.
enum class Handling : std::uint8_t { unassessed, kept_ordered, trivial, registered, working };

/// Why an item has its status.
enum class Basis : std::uint8_t {
  none,
  not_stored,
  exempt_technical,
  exempt_backup,
  exempt_library,
  exempt_periodical,
  personal_letter,
  continuing_list,
  received,
  sent_and_received,
  drawn_up_sent,
  drawn_up_approved,
  drawn_up_final,
  drawn_up_case_closed,
  archived,
  draft,
  memo,
  memo_with_facts,
  sharing_exception,
  internal_open_case,
  internal_no_case,
};

/// Which moment starts the clock of R23.
enum class ClockStart : std::uint8_t {
  none,
  posted_at,
  arrived_at,
  opening_at,
  published_at,
  edited_at,
  sent_at,
  access_opened_at,
  case_closed_at,
  approved_at,
  spoken_at,
};

/// The same sentence in the two languages of the interface.
struct Bilingual {
  std::string sv, en;
  friend bool operator==(Bilingual const&, Bilingual const&) = default;
};

[[nodiscard]] std::string_view to_text(Status status);
[[nodiscard]] std::string_view to_text(Handling handling);
[[nodiscard]] std::string_view to_text(Basis basis);
[[nodiscard]] std::string_view to_text(ClockStart start);
[[nodiscard]] std::optional<Handling> parse_handling(std::string_view text);
[[nodiscard]] std::optional<Basis> parse_basis(std::string_view text);

}  // namespace torg::records
