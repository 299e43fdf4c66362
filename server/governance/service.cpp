#include "governance/service.hpp"

#include "governance/store.hpp"
#include "governance/zone.hpp"

#include <algorithm>
#include <tuple>

namespace torg::governance {
namespace {

json::object describe(Assignment const& assignment) {
  return {{"user", assignment.user.value},
          {"authority", assignment.authority.value},
          {"unit", assignment.unit},
          {"role", to_text(assignment.role)},
          {"from", to_text(assignment.valid_from)}};
}

}  // namespace

void Governance::audit(db::Transaction& transaction, Instant at, UserNid by, std::string_view what,
                       json::object const& details) {
  store::add_audit_row(transaction, at, by, what, json::serialize(details));
}

bool Governance::is_administrator(UserNid user) const {
  return std::ranges::any_of(assignments(user),
                             [](auto const& held) { return held.role == Role::administrator; });
}

std::vector<AuthorityId> Governance::where_may(UserNid user, Act act) const {
  std::vector<AuthorityId> found;
  for (auto const& authority : authorities())
    if (may(user, act, authority.id)) found.push_back(authority.id);
  return found;
}

void GovernanceService::start() {
  database_.read_now([this](db::Reader& reader) {
    authorities_ = store::authorities(reader);
    assignments_.clear();
    for (auto& assignment : store::assignments(reader))
      assignments_[assignment.user].push_back(std::move(assignment));
    delegations_.clear();
    for (auto& delegation : store::delegations(reader))
      delegations_[delegation.user].push_back(std::move(delegation));
    for (auto const& part : store::parts(reader))
      parts_.put(part.room, part.member, authority_or_none(part.member));
    load_plans(reader);
  });
}

void GovernanceService::load_plans(db::Reader& reader) {
  std::map<EventNid, std::vector<AuthorityId>> accepted;
  std::vector<store::Acceptance> acceptances = store::acceptances(reader);
  std::ranges::sort(acceptances, {}, [](auto const& a) { return std::tuple(a.at, a.event, a.authority); });
  for (auto const& acceptance : acceptances) accepted[acceptance.event].push_back(acceptance.authority);
  // Nobody accepts a plan that a later proposal has pushed aside, so proposal by proposal is the order of
  // events.
  for (auto const& proposal : store::proposals(reader)) {
    apply_proposal(proposal.room, proposal.event, proposal.content);
    for (auto const authority : accepted[proposal.event])
      plans_[proposal.room].accept(proposal.event, authority);
  }
}

Authority const* GovernanceService::authority(AuthorityId id) const {
  auto const found = std::ranges::find(authorities_, id, &Authority::id);
  return found == authorities_.end() ? nullptr : &*found;
}

Authority const* GovernanceService::authority_by_code(std::string_view code) const {
  auto const found = std::ranges::find(authorities_, code, &Authority::code);
  return found == authorities_.end() ? nullptr : &*found;
}

Day GovernanceService::today() const {
  auto const now = runtime_.now();
  // The zone is asked once a day, not once a message; a clock that was set back asks again.
  if (now >= today_ends_ || now < today_ends_ - std::chrono::hours(26)) {
    today_ = day_of(now);
    today_ends_ = start_of(today_ + std::chrono::days{1});
  }
  return today_;
}

std::optional<AuthorityId> GovernanceService::authority_of(UserNid user) const {
  auto const found = assignments_.find(user);
  if (found == assignments_.end()) return std::nullopt;
  auto const day = today();
  for (auto const& assignment : found->second) {
    if (holds_on(assignment, day)) return assignment.authority;
  }
  return std::nullopt;
}

std::vector<Assignment> GovernanceService::assignments(UserNid user) const {
  std::vector<Assignment> held;
  auto const found = assignments_.find(user);
  if (found == assignments_.end()) return held;
  std::ranges::copy_if(found->second, std::back_inserter(held),
                       [day = today()](auto const& assignment) { return holds_on(assignment, day); });
  return held;
}

std::vector<Assignment> GovernanceService::people() const {
  std::vector<Assignment> found;
  auto const day = today();
  for (auto const& [user, assignments] : assignments_) {
    auto const main =
        std::ranges::find_if(assignments, [&](auto const& held) { return holds_on(held, day); });
    if (main != assignments.end()) found.push_back(*main);
  }
  return found;
}

Task<Result<AuthorityId>> GovernanceService::add_authority(Authority authority, UserNid by) {
  auto const at = runtime_.now();
  auto const added = co_await database_.write([authority, by,
                                               at](db::Transaction& transaction) -> Result<AuthorityId> {
    auto const id = store::add_authority(transaction, authority);
    audit(transaction, at, by, "authority.added", {{"code", authority.code}, {"name", authority.name_sv}});
    return id;
  });
  if (!added) co_return std::unexpected(added.error());
  authority.id = *added;
  authorities_.push_back(std::move(authority));
  co_return *added;
}

Task<Result<>> GovernanceService::assign(Assignment assignment, UserNid by) {
  if (this->authority(assignment.authority) == nullptr)
    co_return fail(ErrorCode::not_found, "There is no such authority.");
  auto const at = runtime_.now();
  auto const written =
      co_await database_.write([assignment, by, at](db::Transaction& transaction) -> Result<> {
        store::add_assignment(transaction, assignment);
        audit(transaction, at, by, "assignment.began", describe(assignment));
        return {};
      });
  if (!written) co_return written;
  auto& held = assignments_[assignment.user];
  std::erase_if(held, [&](Assignment const& before) {
    return before.authority == assignment.authority && before.role == assignment.role &&
           before.valid_from == assignment.valid_from;
  });
  held.push_back(assignment);
  std::ranges::sort(held, {}, [](auto const& a) { return std::tuple(a.valid_from, a.authority, a.role); });
  refresh_part(assignment.user);
  co_return Result<>{};
}

Task<Result<>> GovernanceService::end_assignment(Assignment assignment, Day last_day, UserNid by) {
  auto const at = runtime_.now();
  auto const written =
      co_await database_.write([assignment, last_day, by, at](db::Transaction& t) -> Result<> {
        if (store::end_assignment(t, assignment, last_day) == 0) {
          return fail(ErrorCode::not_found, "There is no such assignment.");
        }
        auto details = describe(assignment);
        details["last_day"] = to_text(last_day);
        audit(t, at, by, "assignment.ended", details);
        return {};
      });
  if (!written) co_return written;
  for (auto& held : assignments_[assignment.user]) {
    bool const same = held.authority == assignment.authority && held.role == assignment.role;
    if (same && (!held.valid_to || *held.valid_to > last_day)) held.valid_to = last_day;
  }
  refresh_part(assignment.user);
  co_return Result<>{};
}

void GovernanceService::refresh_part(UserNid user) { parts_.move(user, authority_or_none(user)); }

}  // namespace torg::governance
