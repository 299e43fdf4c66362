#pragma once
#include "base/ids.hpp"

#include <chrono>
#include <cstdint>
#include <map>

namespace torg::records {

/// Readings of unsettled law: the first value of each is the default, the other must be selectable.
enum class DiscussionPosts : std::uint8_t { record_on_arrival, conversation };        ///< R4, case RC16
enum class Mentions : std::uint8_t { not_until_captured, received_if_monitored };     ///< R4, RC22
enum class OneOfficialTwoBoards : std::uint8_t { crossing_counts, same_person };      ///< R8, UP09
enum class AccessByOthers : std::uint8_t { is_dispatch, drafts_stay };                ///< R9, UP10
enum class DependentContractors : std::uint8_t { part_of_authority, outsiders };      ///< R9, UP12
enum class JointDrafts : std::uint8_t { sharing, each_contribution_received };        ///< R12, UP18
enum class InternalTalk : std::uint8_t { not_finalised, finalised_when_sent };        ///< R6, UP27
enum class MeetingChat : std::uint8_t { memo, record };                               ///< R6, UP28
enum class SecretLogs : std::uint8_t { own_register, one_entry };                     ///< R14, UP33
enum class TaskBoards : std::uint8_t { planning_aid, continuing_list };               ///< R14, UP34
enum class JointPosts : std::uint8_t { access_is_dispatch, joint_draft_is_sharing };  ///< R17, UP50

enum class Supervision : std::uint8_t { supervise_reasonably, from_knowledge };  ///< R72, MO08

/// What is the authority's own choice, settled law or not.
enum class Law : std::uint8_t { se, dk, no };                         ///< R80, R81: whose law it follows
enum class ElectronicCopies : std::uint8_t { by_default, on_paper };  ///< R47
enum class StandingDecisions : std::uint8_t { used, not_used };  ///< R17: a plan's decision binds its items
enum class NotePrompts : std::uint8_t { in_cases, everywhere, never };  ///< R16: where a note is prompted
enum class Assessors : std::uint8_t { officers, registrars_only };  ///< R20–R22: who decides about an item
enum class RegisterKept : std::uint8_t { here, external };          ///< R20: who gives the numbers

enum class BeforeTheWeb : std::uint8_t { check, delay };  ///< R63: who or what shows title and party

/// What an authority sets for itself (`records/settings` keeps it).
struct Settings {
  DiscussionPosts discussion_posts{};
  Mentions mentions{};
  OneOfficialTwoBoards one_official_two_boards{};
  AccessByOthers access_by_others{};
  DependentContractors dependent_contractors{};
  JointDrafts joint_drafts{};
  InternalTalk internal_talk{};
  MeetingChat meeting_chat{};
  SecretLogs secret_logs{};
  TaskBoards task_boards{};
  JointPosts joint_posts{};
  Supervision supervision{};
  Law law{};
  ElectronicCopies electronic_copies{};
  StandingDecisions standing_decisions{};
  Assessors assessors{};
  RegisterKept register_kept{};
  BeforeTheWeb before_the_web{};
  int web_delay_hours = 24;  ///< R63: with `delay`, from registering to showing; ours
  NotePrompts note_prompts{};
  int working_days_to_assess = 1;                   ///< R23: our number, 0 to 2
  int working_days_to_review = 20;                  ///< R13: the grace time after a case is closed; ours
  int working_days_to_answer = 2;                   ///< R41: our number, after the day it came
  int working_days_to_answer_reports = 5;           ///< R65
  std::chrono::minutes closing_time{16 * 60 + 30};  ///< shown on the clock; the day ends 23:59
};

/// Every authority's settings: a plain value, so that pure rules can look at several authorities.
class SettingsByAuthority {
 public:
  /// The defaults for an authority that has set nothing.
  [[nodiscard]] Settings const& of(AuthorityId authority) const {
    auto const found = set_.find(authority);
    return found == set_.end() ? defaults_ : found->second;
  }
  void put(AuthorityId authority, Settings settings) { set_[authority] = settings; }

 private:
  std::map<AuthorityId, Settings> set_;
  Settings defaults_;
};

/// Stands in the history beside each decision, so that one can tell later which rules spoke.
inline constexpr int kRuleVersion = 3;

}  // namespace torg::records
