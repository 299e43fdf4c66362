#include "records/rules/duties.hpp"

#include "governance/zone.hpp"
#include "records/rules/working_days.hpp"

#include <algorithm>

namespace torg::records {
namespace {

using enum MatterAct;

/// One rule: when it fits, what it asks for and what it refuses. Names stand apart by blanks, as in the
/// cases.
struct Rule {
  MatterAct act;
  bool (*fits)(Matter const&);
  std::string_view rules, actions, refused;
};

bool always(Matter const&) { return true; }

bool in_closed_list(Offence offence) {
  return offence >= Offence::unlawful_threat && offence <= Offence::copyright;
}

// In order: what says most comes first; the last row of an act fits everything.
constexpr Rule kSweden[]{
    {request_record, [](Matter const& m) { return m.technical_only; }, "R10 R40",
     "refer_to_owner explain_not_our_record", ""},
    {request_record, [](Matter const& m) { return m.other_hosts; }, "R1 R28 R40",
     "assess_own_copy may_tell_about_host", "refer_to_host_only"},
    {request_record, [](Matter const& m) { return m.whole_room; }, "R14 R40 R46",
     "list_items assess_each_status release_public_records message_list_is_itself_a_record "
     "refusal_per_reason",
     "blanket_refusal blanket_release"},
    {request_record, [](Matter const& m) { return m.mass_personal_data; }, "R43 R47",
     "may_ask_purpose_for_OSL_21_7 paper_suffices conditions_for_individual", "refuse_without_assessment"},
    {request_record, [](Matter const& m) { return m.due_for_disposal; }, "R52", "place_hold answer_first",
     "dispose_while_request_open"},
    {request_record, [](Matter const& m) { return m.secrecy_presumed && m.partly_secret; }, "R42",
     "masked_copy relate:is_redacted_version_of state_provision_per_mask", "withhold_whole"},
    {request_record, [](Matter const& m) { return m.secrecy_presumed; }, "R41 R42",
     "tell_requester_about_time assess release_in_parts", "queue_by_arrival_order"},
    {request_record, always, "R40 R41 R43", "log_without_name answer_now",
     "ask_identity ask_purpose require_form"},

    {request_compilation,
     [](Matter const& m) { return !m.built_in_export && m.effort_hours > kRoutineHours; }, "R46",
     "may_refuse_with_decision offer_existing_exports", ""},
    {request_compilation, always, "R46", "produce secrecy_check", "refuse_as_not_kept"},

    {request_information, [](Matter const& m) { return m.by == Asker::authority; }, "R40 R48",
     "answer_unless_secret_or_hinders_work secrecy_between_authorities_applies "
     "refusal_appealable_by_authority",
     ""},
    {request_information, always, "R40", "answer_orally_unless_secret_or_hinders_work", ""},

    {refuse_release, always, "R44",
     "tell_right_to_authority_decision tell_written_decision_needed_for_appeal", "close_request"},
    {decide_refusal, always, "R44 R45",
     "written_decision_with_reasons appeal_to:kammarrätten appeal_handed_to:own_authority", ""},

    {fee, [](Matter const& m) { return m.prepayment; }, "R49", "individual_decision", "blanket_prepayment"},
    {fee, [](Matter const& m) { return m.kind != AuthorityKind::state; }, "R49", "use_council_tariff",
     "charge_without_tariff charge_for_search_time"},
    {fee, always, "R49", "", ""},

    {hide, [](Matter const& m) { return m.authorities_only; }, "R71",
     "notice_board_act_does_not_apply employer_rules", "treat_as_notice_board"},
    {hide, [](Matter const& m) { return m.offence == Offence::threat_to_life; }, "R72",
     "save_evidence police_at_once remove_now notify_author register", "wait_for_assessment"},
    {hide, [](Matter const& m) { return in_closed_list(m.offence) && m.obvious; }, "R70 R71 R72",
     "save_evidence remove_now notify_author register consider_police_report", "remove_before_evidence"},
    {hide, [](Matter const& m) { return m.offence != Offence::none; }, "R71 R73",
     "no_duty_under_act may_hide_under_published_rules save_evidence notify_author", ""},
    {hide, [](Matter const& m) { return m.reason != HideReason::criticism && m.rule_published; },
     "R70 R73 R74", "save_evidence hide notify_author_with_rule_and_redress", "hide_without_reason"},
    {hide, always, "R73", "explain_RF", "hide"},
    {block, always, "R73 R75",
     "reason time_limit other_way_to_contact block_list_is_public_record review_date",
     "mass_import_block_list permanent_without_review destroy_list"},
    {report, [](Matter const& m) { return m.offence == Offence::threat_to_life; }, "R72",
     "save_evidence police_at_once", "wait_for_assessment"},
    {report, always, "R70 R72", "save_evidence note_when_it_became_known assess", "remove_before_evidence"},
    {appeal_moderation, always, "R74", "other_person_decides answer_in_writing register",
     "same_person_decides"},
    {read_audit, [](Matter const& m) { return m.purpose == LogPurpose::find_source; }, "R61", "log_attempt",
     "show"},
    {read_audit, [](Matter const& m) { return m.purpose == LogPurpose::none; }, "R61",
     "log_attempt ask_purpose_code", "show"},
    {read_audit, always, "R61", "two_roles log_reading", "per_person_reading_report"},

    {remove, [](Matter const& m) { return m.public_record; }, "R50 R53",
     "hide_from_view keep_original queue_assessment", "purge"},
    {remove, always, "R55", "delete", ""},
    {dispose, [](Matter const& m) { return m.request_open; }, "R52", "place_hold answer_first", "dispose"},
    {dispose, [](Matter const& m) { return !m.decided && m.kind == AuthorityKind::state; }, "R51",
     "ask_for_application_decision_with_period", "dispose"},
    {dispose, [](Matter const& m) { return !m.decided; }, "R50 R51", "ask_for_board_decision", "dispose"},
    {dispose, always, "R51 R54 R56", "two_persons destroy tombstone", ""},
    {weed, [](Matter const& m) { return m.public_record; }, "R55", "queue_assessment", "weed"},
    {weed, [](Matter const& m) { return m.request_open; }, "R52", "place_hold answer_first", "weed"},
    {weed, always, "R55", "delete log_count", ""},
};

constexpr Rule kDenmark[]{
    {send, [](Matter const& m) { return m.in_open_case; }, "R80", "journalise_as_soon_as_possible", ""},
    {share_access, [](Matter const& m) { return m.internal_document && m.to_outsider; }, "R80",
     "loses_internal_character journalise", ""},
    {request_record, [](Matter const& m) { return m.internal_document; }, "R80",
     "may_exempt:§23 consider_wider_access", ""},
    {request_record, always, "R80", "answer_or_give_reason_and_new_date appeal_to:superior_body", ""},
};

constexpr Rule kNorway[]{
    {request_record, [](Matter const& m) { return m.internal_document; }, "R81",
     "may_exempt:§14 consider_wider_access", ""},
    {request_record, always, "R81", "appeal_open", ""},
};

void add_names(std::vector<std::string>& out, std::string_view names) {
  while (!names.empty()) {
    auto const end = std::min(names.find(' '), names.size());
    if (end > 0) out.emplace_back(names.substr(0, end));
    names.remove_prefix(std::min(end + 1, names.size()));
  }
}

template <std::size_t Size>
Rule const* find_rule(Rule const (&rules)[Size], Matter const& matter) {
  auto const* found =
      std::ranges::find_if(rules, [&](Rule const& r) { return r.act == matter.act && r.fits(matter); });
  return found == std::end(rules) ? nullptr : found;
}

/// A neighbour's own rule where it has one, else the Swedish one.
Rule const* rule_for(Matter const& matter, Law law) {
  Rule const* found = nullptr;
  if (law == Law::dk) found = find_rule(kDenmark, matter);
  if (law == Law::no) found = find_rule(kNorway, matter);
  return found == nullptr ? find_rule(kSweden, matter) : found;
}

void add_answer_time(Matter const& matter, Settings const& settings, Advice& advice) {
  if (!matter.at || matter.act != request_record) return;
  auto const& law = variant(settings.law);
  auto const time = answer_time(*matter.at, settings);
  if (!law.working_days_to_answer) {
    advice.due_rule = matter.secrecy_presumed ? "plus_2_working_days" : "same_working_day";
    advice.due_day = matter.secrecy_presumed ? time.latest : time.due;
  } else if (law.silence == Silence::is_refusal) {
    advice.actions.insert(advice.actions.begin(),
                          "counts_as_refusal_after:" + governance::to_text(time.latest));
  } else {
    advice.actions.insert(advice.actions.begin(), "answer_by:" + governance::to_text(time.latest));
  }
}

void add_fee(Matter const& matter, Advice& advice) {
  if (matter.act != fee || matter.prepayment || matter.kind != AuthorityKind::state) return;
  advice.fee_sek = copy_fee(matter.pages);
  advice.postage = "added_if_fee_is_charged";
}

/// R72: whether an authority's forum is an intermediary service is unsettled; both readings can be chosen.
Advice watching(Settings const& settings) {
  bool const watches = settings.supervision == Supervision::supervise_reasonably;
  Advice advice;
  advice.actions = {watches ? "default:supervise_reasonably" : "remove_from_knowledge"};
  advice.rules = {"R71", "R72"};
  return advice;
}

/// A request that nothing else makes hard, for a copy by mail.
bool wants_only_another_form(Matter const& matter) {
  return matter.act == request_record && matter.electronic_form && !matter.secrecy_presumed &&
         !matter.mass_personal_data && !matter.whole_room && !matter.other_hosts && !matter.technical_only &&
         !matter.due_for_disposal;
}

Advice electronic_copy(Settings const& settings) {
  bool const yes = settings.electronic_copies == ElectronicCopies::by_default;
  Advice advice;
  advice.actions = {yes ? "default:send_electronically_after_masking" : "paper_suffices"};
  advice.rules = {"R47"};
  advice.duty = false;
  return advice;
}

}  // namespace

int copy_fee(int pages, CopyTariff const& tariff) {
  if (pages <= tariff.free_pages) return 0;
  return tariff.first_fee + std::max(0, pages - tariff.first_pages) * tariff.each_further;
}

Day appeal_until(Day served) { return plus_working_days(served + std::chrono::weeks{3}, 0); }

Advice advise(Matter const& matter, Settings const& settings) {
  auto own = settings;
  own.law = matter.law.value_or(settings.law);
  Advice advice;
  if (auto const* rule = rule_for(matter, own.law)) {
    add_names(advice.actions, rule->actions);
    add_names(advice.refused, rule->refused);
    add_names(advice.rules, rule->rules);
  }
  if (matter.act == supervise) advice = watching(own);
  if (wants_only_another_form(matter) && own.law == Law::se) advice = electronic_copy(own);
  if (matter.act == decide_refusal && matter.served_on)
    advice.actions.push_back("appeal_until:" + governance::to_text(appeal_until(*matter.served_on)));
  auto const opens_after = variant(own.law).days_until_open;
  if (matter.act == send && opens_after > 0 && matter.at) {
    auto const open = governance::day_of(*matter.at) + std::chrono::days{opens_after};
    advice.actions.push_back("access_from:" + governance::to_text(open));
  }
  add_answer_time(matter, own, advice);
  add_fee(matter, advice);
  return advice;
}

std::string in_words(std::string_view name) {
  std::string words(name);
  std::ranges::replace(words, '_', ' ');
  if (auto const colon = words.find(':'); colon != std::string::npos) words.insert(colon + 1, " ");
  return words;
}

}  // namespace torg::records
