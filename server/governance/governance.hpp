#pragma once
#include "governance/acts.hpp"
#include "identity/identity.hpp"
#include "matrix/room/rooms.hpp"

namespace torg::governance {

/// Authorities, assignments, roles and plans in memory over the store; the audit log. Called on the executor
/// only.
class Governance {
 public:
  virtual ~Governance() = default;

  [[nodiscard]] virtual std::vector<Authority> const& authorities() const = 0;
  [[nodiscard]] virtual Authority const* authority(AuthorityId id) const = 0;
  [[nodiscard]] virtual Authority const* authority_by_code(std::string_view code) const = 0;
  /// The authority a user works for today; none for outsiders and citizens.
  [[nodiscard]] virtual std::optional<AuthorityId> authority_of(UserNid user) const = 0;
  [[nodiscard]] virtual std::vector<Assignment> assignments(UserNid user) const = 0;
  /// All that a person may do for an authority today, by roles and by delegations: the one question that
  /// every route and service asks (docs/roles.md).
  [[nodiscard]] virtual Acts acts(UserNid user, AuthorityId authority) const = 0;
  [[nodiscard]] bool may(UserNid user, Act act, AuthorityId authority) const {
    return acts(user, authority).has(act);
  }
  /// The authorities that somebody may do it for, in order.
  [[nodiscard]] std::vector<AuthorityId> where_may(UserNid user, Act act) const;
  [[nodiscard]] bool may_somewhere(UserNid user, Act act) const { return !where_may(user, act).empty(); }
  /// Whether somebody is administrator of any authority today.
  [[nodiscard]] bool is_administrator(UserNid user) const;
  /// The plan in force for a room; null when it has none.
  [[nodiscard]] virtual Plan const* plan(RoomNid room) const = 0;

  /// Appends to the audit log inside the caller's transaction (runs in the lane). `what` is a dotted verb
  /// such as `plan.accepted`; `details` never holds content.
  static void audit(db::Transaction& transaction, Instant at, UserNid by, std::string_view what,
                    json::object const& details);
};

}  // namespace torg::governance
