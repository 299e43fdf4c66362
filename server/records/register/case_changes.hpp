#pragma once
#include "db/database.hpp"
#include "records/register/views.hpp"

// What happens to a case between its opening and the archive. Each change is an event that keeps the old
// value, as a correction of a record is.
namespace torg::records {

/// Who changes a case may do more or less with it.
enum class CaseHand : std::uint8_t { officer, registrar };

struct ChangeCase {
  CaseId of_case;
  std::string field;  ///< title classification state officer unit deadline parallel
  std::string value;  ///< a day, a user's number, a state, JSON for parallel; empty clears what may be empty
  std::string reason;
  CaseHand hand = CaseHand::officer;
  UserNid by;
  Instant at{};
};
/// `not_found`, `invalid_param` for an unknown field or value or a missing reason, `rule_refuses` for a state
/// that isn't reached like this, `forbidden` for a closed case in an officer's hand.
[[nodiscard]] Result<> change_case(db::Transaction& transaction, ChangeCase const& change);

struct CaseEvent {
  Instant at{};
  UserNid by;
  std::string field, from, to, reason;  ///< of an officer: the user's number
};

enum class Related : std::uint8_t { cases, records };
/// `see` holds both ways; the others are said by the later of the newer: it answers, replaces, is a version
/// of the older.
enum class RelationKind : std::uint8_t { see, answers, replaces, version_of };
[[nodiscard]] std::string_view to_text(RelationKind kind);
[[nodiscard]] std::optional<RelationKind> parse_relation_kind(std::string_view text);

struct Relate {
  Related what = Related::records;
  std::int64_t subject = 0;
  RelationKind kind = RelationKind::see;
  std::int64_t object = 0;
  std::string reason;
  UserNid by;
  Instant at{};
};
/// `conflict` when it stands already or the other way round, `invalid_param` for a thing and itself, or what
/// cases can't be to each other.
[[nodiscard]] Result<std::int64_t> relate(db::Transaction& transaction, Relate const& relation);

/// A relation as seen from one of its ends.
struct RelationView {
  std::int64_t id = 0;
  RelationKind kind = RelationKind::see;
  bool reverse = false;  ///< the other says it of this one
  std::int64_t other = 0;
  AuthorityId other_authority;
  std::string other_number, other_title;
  Instant at{};
  UserNid by;
};

/// The SQL of all this.
namespace case_store {

[[nodiscard]] std::vector<CaseEvent> events(db::Reader& reader, CaseId id);  ///< oldest first
[[nodiscard]] std::vector<RelationView> relations(db::Reader& reader, Related what, std::int64_t id);
struct RelationEnds {
  Related what = Related::records;
  std::int64_t subject = 0, object = 0;
};
/// None when there is no such relation, or it has ended.
[[nodiscard]] std::optional<RelationEnds> relation(db::Reader& reader, std::int64_t id);
void end_relation(db::Transaction& transaction, std::int64_t id, UserNid by, Instant at);

}  // namespace case_store

}  // namespace torg::records
