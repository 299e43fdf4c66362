#pragma once
#include "governance/types.hpp"
#include "records/assessment/assessment.hpp"

namespace torg::records {

/// Why an item stays, in the order in which it is said.
enum class Stop : std::uint8_t {
  held,       ///< a hold beats every rule (R52)
  requested,  ///< an open request, or one refused that can still be appealed (R52)
  being_lifted,
  another_decided_otherwise,  ///< another authority hasn't assessed it, or has registered it
  too_early,                  ///< the plan's time is not over
  changed,                    ///< it was assessed anew since the proposal
};
[[nodiscard]] Bilingual to_words(Stop stop);

/// What a disposal rests on.
struct DisposalTerms {
  AuthorityId authority;
  std::string decision;  ///< "GB 2026-07"; another authority's advice is none (R51)
  Day before_day{};      ///< only what arose before it
  Handling handling = Handling::kept_ordered;
};
/// `rule_refuses` without a decision, for a future day, and for what is neither kept ordered nor trivial
/// (R51).
[[nodiscard]] Result<> check_terms(DisposalTerms const& terms, Day today);

/// Whether the plan of a room lets this authority dispose of what is kept there under this decision: it
/// archives, and the decision is the plan's.
[[nodiscard]] bool covers(governance::Plan const& plan, DisposalTerms const& terms);

/// What the rules look at for one item.
struct DisposalCandidate {
  std::vector<Assessment> rows;  ///< of all authorities
  bool held = false;
  bool requested = false;
  bool being_lifted = false;
};
/// None: it may be destroyed. Pure; asked at the proposal and again inside the destroying transaction.
[[nodiscard]] std::optional<Stop> why_stopped(DisposalCandidate const& candidate,
                                              governance::Plan const& plan, DisposalTerms const& terms,
                                              Day today);

/// What weeding looks at (R55).
struct WeedingCandidate {
  std::chrono::days age{};
  bool is_or_was_record = false;
  bool held = false;
  bool requested = false;
  bool being_lifted = false;
  bool under_review = false;  ///< a closed case waits for a verdict on it (R13)
};
/// Only working material of a room within one authority, after its time.
[[nodiscard]] bool may_weed(WeedingCandidate const& candidate, std::chrono::days after);
[[nodiscard]] bool is_weeded(governance::Plan const& plan, bool outsiders_read);

}  // namespace torg::records
