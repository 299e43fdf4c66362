// Plans and members: proposed and joined in rooms, in force by acceptance outside them.
#include "governance/service.hpp"
#include "governance/store.hpp"

#include <algorithm>

namespace torg::governance {
namespace {

using matrix::Membership;

struct MemberChange {
  std::string user_id;
  Membership membership;
};

std::optional<MemberChange> member_change(matrix::RoomEvent const& event) {
  if (event.type != "m.room.member" || !event.state_key) return std::nullopt;
  auto const content = parse_json_object(event.content);
  if (!content) return std::nullopt;
  return MemberChange{*event.state_key,
                      matrix::parse_membership(optional_string(*content, "membership").value_or(""))};
}

bool is_plan(matrix::RoomEvent const& event) { return event.type == kPlanEvent && event.state_key == ""; }

}  // namespace

Plan const* GovernanceService::plan(RoomNid room) const {
  auto const* plans = this->plans(room);
  auto const* entry = plans == nullptr ? nullptr : plans->in_force();
  return entry == nullptr ? nullptr : &entry->plan;
}

std::vector<Plan const*> GovernanceService::plans_in_force() const {
  std::vector<Plan const*> found;
  for (auto const& [room, plans] : plans_) {
    if (auto const* entry = plans.in_force()) found.push_back(&entry->plan);
  }
  return found;
}

RoomPlans const* GovernanceService::plans(RoomNid room) const {
  auto const found = plans_.find(room);
  return found == plans_.end() ? nullptr : &found->second;
}

Result<Plan> GovernanceService::parse(json::object const& content) const {
  return parse_plan(content, [this](std::string_view code) { return authority_by_code(code); });
}

/// A content that can't be read proposes nothing: the event may have come before the authority it names was
/// here.
void GovernanceService::apply_proposal(RoomNid room, EventNid event, std::string_view content) {
  auto object = parse_json_object(content);
  if (!object) return;
  auto plan = parse(*object);
  if (!plan) return;
  plan->room = room;
  plans_[room].propose({event, std::move(*plan), std::move(*object)});
}

Task<Result<>> GovernanceService::accept_plan(RoomNid room, AuthorityId authority, UserNid by) {
  if (!may(by, Act::decide_room_plan, authority)) {
    co_return fail(ErrorCode::forbidden, "Only an officer of the authority can accept a plan for it.");
  }
  auto const* plans = this->plans(room);
  auto const waiting = plans == nullptr ? std::vector<AuthorityId>{} : plans->waiting_for();
  if (std::ranges::find(waiting, authority) == waiting.end()) {
    co_return fail(ErrorCode::conflict, "No plan waits for this authority's acceptance.");
  }
  auto const event = plans->open()->event;
  store::Acceptance const acceptance{event, authority, by, runtime_.now()};
  auto const written = co_await database_.write([acceptance, room](db::Transaction& transaction) -> Result<> {
    if (!store::add_acceptance(transaction, acceptance)) {
      return fail(ErrorCode::conflict, "The authority has accepted this plan already.");
    }
    audit(transaction, acceptance.at, acceptance.by, "plan.accepted",
          {{"room", room.value},
           {"proposal", acceptance.event.value},
           {"authority", acceptance.authority.value}});
    return {};
  });
  if (!written) co_return written;
  // Somebody may have proposed anew while this was written: then the acceptance is of a plan pushed aside.
  if (!plans_[room].accept(event, authority)) {
    co_return fail(ErrorCode::conflict, "A new proposal came meanwhile; look at it first.");
  }
  co_return Result<>{};
}

matrix::RoomPolicy::Facts GovernanceService::plan_facts(matrix::RoomEvent const& draft) const {
  store::Proposal proposal{draft.nid, draft.room, draft.sender, runtime_.now(), draft.content};
  auto const found = carried_.find(draft.room);
  auto carried = found == carried_.end() ? Carried{} : found->second;
  return [proposal = std::move(proposal), carried = std::move(carried)](db::Transaction& transaction,
                                                                        EventNid event, Position) {
    auto stored = proposal;
    stored.event = event;
    store::add_proposal(transaction, stored);
    audit(transaction, stored.at, stored.by, "plan.proposed",
          {{"room", stored.room.value}, {"proposal", event.value}});
    for (auto const authority : carried.accepted_by) {
      store::copy_acceptance(transaction, carried.event, event, authority);
      audit(transaction, stored.at, stored.by, "plan.carried_over",
            {{"room", stored.room.value},
             {"from", carried.from.value},
             {"proposal", event.value},
             {"authority", authority.value}});
    }
  };
}

void GovernanceService::carry_over(RoomNid next, RoomNid old) {
  auto const* plans = this->plans(old);
  auto const* entry = plans == nullptr ? nullptr : plans->in_force();
  if (entry == nullptr) return;
  carried_[next] = {.from = old, .event = entry->event, .accepted_by = entry->plan.accepted_by};
}

matrix::RoomPolicy::Facts GovernanceService::facts(matrix::RoomEvent const& draft) const {
  if (is_plan(draft)) return plan_facts(draft);
  auto const change = member_change(draft);
  if (!change) return nullptr;
  auto const member = member_of_(change->user_id);
  if (!member || is_service_user(member)) return nullptr;
  store::Part const part{draft.room, member};
  bool const joins = change->membership == Membership::join;
  return [part, joins](db::Transaction& transaction, EventNid, Position) {
    if (joins)
      store::put_part(transaction, part);
    else
      store::remove_part(transaction, part);
  };
}

void GovernanceService::committed(matrix::RoomEvent const& event) {
  if (is_plan(event)) {
    apply_proposal(event.room, event.nid, event.content);
    auto const carried = carried_.extract(event.room);
    if (carried.empty()) return;
    for (auto const authority : carried.mapped().accepted_by)
      (void)plans_[event.room].accept(event.nid, authority);  // the same parties: none can be refused
    return;
  }
  auto const change = member_change(event);
  if (!change) return;
  auto const member = member_of_(change->user_id);
  if (!member || is_service_user(member)) return;
  if (change->membership == Membership::join)
    parts_.put(event.room, member, authority_or_none(member));
  else
    parts_.remove(event.room, member);
}

}  // namespace torg::governance
