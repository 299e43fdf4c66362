#include "records/rules/assess.hpp"

#include "governance/zone.hpp"
#include "records/rules/explain.hpp"
#include "records/rules/law.hpp"

#include <algorithm>
#include <tuple>

namespace torg::records {
namespace {

using enum Handling;

bool contains(std::vector<Handling> const& choices, Handling handling) {
  return std::ranges::find(choices, handling) != choices.end();
}

/// Routine posts of a shared room under the plan's standing decision (R17); not when outsiders read along.
bool kept_by_standing_decision(Inputs const& item) {
  return item.plan_keeps_ordered && item.routine && !item.secrecy_presumed && !item.audience.outsider &&
         !item.audience.everyone && item.actor != Actor::outsider;
}

/// What matters for a decision can't be plainly of little importance (R22).
bool matters(Inputs const& item, Basis basis) {
  bool const in_open_case = item.case_state == CaseState::open;
  return item.calls_for_action || item.states_fact || item.adds_facts || item.osf_exempt || item.sealed ||
         item.refers_to_case ||
         (item.personally_addressed && item.concerns_authority_matter.value_or(false)) ||
         item.act == Act::approve_minutes || (in_open_case && basis == Basis::received && !item.routine) ||
         (in_open_case && item.final);
}

std::vector<Handling> allowed(Inputs const& item, Verdict const& verdict) {
  if (verdict.basis == Basis::none && item.security_classified) return {};  // R27
  if (item.act == Act::mark_secret && !item.provision_cited) return {};     // R25
  if (verdict.basis == Basis::continuing_list) return {kept_ordered};       // R14
  if (verdict.status == Status::not_record) {
    bool const ours = verdict.basis != Basis::exempt_technical || item.case_state != CaseState::none;
    return ours ? std::vector{working, registered} : std::vector{working};  // R10, R20
  }
  if (item.act == Act::register_ && item.secret_fields) return {registered};  // R24
  std::vector<Handling> choices;
  if (!item.secrecy_presumed || item.osf_exempt) choices.push_back(kept_ordered);  // R21, R26
  if (!matters(item, verdict.basis)) choices.push_back(trivial);                   // R22
  choices.push_back(registered);                                                   // R20
  return choices;
}

std::optional<Handling> suggestion(Inputs const& item, Verdict const& verdict,
                                   std::vector<Handling> const& choices) {
  if (choices.empty()) return std::nullopt;
  if (choices.size() == 1) return choices.front();
  if (verdict.status == Status::not_record) return item.affects_decision ? registered : working;
  if (item.osf_exempt || item.reference_only) return kept_ordered;
  if (item.misdirected || item.little_importance) return trivial;
  bool const paper = item.object == Object::letter || item.object == Object::document;
  bool const from_others = verdict.basis == Basis::received;
  if (matters(item, verdict.basis) || item.secrecy_presumed || (paper && from_others)) return registered;
  return kept_ordered;
}

ClockStart moment_of_receipt(Inputs const& item) {
  switch (item.channel) {
    case Channel::platform_own_page:
    case Channel::platform_dm:
    case Channel::portal_discuss:
      return ClockStart::posted_at;
    case Channel::room:
      break;
    default:
      return ClockStart::arrived_at;
  }
  if (item.act == Act::write) return ClockStart::posted_at;
  if (item.actor == Actor::other_unit_same_authority || item.actor == Actor::official_other_board) {
    return ClockStart::sent_at;
  }
  return ClockStart::arrived_at;
}

ClockStart clock_start(Inputs const& item, Verdict const& verdict) {
  if (item.sealed) return ClockStart::opening_at;
  switch (item.act) {
    case Act::speak:
      return ClockStart::spoken_at;
    case Act::join_room:
      return ClockStart::access_opened_at;
    case Act::close_case:
      return ClockStart::case_closed_at;
    case Act::approve_minutes:
      return ClockStart::approved_at;
    case Act::edit:
      return ClockStart::edited_at;
    default:
      break;
  }
  if (verdict.basis == Basis::received) return moment_of_receipt(item);
  if (item.act != Act::publish) return ClockStart::sent_at;
  return verdict.basis == Basis::drawn_up_final ? ClockStart::posted_at : ClockStart::published_at;
}

/// The state an item starts in, and the rule that says so.
std::pair<Handling, std::string_view> start(Inputs const& item, Verdict const& verdict,
                                            Settings const& settings) {
  if (verdict.basis == Basis::continuing_list) {
    bool const secret = item.secrecy_presumed && settings.secret_logs == SecretLogs::one_entry;
    return {secret ? registered : kept_ordered, "R14"};
  }
  if (verdict.status == Status::not_record) return {working, verdict.rule};
  if (item.reference_only) return {kept_ordered, "R28"};
  if (kept_by_standing_decision(item)) return {kept_ordered, "R17"};
  return {unassessed, verdict.rule};
}

}  // namespace

Day due_day(Instant since, Settings const& settings) {
  return plus_working_days(governance::day_of(since), settings.working_days_to_assess, settings.law);
}

Opinion assess(Inputs const& item, Settings const& settings) {
  Opinion opinion;
  opinion.verdict = status(item, settings);
  std::tie(opinion.handling, opinion.rule) = start(item, opinion.verdict, settings);
  opinion.allowed = allowed(item, opinion.verdict);
  opinion.suggested = suggestion(item, opinion.verdict, opinion.allowed);
  opinion.refused = refusals(opinion.verdict, opinion.allowed,
                             {opinion.verdict.basis, item.at.value_or(Instant{}), item.secrecy_presumed});
  // R16: the duty to document what was said has a clock too, though nothing is a record yet.
  bool const to_document = item.act == Act::speak && item.affects_decision;
  bool const undecided = opinion.handling == unassessed && !opinion.allowed.empty();
  if (undecided || to_document) {
    opinion.clock_start = clock_start(item, opinion.verdict);
    if (item.at) opinion.due_day = due_day(*item.at, settings);
  }
  opinion.trivial_needs_second_person = item.secrecy_presumed && contains(opinion.allowed, trivial);
  return opinion;
}

std::vector<Refusal> refusals(Verdict const& verdict, std::vector<Handling> const& allowed,
                              Stored const& stored) {
  std::vector<Refusal> refused;
  for (auto const handling : {kept_ordered, trivial, working, registered}) {
    if (contains(allowed, handling)) continue;
    refused.push_back({handling, why_refused(handling, verdict, stored)});
  }
  return refused;
}

}  // namespace torg::records
