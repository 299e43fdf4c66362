#pragma once
#include "records/rules/types.hpp"

namespace torg::records {

enum class Actor : std::uint8_t {
  own_official,
  other_unit_same_authority,
  official_other_board,
  official_other_authority,
  contractor,
  outsider,
  system,
};
enum class Act : std::uint8_t {
  write,
  send,
  comment,
  receive,
  publish,
  edit,
  speak,
  join_room,
  share_access,
  co_edit,
  technical_processing,
  finalise,
  approve_minutes,
  close_case,
  archive,
  log_entry,
  mark_secret,
  assess,
  register_,
  tick,
  request_record,
};
enum class Object : std::uint8_t {
  message,
  comment,
  post,
  discussion_post,
  mail,
  letter,
  text_message,
  document,
  file,
  draft,
  memo,
  comments,
  minutes,
  agenda,
  announcement,
  tender,
  recording,
  call,
  room,
  meeting_chat,
  task_board,
  message_list,
  access_log,
  register_,
  register_entry,
  backup,
};
enum class Channel : std::uint8_t {
  room,
  mail,
  counter,
  voice,
  private_phone,
  platform_own_page,
  platform_other_page,
  platform_dm,
  portal_discuss,
  e_procurement,
  inbox,
};
enum class CaseState : std::uint8_t { unknown, none, open, closed };

/// Who else can read it; everybody who can is named.
struct Audience {
  bool own_authority = false;    ///< finished and given to all staff, or to elected members
  bool other_authority = false;  ///< another board of the same municipality included (R8)
  bool outsider = false;
  bool everyone = false;  ///< published
};

/// The facts the rules look at: the fields of `tests/data/assessment-cases.json`, for one authority.
struct Inputs {
  Actor actor = Actor::own_official;
  Act act = Act::write;
  Object object = Object::message;
  Channel channel = Channel::room;
  CaseState case_state = CaseState::unknown;
  Audience audience;
  std::optional<Instant> at;  ///< the moment the clock counts from

  bool stored_here = true;      ///< a copy is kept, or the means to read it are used (R1)
  bool reference_only = false;  ///< read access to another authority's record (R28)
  bool addressed_to_authority = true;
  bool technical_only = false;                    ///< storage or processing for another's account (R10)
  bool for_periodical = false;                    ///< R15
  bool library = false;                           ///< R15
  bool personally_addressed = false;              ///< R3
  std::optional<bool> concerns_authority_matter;  ///< R3
  bool continuous_list = false;                   ///< R14

  bool independent_organs = false;      ///< R8
  bool serves_both_boards = false;      ///< R8: one official of two boards moved it
  bool contractor_independent = false;  ///< R9
  bool for_comment_only = false;        ///< R11
  bool joint_draft = false;             ///< R12: the plan says so
  bool final = false;
  bool archived = false;              ///< R7
  bool adds_facts = false;            ///< R7
  std::optional<bool> memo_or_draft;  ///< R13
  bool body_only_prepares = false;    ///< R6
  bool affects_decision = false;      ///< R16

  bool plan_keeps_ordered = false;  ///< R17: the plan holds a standing decision
  bool routine = false;             ///< R17: nothing excepts the post (`routine.hpp`)
  bool states_fact = false;         ///< facts, position or consent
  bool calls_for_action = false;
  bool refers_to_case = false;
  bool little_importance = false;    ///< advertising, thanks, duplicate, unintelligible (R22)
  bool misdirected = false;          ///< R22
  bool secrecy_presumed = false;     ///< R21
  bool secret_fields = false;        ///< R24: title or party must not be shown
  bool provision_cited = true;       ///< R25: a marking names its provision
  bool osf_exempt = false;           ///< R26
  bool security_classified = false;  ///< R27
  bool sealed = false;               ///< a tender before its opening (R2)
};

}  // namespace torg::records
