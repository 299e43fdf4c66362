#pragma once
#include "base/ids.hpp"
#include "db/database.hpp"
#include "governance/governance.hpp"
#include "records/rules/settings.hpp"
#include "records/rules/types.hpp"

#include <optional>
#include <string>
#include <vector>

// Requests to see public records (TF 2:15–2:20, R40–R45): anyone may ask, nobody has to say who they are or
// why.
namespace torg::records {

using DisclosureId = StrongNumber<struct DisclosureIdTag, std::int64_t>;

enum class Outcome : std::uint8_t { open, released, partly, refused, withdrawn };
[[nodiscard]] std::string_view to_text(Outcome outcome);
[[nodiscard]] std::optional<Outcome> parse_outcome(std::string_view text);

/// What comes in by the public pages. A report on accessibility is answered within five working days (R65).
enum class RequestKind : std::uint8_t { disclosure, accessibility };
[[nodiscard]] std::string_view to_text(RequestKind kind);

struct DisclosureRequest {
  DisclosureId id;
  RequestKind kind = RequestKind::disclosure;
  AuthorityId authority;
  std::string number;         ///< `KS B 2026/17`: a series of its own
  RecordId record;            ///< 0: described in words only
  std::string record_number;  ///< empty with it
  std::string text;           ///< in the words of whoever asks; may be empty when a record is named
  std::string contact;        ///< empty unless given; where to send the answer
  Instant received_at{};
  Day due_day{};     ///< R41: the same day
  Day latest_day{};  ///< R41: two working days later; then it is escalated every day
  Outcome outcome = Outcome::open;
  std::optional<Instant> answered_at;
  UserNid answered_by;
  std::string note;
};

/// What somebody asks for.
struct Asking {
  AuthorityId authority;
  RecordId record;
  std::string record_number;
  std::string text, contact;
  RequestKind kind = RequestKind::disclosure;
};
inline constexpr std::size_t kMaxAskingText = 4000;  ///< bytes
inline constexpr std::size_t kMaxAskingContact = 300;

/// Pure: the days of the clock for what arrives at `at` (R41, R65).
struct AnswerDays {
  Day due, latest;
  friend bool operator==(AnswerDays const&, AnswerDays const&) = default;
};
[[nodiscard]] AnswerDays answer_days(Instant at, RequestKind kind, Settings const& settings);

/// Called on the executor only.
class Requests {
 public:
  Requests(Runtime& runtime, db::Database& database, governance::Governance const& governance,
           SettingsByAuthority const& settings)
      : runtime_(runtime), database_(database), governance_(governance), settings_(settings) {}

  /// Takes a request in: number, clock and hold in one transaction.
  /// @return `missing_param` when neither a record nor a text says what is wanted, `too_large`, `not_found`
  /// for an
  ///   unknown authority
  Task<Result<DisclosureRequest>> ask(Asking asking);
  /// Open ones by due day, then the last hundred answered.
  [[nodiscard]] Task<Result<std::vector<DisclosureRequest>>> list(std::vector<AuthorityId> authorities);
  [[nodiscard]] Task<Result<DisclosureRequest>> request(DisclosureId id);
  /// By a registrar of its authority. A refusal, also a partial one, needs a note: why, and the provision
  /// (R42, R44).
  /// @return `forbidden`, `not_found`, `conflict` when it was answered already, `rule_refuses`
  Task<Result<DisclosureRequest>> answer(UserNid by, DisclosureId id, Outcome outcome, std::string note);

 private:
  Runtime& runtime_;
  db::Database& database_;
  governance::Governance const& governance_;
  SettingsByAuthority const& settings_;
};

/// What goes to the person who asked when something is withheld: the right to a written decision, which can
/// be appealed (OSL 6:3, R44).
[[nodiscard]] Bilingual refusal_text();

}  // namespace torg::records
