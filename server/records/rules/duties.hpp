#pragma once
#include "records/rules/law.hpp"

#include <string>
#include <vector>

// What must be done, and what is refused, when something is asked for, copied, hidden, blocked, deleted: the
// rules that are not about the status of an item (R40–R61, R70–R76, R80, R81). The rules are rows of a table;
// the first row that fits an act decides. Pure.
namespace torg::records {

enum class MatterAct : std::uint8_t {
  request_record,
  request_compilation,
  request_information,
  refuse_release,
  decide_refusal,
  fee,
  hide,
  block,
  supervise,
  report,
  appeal_moderation,
  read_audit,
  remove,  ///< `delete` in the cases: an author or a platform takes something away
  dispose,
  weed,
  send,          ///< by another country's law only
  share_access,  ///< the same
};
enum class AuthorityKind : std::uint8_t { unknown, state, municipal };
enum class Asker : std::uint8_t { individual, authority, officer };
/// What a comment may be besides unwelcome; the closed list of lag (1998:112) 5 § has a flag of its own.
enum class Offence : std::uint8_t {
  none,
  unlawful_threat,
  unlawful_privacy_breach,
  incitement,
  agitation_against_group,
  child_abuse_material,
  unlawful_depiction_of_violence,
  call_for_terrorism,
  copyright,
  defamation,
  threat_to_life,
  other,
};
enum class HideReason : std::uint8_t { none, criticism, off_topic, other };
enum class LogPurpose : std::uint8_t { none, find_source, incident, other };

/// The facts that these rules look at.
struct Matter {
  MatterAct act = MatterAct::request_record;
  std::optional<Law> law{};        ///< of the case itself; none: the authority's
  std::optional<Instant> at{};     ///< when it was asked or done
  std::optional<Day> served_on{};  ///< when a decision was handed over
  Asker by = Asker::individual;
  AuthorityKind kind = AuthorityKind::unknown;
  bool public_record = false;
  bool in_open_case = false;

  // Requests (R40–R48)
  bool secrecy_presumed = false;
  bool partly_secret = false;
  bool technical_only = false;  ///< only stored for another (R10)
  bool whole_room = false;      ///< all that was said in a room
  bool other_hosts = false;     ///< another authority hosts the room; our copy is ours
  bool mass_personal_data = false;
  bool electronic_form = false;
  bool due_for_disposal = false;
  bool internal_document = false;
  double effort_hours = 0;  ///< to make a compilation
  bool built_in_export = false;

  // Copies (R49)
  int pages = 0;
  bool prepayment = false;

  // Moderation (R70–R76) and logs (R61)
  Offence offence = Offence::none;
  bool obvious = false;
  HideReason reason = HideReason::none;
  bool rule_published = false;
  bool authorities_only = false;  ///< nobody else takes part where it was said
  LogPurpose purpose = LogPurpose::none;

  // Disposal (R50–R56)
  bool decided = false;  ///< a decision of the authority's own, with its number
  bool request_open = false;
  bool to_outsider = false;  ///< whom access is given to
};

/// What the rules say of a matter.
struct Advice {
  std::vector<std::string> actions;  ///< what has to be done: `masked_copy`, `appeal_until:2026-12-28`
  std::vector<std::string> refused;  ///< what Torg doesn't offer, whoever asks
  std::vector<std::string> rules;    ///< `R42`
  std::string_view due_rule;         ///< `same_working_day`, `plus_2_working_days`; empty: no clock
  std::optional<Day> due_day;
  std::optional<int> fee_sek;  ///< none: no tariff of ours applies
  std::string_view postage;    ///< of a fee
  std::optional<bool> duty;    ///< false: by choice, no duty (R47)
};
[[nodiscard]] Advice advise(Matter const& matter, Settings const& settings);

/// The fee of avgiftsförordningen 15 § for copies on paper, in SEK (R49); amounts as checked in 2026-11.
struct CopyTariff {
  int free_pages = 9, first_pages = 10, first_fee = 50, each_further = 2;
};
[[nodiscard]] int copy_fee(int pages, CopyTariff const& tariff = {});

/// The last day to appeal a decision that was handed over on `served`: three weeks, moved to the next
/// ordinary weekday (FL 44 §, lag 1930:173; R45).
[[nodiscard]] Day appeal_until(Day served);

/// Hours beyond which a compilation isn't a routine measure (R46); ours.
inline constexpr double kRoutineHours = 1;

/// A name of an action or a refusal as a person reads it: `masked copy`.
[[nodiscard]] std::string in_words(std::string_view name);

}  // namespace torg::records
