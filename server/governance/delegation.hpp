#pragma once
#include "governance/acts.hpp"

#include <variant>

namespace torg::governance {

/// One act, or what a role may do, given to a person by a decision of the authority for some days. It ends by
/// itself.
struct Delegation {
  std::int64_t id = 0;
  UserNid user;
  AuthorityId authority;
  std::variant<Act, Role> what;
  Day valid_from{}, valid_to{};  ///< both belong to it
  std::string decision;          ///< "KS 2026-11-03 § 14"
  UserNid by;                    ///< who entered it
  Instant at{};
  std::optional<Instant> ended_at{};  ///< before its last day
  UserNid ended_by{};
};

[[nodiscard]] inline bool holds_on(Delegation const& delegation, Day day) {
  return !delegation.ended_at && delegation.valid_from <= day && day <= delegation.valid_to;
}
[[nodiscard]] Acts acts_of(Delegation const& delegation);
/// The name of the act or role.
[[nodiscard]] std::string_view name_of(std::variant<Act, Role> const& what);

[[nodiscard]] inline bool holds_on(Assignment const& assignment, Day day) {
  return assignment.valid_from <= day && (!assignment.valid_to || *assignment.valid_to >= day);
}

}  // namespace torg::governance
