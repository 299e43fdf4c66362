#pragma once
#include "governance/plan.hpp"

namespace torg::governance {

/// One proposed plan with those who accepted it (in `plan.accepted_by`).
struct PlanEntry {
  EventNid event;
  Plan plan;
  json::object content;  ///< as proposed
};

/// The plans of one room: what is in force and what waits. Pure.
///
/// A first plan is in force from the host's acceptance on, for those that have accepted; a change waits until
/// all its parties have, and the old one stands meanwhile (architecture, decision 16).
class RoomPlans {
 public:
  /// A later proposal takes the place of one that still waits.
  void propose(PlanEntry entry);
  /// @return false when there is nothing this authority could accept, or it has
  bool accept(EventNid event, AuthorityId authority);

  [[nodiscard]] PlanEntry const* in_force() const { return in_force_ ? &*in_force_ : nullptr; }
  [[nodiscard]] PlanEntry const* proposed() const { return proposed_ ? &*proposed_ : nullptr; }
  /// What an acceptance would be about: the proposal that waits, else the plan that not all have accepted.
  [[nodiscard]] PlanEntry const* open() const;
  /// Parties that have not accepted `open()`.
  [[nodiscard]] std::vector<AuthorityId> waiting_for() const;

 private:
  std::optional<PlanEntry> in_force_;
  std::optional<PlanEntry> proposed_;
};

[[nodiscard]] bool has_accepted(Plan const& plan, AuthorityId authority);

}  // namespace torg::governance
