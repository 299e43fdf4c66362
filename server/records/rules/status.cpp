#include "records/rules/status.hpp"

#include "records/rules/law.hpp"

namespace torg::records {
namespace {

using Answer = std::optional<Verdict>;

constexpr Verdict record(Basis basis, std::string_view rule) { return {Status::record, basis, rule}; }
constexpr Verdict not_record(Basis basis, std::string_view rule) { return {Status::not_record, basis, rule}; }

Verdict internal(Inputs const& item, std::string_view rule) {
  return not_record(item.case_state == CaseState::none ? Basis::internal_no_case : Basis::internal_open_case,
                    rule);
}

bool made_by_someone_else(Inputs const& item) {
  switch (item.actor) {
    case Actor::outsider:
    case Actor::official_other_board:
    case Actor::official_other_authority:
      return true;
    case Actor::other_unit_same_authority:
      return item.independent_organs;
    case Actor::contractor:
    case Actor::own_official:
    case Actor::system:
      return false;
  }
  return false;
}

bool reaches_others(Inputs const& item, Settings const& settings) {
  bool const outside =
      item.contractor_independent || settings.dependent_contractors == DependentContractors::outsiders;
  bool const handed_over = item.actor == Actor::contractor && outside;
  return item.audience.other_authority || item.audience.outsider || item.audience.everyone || handed_over ||
         item.channel == Channel::platform_own_page ||
         (item.serves_both_boards && variant(settings.law).boards_are_authorities);
}

/// Steps 0 to 3: what never was a record here.
Answer exempt(Inputs const& item, Settings const& settings) {
  if (item.security_classified) return not_record(Basis::none, "R27");
  bool const elsewhere = !item.addressed_to_authority && item.channel == Channel::platform_other_page;
  if (elsewhere && settings.mentions == Mentions::not_until_captured)
    return not_record(Basis::not_stored, "R4");
  if (!item.stored_here && !item.reference_only) return not_record(Basis::not_stored, "R1");
  if (item.technical_only) return not_record(Basis::exempt_technical, "R10");
  if (item.object == Object::backup) return not_record(Basis::exempt_backup, "R15");
  if (item.library) return not_record(Basis::exempt_library, "R15");
  if (item.for_periodical) return not_record(Basis::exempt_periodical, "R15");
  if (item.personally_addressed && !item.concerns_authority_matter.value_or(true)) {
    return not_record(Basis::personal_letter, "R3");
  }
  return std::nullopt;
}

/// Step 4. A task board is a planning aid unless the authority says it is its list of matters.
Answer list(Inputs const& item, Settings const& settings) {
  if (item.object == Object::register_entry) return record(Basis::continuing_list, "R14");
  if (!item.continuous_list) return std::nullopt;
  if (item.object == Object::task_board && settings.task_boards == TaskBoards::planning_aid) {
    return not_record(Basis::internal_no_case, "R14");
  }
  return record(Basis::continuing_list, "R14");
}

/// Step 5. What was said to us is no document: it calls for an official note (R16).
Answer from_others(Inputs const& item, Settings const& settings) {
  if (!made_by_someone_else(item)) return std::nullopt;
  if (item.act == Act::speak) return not_record(Basis::memo_with_facts, "R16");
  if (item.for_comment_only) return not_record(Basis::sharing_exception, "R11");
  if (item.joint_draft && settings.joint_drafts == JointDrafts::sharing) {
    return not_record(Basis::sharing_exception, "R12");
  }
  if (item.act == Act::join_room) {
    if (settings.access_by_others == AccessByOthers::drafts_stay)
      return not_record(Basis::sharing_exception, "R11");
    return record(Basis::sent_and_received, "R9");
  }
  if (item.channel == Channel::portal_discuss && settings.discussion_posts == DiscussionPosts::conversation) {
    return not_record(Basis::none, "R4");
  }
  if (item.actor == Actor::official_other_board) {
    auto const& law = variant(settings.law);
    if (!law.boards_are_authorities && !item.independent_organs) return internal(item, law.rule);
    return record(Basis::sent_and_received, "R8");
  }
  if (item.actor == Actor::official_other_authority) return record(Basis::received, "R9");
  if (item.actor == Actor::other_unit_same_authority) return record(Basis::received, "R8");
  return record(Basis::received, "R2");
}

/// Step 6.
Answer dispatched(Inputs const& item, Settings const& settings) {
  if (item.act == Act::close_case || !reaches_others(item, settings)) return std::nullopt;
  auto const& law = variant(settings.law);
  if (law.handing_out_ends_internal && item.audience.outsider) return record(Basis::drawn_up_sent, law.rule);
  if (item.for_comment_only) return not_record(Basis::sharing_exception, "R11");
  if (item.serves_both_boards && law.boards_are_authorities) {
    if (settings.one_official_two_boards == OneOfficialTwoBoards::same_person) return internal(item, "R8");
    return record(Basis::sent_and_received, "R8");
  }
  bool const only_authorities =
      item.audience.other_authority && !item.audience.outsider && !item.audience.everyone;
  if (only_authorities && item.routine && settings.joint_posts == JointPosts::joint_draft_is_sharing) {
    return not_record(Basis::sharing_exception, "R11");
  }
  return record(Basis::drawn_up_sent, item.audience.other_authority ? "R9" : "R5");
}

/// Step 7 in a case. Closing makes records of what isn't draft or pure memo (R13).
Verdict in_case(Inputs const& item) {
  if (item.case_state != CaseState::closed) return internal(item, "R7");
  if (item.archived) return record(Basis::archived, "R7");
  if (item.object == Object::draft) return not_record(Basis::draft, "R7");
  bool const memo = item.object == Object::memo || item.memo_or_draft.value_or(false);
  if (memo && !item.adds_facts) return not_record(Basis::memo, "R7");
  return record(Basis::drawn_up_case_closed, "R13");
}

/// Step 7: made here and not sent.
Verdict kept_inside(Inputs const& item, Settings const& settings) {
  if (item.act == Act::approve_minutes) {
    return item.body_only_prepares ? internal(item, "R6") : record(Basis::drawn_up_approved, "R6");
  }
  if (item.object == Object::meeting_chat) {
    return settings.meeting_chat == MeetingChat::memo ? not_record(Basis::memo, "R7")
                                                      : record(Basis::drawn_up_final, "R6");
  }
  if (item.archived) return record(Basis::archived, "R7");
  if (item.case_state == CaseState::open || item.case_state == CaseState::closed) return in_case(item);
  if (item.object == Object::draft) return not_record(Basis::draft, "R7");
  if (item.final || settings.internal_talk == InternalTalk::finalised_when_sent) {
    return record(Basis::drawn_up_final, "R6");
  }
  return not_record(Basis::internal_no_case, "R6");
}

}  // namespace

Verdict status(Inputs const& item, Settings const& settings) {
  for (auto* const step : {exempt, list, from_others, dispatched}) {
    if (auto const verdict = step(item, settings)) return *verdict;
  }
  return kept_inside(item, settings);
}

}  // namespace torg::records
