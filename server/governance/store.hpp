#pragma once
#include "db/database.hpp"
#include "governance/delegation.hpp"

// All SQL of governance. Writes run in the lane.
namespace torg::governance::store {

/// @return the new authority's number; `conflict` is thrown when the code is taken
AuthorityId add_authority(db::Transaction& transaction, Authority const& authority);
[[nodiscard]] std::vector<Authority> authorities(db::Reader& reader);

/// The same from the same day replaces what was there.
void add_assignment(db::Transaction& transaction, Assignment const& assignment);
/// Ends what holds longer of this assignment with `last_day`. @return rows changed
std::int64_t end_assignment(db::Transaction& transaction, Assignment const& assignment, Day last_day);
[[nodiscard]] std::vector<Assignment> assignments(db::Reader& reader);

/// @return the new delegation's number
std::int64_t add_delegation(db::Transaction& transaction, Delegation const& delegation);
/// Notes `ended_at` and `ended_by`. @return false when it had ended
bool end_delegation(db::Transaction& transaction, Delegation const& delegation);
/// In order of number. What gives an act or role that this version doesn't know is left out.
[[nodiscard]] std::vector<Delegation> delegations(db::Reader& reader);

/// A plan as somebody proposed it.
struct Proposal {
  EventNid event;
  RoomNid room;
  UserNid by;
  Instant at{};
  std::string content;  ///< JSON object, as in the state event
};
struct Acceptance {
  EventNid event;
  AuthorityId authority;
  UserNid by;
  Instant at{};
};
void add_proposal(db::Transaction& transaction, Proposal const& proposal);
/// @return false when this authority had accepted already
bool add_acceptance(db::Transaction& transaction, Acceptance const& acceptance);
/// An acceptance of `from` as one of `to`, by the same person at the same time.
void copy_acceptance(db::Transaction& transaction, EventNid from, EventNid to, AuthorityId authority);
/// Oldest first.
[[nodiscard]] std::vector<Proposal> proposals(db::Reader& reader);
[[nodiscard]] std::vector<Acceptance> acceptances(db::Reader& reader);

/// Who reads along: one row per joined member. Whom they work for is asked of today's assignments.
struct Part {
  RoomNid room;
  UserNid member;
};
void put_part(db::Transaction& transaction, Part part);
void remove_part(db::Transaction& transaction, Part part);
/// In order of room and member.
[[nodiscard]] std::vector<Part> parts(db::Reader& reader);

struct AuditRow {
  std::int64_t nid = 0;
  Instant at{};
  UserNid by;
  std::string what, details, hash;
};
/// From `after` on, oldest first.
[[nodiscard]] std::vector<AuditRow> audit_rows(db::Reader& reader, std::int64_t after, std::int64_t limit);
void add_audit_row(db::Transaction& transaction, Instant at, UserNid by, std::string_view what,
                   std::string_view details);
/// Walks the chain of hashes. @return the number of the first row that does not follow, 0 when all do
[[nodiscard]] std::int64_t first_broken_audit_row(db::Reader& reader);

}  // namespace torg::governance::store
