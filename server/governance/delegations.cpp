// Who may do what: roles and delegations of today, and what nobody may be given.
#include "governance/service.hpp"
#include "governance/store.hpp"
#include "governance/zone.hpp"

#include <algorithm>
#include <tuple>

namespace torg::governance {
namespace {

constexpr std::size_t kMostDecision = 200;  // bytes

json::object describe(Delegation const& delegation) {
  return {{"delegation", delegation.id},
          {"user", delegation.user.value},
          {"authority", delegation.authority.value},
          {"what", name_of(delegation.what)},
          {"from", to_text(delegation.valid_from)},
          {"to", to_text(delegation.valid_to)},
          {"decision", delegation.decision}};
}

bool shows_content(Acts acts) { return without_content(acts) != acts; }

std::unexpected<Error> never_reads() {
  return fail(ErrorCode::rule_refuses,
              "An administrator never reads what is registered: whoever administers has another account for "
              "work with records.");
}

}  // namespace

Acts acts_of(Delegation const& delegation) {
  if (auto const* act = std::get_if<Act>(&delegation.what))
    return rule_of(*act).delegable == Delegable::yes ? Acts{*act} : Acts{};
  return delegable_acts_of(std::get<Role>(delegation.what));
}

std::string_view name_of(std::variant<Act, Role> const& what) {
  return std::visit([](auto one) { return to_text(one); }, what);
}

Acts GovernanceService::acts(UserNid user, AuthorityId authority) const {
  auto const day = today();
  Acts given;
  if (auto const held = assignments_.find(user); held != assignments_.end()) {
    for (auto const& assignment : held->second) {
      if (assignment.authority == authority && holds_on(assignment, day)) given.add(acts_of(assignment.role));
    }
  }
  if (auto const held = delegations_.find(user); held != delegations_.end()) {
    for (auto const& delegation : held->second)
      if (delegation.authority == authority && holds_on(delegation, day)) given.add(acts_of(delegation));
  }
  auto const all = with_what_follows(given);
  return administers(user) ? without_content(all) : all;
}

/// Anywhere: the server has one set of administrators' tools.
bool GovernanceService::administers(UserNid user) const {
  if (administers_ && administers_(user)) return true;
  auto const held = assignments_.find(user);
  return held != assignments_.end() && std::ranges::any_of(held->second, [day = today()](auto const& one) {
           return one.role == Role::administrator && holds_on(one, day);
         });
}

Result<> GovernanceService::may_hold(Assignment const& assignment) const {
  if (administers_ && administers_(assignment.user) && shows_content(acts_of(assignment.role)))
    return never_reads();
  auto const held = assignments_.find(assignment.user);
  if (held == assignments_.end()) return {};
  auto const day = today();
  for (auto const& other : held->second) {
    if (other.valid_to && *other.valid_to < std::max(day, assignment.valid_from)) continue;
    bool const administers = other.role == Role::administrator || assignment.role == Role::administrator;
    if (administers && (shows_content(acts_of(other.role)) || shows_content(acts_of(assignment.role))))
      return never_reads();
  }
  return {};
}

std::vector<Assignment> GovernanceService::assignments_of(AuthorityId id) const {
  std::vector<Assignment> found;
  for (auto const& [user, held] : assignments_) {
    std::ranges::copy_if(held, std::back_inserter(found), [&, day = today()](Assignment const& one) {
      return one.authority == id && (!one.valid_to || *one.valid_to >= std::max(day, one.valid_from));
    });
  }
  return found;
}

Result<> GovernanceService::check(Delegation const& wanted) const {
  if (authority(wanted.authority) == nullptr)
    return fail(ErrorCode::not_found, "There is no such authority.");
  if (wanted.valid_to < wanted.valid_from || wanted.valid_to < today())
    return fail(ErrorCode::invalid_param, "A delegation ends after it begins, and not before today.");
  if (wanted.decision.find_first_not_of(' ') == std::string::npos || wanted.decision.size() > kMostDecision)
    return fail(ErrorCode::invalid_param,
                "Say which decision of the authority it rests on, in at most 200 characters.");
  if (wanted.user == wanted.by)
    return fail(ErrorCode::rule_refuses, "Nobody gives themself anything: a colleague enters it.");
  if (acts_of(wanted).empty())
    return fail(ErrorCode::rule_refuses,
                "This can't be delegated: people are appointed to it by the authority and get the role.");
  if (assignments(wanted.user).empty())
    return fail(ErrorCode::rule_refuses, "Only somebody who works for the organisation is given anything.");
  if (administers(wanted.user) && shows_content(with_what_follows(acts_of(wanted)))) return never_reads();
  return {};
}

Task<Result<Delegation>> GovernanceService::delegate(Delegation wanted) {
  if (auto good = check(wanted); !good) co_return std::unexpected(good.error());
  wanted.at = runtime_.now();
  auto written = co_await database_.write([wanted](db::Transaction& transaction) -> Result<Delegation> {
    auto stored = wanted;
    stored.id = store::add_delegation(transaction, stored);
    audit(transaction, stored.at, stored.by, "delegation.began", describe(stored));
    return stored;
  });
  if (written) delegations_[written->user].push_back(*written);
  co_return written;
}

Task<Result<Delegation>> GovernanceService::end_delegation(std::int64_t id, UserNid by) {
  auto const* found = delegation(id);
  if (found == nullptr) co_return fail(ErrorCode::not_found, "There is no such delegation.");
  auto ended = *found;
  ended.ended_at = runtime_.now();
  ended.ended_by = by;
  if (found->ended_at || found->valid_to < today())
    co_return fail(ErrorCode::conflict, "The delegation has ended already.");
  auto const written = co_await database_.write([ended](db::Transaction& transaction) -> Result<> {
    if (!store::end_delegation(transaction, ended))
      return fail(ErrorCode::conflict, "The delegation has ended already.");
    audit(transaction, *ended.ended_at, ended.ended_by, "delegation.ended", describe(ended));
    return {};
  });
  if (!written) co_return std::unexpected(written.error());
  std::ranges::replace_if(
      delegations_[ended.user], [id](Delegation const& one) { return one.id == id; }, ended);
  co_return ended;
}

Delegation const* GovernanceService::delegation(std::int64_t id) const {
  for (auto const& [user, held] : delegations_) {
    auto const found = std::ranges::find(held, id, &Delegation::id);
    if (found != held.end()) return &*found;
  }
  return nullptr;
}

std::vector<Delegation> GovernanceService::delegations_of(AuthorityId id) const {
  std::vector<Delegation> found;
  for (auto const& [user, held] : delegations_) {
    std::ranges::copy_if(held, std::back_inserter(found),
                         [id](Delegation const& one) { return one.authority == id; });
  }
  std::ranges::sort(found, std::greater(), &Delegation::id);
  return found;
}

}  // namespace torg::governance
