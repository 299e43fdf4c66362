#include "governance/room_plans.hpp"

#include <algorithm>
#include <utility>

namespace torg::governance {
namespace {

bool is_party(Plan const& plan, AuthorityId authority) {
  return std::ranges::find(plan.parties, authority) != plan.parties.end();
}

std::vector<AuthorityId> missing(Plan const& plan) {
  std::vector<AuthorityId> found;
  for (auto const party : plan.parties) {
    if (!has_accepted(plan, party)) found.push_back(party);
  }
  return found;
}

}  // namespace

bool has_accepted(Plan const& plan, AuthorityId authority) {
  return std::ranges::find(plan.accepted_by, authority) != plan.accepted_by.end();
}

void RoomPlans::propose(PlanEntry entry) {
  entry.plan.accepted_by.clear();
  proposed_ = std::move(entry);
}

PlanEntry const* RoomPlans::open() const {
  if (proposed_) return &*proposed_;
  return in_force_ && !missing(in_force_->plan).empty() ? &*in_force_ : nullptr;
}

std::vector<AuthorityId> RoomPlans::waiting_for() const {
  auto const* entry = open();
  return entry == nullptr ? std::vector<AuthorityId>{} : missing(entry->plan);
}

bool RoomPlans::accept(EventNid event, AuthorityId authority) {
  auto* entry = proposed_ ? &*proposed_ : in_force_ ? &*in_force_ : nullptr;
  if (entry == nullptr || entry->event != event) return false;
  if (!is_party(entry->plan, authority) || has_accepted(entry->plan, authority)) return false;
  entry->plan.accepted_by.push_back(authority);
  if (!proposed_) return true;
  bool const first_and_hosted = !in_force_ && has_accepted(entry->plan, entry->plan.host);
  if (first_and_hosted || missing(entry->plan).empty()) in_force_ = std::exchange(proposed_, std::nullopt);
  return true;
}

}  // namespace torg::governance
