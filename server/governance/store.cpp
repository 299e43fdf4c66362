#include "governance/store.hpp"

#include "base/log.hpp"
#include "crypto/hash.hpp"

#include <fmt/format.h>

namespace torg::governance::store {
namespace {

constexpr db::Statement kLastAuthority{"SELECT COALESCE(MAX(nid), 0) FROM authority"};
constexpr db::Statement kAddAuthority{
    "INSERT INTO authority (nid, code, name_sv, name_en, organisation, organisation_number, mark, "
    "valid_from, valid_to)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"};
constexpr db::Statement kAuthorities{
    "SELECT nid, code, name_sv, name_en, organisation, organisation_number, mark, valid_from, valid_to FROM "
    "authority "
    "ORDER BY nid"};
constexpr db::Statement kAddAssignment{
    "INSERT INTO assignment (member, authority, role, valid_from, unit, valid_to) VALUES ($1, $2, $3, $4, "
    "$5, $6) ON CONFLICT (member, authority, role, valid_from) DO UPDATE SET unit = excluded.unit, "
    "valid_to = excluded.valid_to"};
constexpr db::Statement kEndAssignment{
    "UPDATE assignment SET valid_to = $1 WHERE member = $2 AND authority = $3 AND role = $4 AND "
    "(valid_to IS NULL OR valid_to > $1)"};
// A person's first assignment is their main one: the order decides.
constexpr db::Statement kAssignments{
    "SELECT member, authority, role, valid_from, unit, valid_to FROM assignment "
    "ORDER BY member, valid_from, authority, role"};
constexpr db::Statement kLastDelegation{"SELECT COALESCE(MAX(nid), 0) FROM delegation"};
constexpr db::Statement kAddDelegation{
    "INSERT INTO delegation (nid, member, authority, act, role, valid_from, valid_to, decision, by_person, "
    "at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"};
constexpr db::Statement kEndDelegation{
    "UPDATE delegation SET ended_at = $1, ended_by = $2 WHERE nid = $3 AND ended_at IS NULL"};
constexpr db::Statement kDelegations{
    "SELECT nid, member, authority, act, role, valid_from, valid_to, decision, by_person, at, ended_at, "
    "ended_by FROM delegation ORDER BY nid"};
constexpr db::Statement kAddProposal{
    "INSERT INTO plan_proposal (event, room, proposed_by, at, content) VALUES ($1, $2, $3, $4, $5)"};
constexpr db::Statement kProposals{
    "SELECT event, room, proposed_by, at, content FROM plan_proposal ORDER BY event"};
constexpr db::Statement kAddAcceptance{
    "INSERT INTO plan_acceptance (event, authority, accepted_by, at) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (event, authority) DO NOTHING"};
constexpr db::Statement kCopyAcceptance{
    "INSERT INTO plan_acceptance (event, authority, accepted_by, at) "
    "SELECT CAST($1 AS BIGINT), authority, accepted_by, at FROM plan_acceptance WHERE event = $2 AND "
    "authority = $3"};
constexpr db::Statement kAcceptances{
    "SELECT event, authority, accepted_by, at FROM plan_acceptance ORDER BY event, authority"};
constexpr db::Statement kPutPart{
    "INSERT INTO room_part (room, member) VALUES ($1, $2) ON CONFLICT (room, member) DO NOTHING"};
constexpr db::Statement kRemovePart{"DELETE FROM room_part WHERE room = $1 AND member = $2"};
constexpr db::Statement kParts{"SELECT room, member FROM room_part ORDER BY room, member"};
constexpr db::Statement kLastAudit{"SELECT nid, hash FROM audit ORDER BY nid DESC LIMIT 1"};
constexpr db::Statement kAddAudit{
    "INSERT INTO audit (nid, at, person, what, details, hash) VALUES ($1, $2, $3, $4, $5, $6)"};
constexpr db::Statement kAuditRows{
    "SELECT nid, at, person, what, details, hash FROM audit WHERE nid > $1 ORDER BY nid LIMIT $2"};

std::int64_t to_number(Day day) { return day.time_since_epoch().count(); }
Day to_day(std::int64_t number) { return Day{std::chrono::days{number}}; }
std::optional<std::int64_t> to_number(std::optional<Day> day) {
  return day ? std::optional(to_number(*day)) : std::nullopt;
}
std::optional<Day> day_or_none(db::Row const& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(to_day(row.integer(column)));
}

std::optional<std::variant<Act, Role>> to_what(db::Row const& row, int column) {
  if (auto const act = parse_act(row.string(column))) return *act;
  if (auto const role = parse_role(row.string(column + 1))) return *role;
  return std::nullopt;
}

/// SHA-256 over the row before and this one, so that a row can be neither changed nor taken out unseen.
std::string chain(std::string_view before, AuditRow const& row) {
  auto const line =
      fmt::format("{}\n{}\n{}\n{}\n{}\n", row.nid, to_ms(row.at), row.by.value, row.what, row.details);
  return std::string(crypto::view(crypto::sha256(std::string(before) + line)));
}

}  // namespace

AuthorityId add_authority(db::Transaction& transaction, Authority const& authority) {
  auto const last =
      transaction.query_one(kLastAuthority, {}, [](db::Row const& row) { return row.integer(0); });
  AuthorityId const id(static_cast<std::int32_t>(last.value_or(0) + 1));
  transaction.execute(kAddAuthority, {id, authority.code, authority.name_sv, authority.name_en,
                                      authority.organisation, authority.organisation_number, authority.mark,
                                      to_number(authority.valid_from), to_number(authority.valid_to)});
  return id;
}

std::vector<Authority> authorities(db::Reader& reader) {
  std::vector<Authority> found;
  reader.query(kAuthorities, {}, [&](db::Row const& row) {
    found.push_back({row.number<AuthorityId>(0), row.string(1), row.string(2), row.string(3), row.string(4),
                     row.string(5), row.string(6), to_day(row.integer(7)), day_or_none(row, 8)});
  });
  return found;
}

void add_assignment(db::Transaction& transaction, Assignment const& assignment) {
  transaction.execute(kAddAssignment,
                      {assignment.user, assignment.authority, static_cast<int>(assignment.role),
                       to_number(assignment.valid_from), assignment.unit, to_number(assignment.valid_to)});
}

std::int64_t end_assignment(db::Transaction& transaction, Assignment const& assignment, Day last_day) {
  return transaction.execute(kEndAssignment, {to_number(last_day), assignment.user, assignment.authority,
                                              static_cast<int>(assignment.role)});
}

std::vector<Assignment> assignments(db::Reader& reader) {
  std::vector<Assignment> found;
  reader.query(kAssignments, {}, [&](db::Row const& row) {
    found.push_back({row.number<UserNid>(0), row.number<AuthorityId>(1), row.string(4),
                     static_cast<Role>(row.integer(2)), to_day(row.integer(3)), day_or_none(row, 5)});
  });
  return found;
}

std::int64_t add_delegation(db::Transaction& transaction, Delegation const& delegation) {
  auto const last =
      transaction.query_one(kLastDelegation, {}, [](db::Row const& row) { return row.integer(0); });
  auto const id = last.value_or(0) + 1;
  bool const an_act = std::holds_alternative<Act>(delegation.what);
  auto const name = name_of(delegation.what);
  transaction.execute(kAddDelegation,
                      {id, delegation.user, delegation.authority, an_act ? name : "", an_act ? "" : name,
                       to_number(delegation.valid_from), to_number(delegation.valid_to), delegation.decision,
                       delegation.by, to_ms(delegation.at)});
  return id;
}

bool end_delegation(db::Transaction& transaction, Delegation const& delegation) {
  return transaction.execute(kEndDelegation,
                             {to_ms(delegation.ended_at.value()), delegation.ended_by, delegation.id}) == 1;
}

std::vector<Delegation> delegations(db::Reader& reader) {
  std::vector<Delegation> found;
  reader.query(kDelegations, {}, [&](db::Row const& row) {
    auto const what = to_what(row, 3);
    if (!what) {
      log(LogLevel::warning, "a delegation gives what this version doesn't know; it gives nothing",
          {{"delegation", row.integer(0)}});
      return;
    }
    Delegation one{row.integer(0), row.number<UserNid>(1), row.number<AuthorityId>(2),
                   *what,          to_day(row.integer(5)), to_day(row.integer(6)),
                   row.string(7),  row.number<UserNid>(8), instant_from_ms(row.integer(9))};
    if (!row.is_null(10)) {
      one.ended_at = instant_from_ms(row.integer(10));
      one.ended_by = row.number<UserNid>(11);
    }
    found.push_back(std::move(one));
  });
  return found;
}

void add_proposal(db::Transaction& transaction, Proposal const& proposal) {
  transaction.execute(kAddProposal,
                      {proposal.event, proposal.room, proposal.by, to_ms(proposal.at), proposal.content});
}

void copy_acceptance(db::Transaction& transaction, EventNid from, EventNid to, AuthorityId authority) {
  transaction.execute(kCopyAcceptance, {to, from, authority});
}

bool add_acceptance(db::Transaction& transaction, Acceptance const& acceptance) {
  return transaction.execute(kAddAcceptance, {acceptance.event, acceptance.authority, acceptance.by,
                                              to_ms(acceptance.at)}) == 1;
}

std::vector<Proposal> proposals(db::Reader& reader) {
  std::vector<Proposal> found;
  reader.query(kProposals, {}, [&](db::Row const& row) {
    found.push_back({row.number<EventNid>(0), row.number<RoomNid>(1), row.number<UserNid>(2),
                     instant_from_ms(row.integer(3)), row.string(4)});
  });
  return found;
}

std::vector<Acceptance> acceptances(db::Reader& reader) {
  std::vector<Acceptance> found;
  reader.query(kAcceptances, {}, [&](db::Row const& row) {
    found.push_back({row.number<EventNid>(0), row.number<AuthorityId>(1), row.number<UserNid>(2),
                     instant_from_ms(row.integer(3))});
  });
  return found;
}

void put_part(db::Transaction& transaction, Part part) {
  transaction.execute(kPutPart, {part.room, part.member});
}

void remove_part(db::Transaction& transaction, Part part) {
  transaction.execute(kRemovePart, {part.room, part.member});
}

std::vector<Part> parts(db::Reader& reader) {
  std::vector<Part> found;
  reader.query(kParts, {}, [&](db::Row const& row) {
    found.push_back({row.number<RoomNid>(0), row.number<UserNid>(1)});
  });
  return found;
}

std::vector<AuditRow> audit_rows(db::Reader& reader, std::int64_t after, std::int64_t limit) {
  std::vector<AuditRow> found;
  reader.query(kAuditRows, {after, limit}, [&](db::Row const& row) {
    found.push_back({row.integer(0), instant_from_ms(row.integer(1)), row.number<UserNid>(2), row.string(3),
                     row.string(4), std::string(row.bytes(5))});
  });
  return found;
}

void add_audit_row(db::Transaction& transaction, Instant at, UserNid by, std::string_view what,
                   std::string_view details) {
  AuditRow row{0, at, by, std::string(what), std::string(details), {}};
  std::string before;
  transaction.query(kLastAudit, {}, [&](db::Row const& last) {
    row.nid = last.integer(0);
    before = last.bytes(1);
  });
  ++row.nid;
  row.hash = chain(before, row);
  transaction.execute(kAddAudit, {row.nid, to_ms(at), by, what, details, db::Bytes{row.hash}});
}

std::int64_t first_broken_audit_row(db::Reader& reader) {
  static constexpr std::int64_t kPage = 1000;
  std::int64_t last = 0;
  std::string before;
  while (true) {
    auto const rows = audit_rows(reader, last, kPage);
    for (auto const& row : rows) {
      if (row.nid != last + 1 || row.hash != chain(before, row)) return last + 1;
      last = row.nid;
      before = row.hash;
    }
    if (rows.size() < static_cast<std::size_t>(kPage)) return 0;
  }
}

}  // namespace torg::governance::store
