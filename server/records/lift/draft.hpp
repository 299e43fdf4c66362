#pragma once
#include "base/json.hpp"
#include "governance/types.hpp"
#include "records/register/entry.hpp"
#include "records/rules/types.hpp"

#include <map>
#include <memory>
#include <set>
#include <variant>

// The card that a person looks at before something is registered: what Torg fills in, where each guess comes
// from, and what to look at twice. Pure: the lift, the queue and manual entry gather the facts, this file
// guesses.
namespace torg::records {

/// No case chosen, an existing one, or the title of a new one.
using CaseChoice = std::variant<std::monostate, CaseId, std::string>;

/// `Draft` of docs/api-records.md.
struct Draft {
  std::string title, internal_title;
  Direction direction = Direction::in;
  std::string sender, recipient;
  bool private_person = false;
  Day came_or_made_day{};
  std::string classification, record_type;
  CaseChoice of_case;
  std::optional<Secrecy> secrecy;
};
[[nodiscard]] json::object to_json(Draft const& draft);
/// `invalid_param` for a bad day or direction or an empty title, `rule_refuses` for a marking without
/// provision (R25).
[[nodiscard]] Result<Draft> parse_draft(json::object const& object);

struct DraftAttachment {
  std::string name, type;
  std::int64_t size = 0;
  std::string blob{};  ///< SHA-256 of its bytes; empty: not known
};

/// A person, board or organisation as the draft names it.
struct Party {
  std::string name;          ///< `Leila Haddad`
  std::string organisation;  ///< `Länsstyrelsen Mellansjö`; empty for a private person
  AuthorityId authority;     ///< 0: not one of this server's
};

struct DraftItem {
  EventNid nid;
  std::string event_id;
  std::string text;
  Party sender;
  Instant at{};
  std::vector<DraftAttachment> attachments;
  std::optional<std::string> note{};  ///< it is an official note; its heading, which may be empty
  /// Ids of the encrypted events whose originals are to be handed over with this item: itself and its edits.
  std::vector<std::string> encrypted{};
};

/// The telling words of the candidates, found by how a text's words begin; made once for many drafts.
class CaseWords;

/// A case that could be the right one.
struct CaseCandidate {
  CaseId id;
  std::string number, title, classification;
  std::string words;  ///< its title and the titles of its latest records
};
struct RecordCandidate {
  std::string number, title;
  std::vector<EventNid> items;
  std::set<std::string> words{};  ///< telling ones of its title
};

struct DraftInput {
  AuthorityId authority;
  std::string authority_name;          ///< `Kommunstyrelsen`
  std::vector<DraftItem> items;        ///< oldest first; never empty
  std::string subject;                 ///< of a mail
  std::optional<Direction> direction;  ///< when it is known, as for a letter that came
  bool crosses = false;                ///< people of another authority read along
  CaseId case_of_plan;                 ///< 0: none
  std::string classification_of_plan;
  std::vector<CaseCandidate> cases;      ///< open ones of the authority
  std::vector<RecordCandidate> records;  ///< recent ones, newest first
  /// Of any age, with a file of the very bytes of one of the items.
  std::vector<RecordCandidate> same_files{};
  std::shared_ptr<CaseWords const> case_words{};  ///< of `cases`; none: made for this draft
  Day today{};
};

struct CaseSuggestion {
  CaseId id;
  std::string number, title;
  Bilingual why;
};
struct DraftCheck {
  std::string id;  ///< personal_numbers duplicates attachments secrecy
  bool ok = true;
  Bilingual text;
};
struct Prefilled {
  Draft draft;
  std::vector<CaseSuggestion> cases;  ///< likeliest first
  int personal_numbers = 0;
  std::vector<std::pair<std::string, Bilingual>> secrecy_hints;  ///< provision, why
  std::vector<RecordCandidate> duplicates;
  std::vector<DraftCheck> checks;
  std::map<std::string, Bilingual> sources;  ///< field → where the guess comes from
  std::optional<json::object> plan;          ///< the row of the information plan, as the API shows it
};

/// Guesses everything.
[[nodiscard]] Prefilled prefill(DraftInput const& input);

/// The confirmations a draft needs beyond the button (design, "Lift, precisely"): `secrecy`,
/// `personal_number`, `new_case`, `many`.
[[nodiscard]] std::vector<std::string> confirmations(Draft const& draft, std::size_t items, Day today);

/// Whether the public title holds what looks like a personal number; then it never shows by itself (R63).
[[nodiscard]] bool has_personal_number(std::string_view text, Day today);

/// `Yttrande`, `Synpunkt`, `Fråga`, `Begäran` … from words in the text; `Meddelande` when nothing tells.
[[nodiscard]] std::string guess_record_type(std::string_view text);

/// All of `Prefilled` but the draft, as the previews answer: cases, personal_numbers, secrecy_hints,
/// duplicates, checks, sources.
[[nodiscard]] json::object hints_json(Prefilled const& prefilled);

}  // namespace torg::records
