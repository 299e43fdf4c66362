#include "records/disposal/rule.hpp"

#include "governance/zone.hpp"

#include <algorithm>

namespace torg::records {

Bilingual to_words(Stop stop) {
  switch (stop) {
    case Stop::held:
      return {"Gallringsstopp", "On hold"};
    case Stop::requested:
      return {"En begäran om att få ta del är öppen", "A request to see it is open"};
    case Stop::being_lifted:
      return {"Håller på att diarieföras", "Being registered"};
    case Stop::another_decided_otherwise:
      return {"En annan myndighet har inte bedömt det, eller har diariefört det",
              "Another authority hasn't assessed it, or has registered it"};
    case Stop::too_early:
      return {"Planens tid har inte gått", "The plan's time is not over"};
    case Stop::changed:
      return {"Bedömt på nytt", "Assessed anew"};
  }
  return {};
}

Result<> check_terms(DisposalTerms const& terms, Day today) {
  if (terms.decision.empty()) {
    return fail(ErrorCode::rule_refuses,
                "Disposal needs the authority's own decision: give its number (R51).");
  }
  if (terms.handling != Handling::kept_ordered && terms.handling != Handling::trivial) {
    return fail(ErrorCode::rule_refuses, "Only what is kept ordered or trivial is disposed of here (R50).");
  }
  if (terms.before_day > today + std::chrono::days{1}) {
    return fail(ErrorCode::invalid_param, "The day can't be later than tomorrow.");
  }
  return {};
}

bool covers(governance::Plan const& plan, DisposalTerms const& terms) {
  return plan.archives == terms.authority && plan.retention_decision == terms.decision;
}

std::optional<Stop> why_stopped(DisposalCandidate const& candidate, governance::Plan const& plan,
                                DisposalTerms const& terms, Day today) {
  auto const own = std::ranges::find(candidate.rows, terms.authority, &Assessment::authority);
  if (own == candidate.rows.end() || own->handling != terms.handling || own->status != Status::record) {
    return Stop::changed;
  }
  if (candidate.held) return Stop::held;
  if (candidate.requested) return Stop::requested;
  if (candidate.being_lifted) return Stop::being_lifted;
  bool const others_agree = std::ranges::all_of(candidate.rows, [](Assessment const& row) {
    return row.handling == Handling::kept_ordered || row.handling == Handling::trivial ||
           row.status == Status::not_record;
  });
  if (!others_agree) return Stop::another_decided_otherwise;
  auto const arose = governance::day_of(own->since);
  bool const in_time =
      arose < terms.before_day && arose + std::chrono::days{plan.dispose_after_days} <= today;
  return in_time ? std::nullopt : std::optional(Stop::too_early);
}

bool may_weed(WeedingCandidate const& candidate, std::chrono::days after) {
  return candidate.age >= after && !candidate.is_or_was_record && !candidate.held && !candidate.requested &&
         !candidate.being_lifted && !candidate.under_review;
}

bool is_weeded(governance::Plan const& plan, bool outsiders_read) {
  return plan.level == governance::Level::within && plan.parties.size() <= 1 && !outsiders_read;
}

}  // namespace torg::records
