#include "governance/room_policy.hpp"

#include <algorithm>

namespace torg::governance {
namespace {

/// People get at most this much power in a room with a plan: only the organisation's service user has more.
constexpr std::int64_t kMostPower = 100;

std::string_view text_of(json::object const* content, std::string_view key) {
  return content == nullptr ? std::string_view() : optional_string(*content, key).value_or("");
}

Result<> limit_power(json::object const* content) {
  auto const* users = content == nullptr ? nullptr : optional_object(*content, "users");
  if (users == nullptr) return {};
  for (auto const& [user, power] : *users) {
    if (power.is_int64() && power.get_int64() > kMostPower) {
      return fail(ErrorCode::rule_refuses, "People have at most power 100 in a room with a plan.");
    }
  }
  return {};
}

/// Nothing widens access by itself: what the plan's level doesn't allow, no state event can.
Result<> limit_access(Plan const& plan, std::string_view type, json::object const* content) {
  if (plan.level == Level::open) return {};
  if (type == "m.room.join_rules") {
    auto const rule = text_of(content, "join_rule");
    if (rule != "invite" && rule != "knock") {
      return fail(ErrorCode::rule_refuses, "The plan keeps this room closed: people are invited to it.");
    }
  }
  if (type == "m.room.guest_access" && text_of(content, "guest_access") == "can_join") {
    return fail(ErrorCode::rule_refuses, "The plan keeps this room closed to guests.");
  }
  if (type == "m.room.history_visibility") {
    auto const visibility = text_of(content, "history_visibility");
    bool const to_all = visibility == "world_readable";
    bool const to_later_members = visibility == "shared" && plan.level == Level::shared;
    if (to_all || to_later_members) {
      return fail(
          ErrorCode::rule_refuses,
          "Opening the history discloses it to those who come later (R9); the plan doesn't allow that.");
    }
  }
  return {};
}

}  // namespace

Result<> GovernanceRoomPolicy::may(Intent const& intent) const {
  if (decided_) {
    if (auto decided = decided_(intent); !decided) return decided;
  }
  switch (intent.act) {
    case Act::invite:
      return may_take_part(intent.room, intent.target);
    case Act::join:
    case Act::knock:
      return may_take_part(intent.room, intent.target ? intent.target : intent.by);
    case Act::set_state:
      return may_set_state(intent);
    case Act::send:
      return intent.type == "m.room.encrypted" ? may_encrypt(intent) : Result<>{};
    case Act::upgrade:
      return may_upgrade(intent);
    case Act::create:
    case Act::leave:
    case Act::kick:
    case Act::ban:
    case Act::redact:
    case Act::upload:
      return {};
  }
  return {};
}

/// Who isn't party to the plan, or whose authority has not accepted it yet, stays outside.
Result<> GovernanceRoomPolicy::may_take_part(RoomNid room, UserNid user) const {
  auto const* plan = governance_.plan(room);
  if (plan == nullptr || governance_.is_service_user(user)) return {};
  auto const authority = governance_.authority_of(user);
  if (!authority) {
    bool const outsiders = plan->level == Level::open || (plan->level == Level::shared &&
                                                          plan->information_class == InformationClass::open);
    if (outsiders) return {};
    return fail(ErrorCode::forbidden, "The plan of this room lets only people of its authorities take part.");
  }
  if (plan->level == Level::open || has_accepted(*plan, *authority)) return {};
  auto const* unwelcome = governance_.authority(*authority);
  auto const name = unwelcome == nullptr ? "The authority" : unwelcome->name_en;
  if (std::ranges::find(plan->parties, *authority) == plan->parties.end()) {
    return fail(ErrorCode::forbidden, name + " may not take part here: it is not party to the plan.");
  }
  return fail(ErrorCode::forbidden, name + " has not accepted the plan yet.");
}

Result<> GovernanceRoomPolicy::may_set_state(Intent const& intent) const {
  if (intent.type == kPlanEvent) return may_propose(intent);
  if (intent.type == "m.room.encryption") return may_encrypt(intent);
  auto const* plan = governance_.plan(intent.room);
  if (plan == nullptr || governance_.is_service_user(intent.by)) return {};
  if (intent.type == "m.room.power_levels") return limit_power(intent.content);
  return limit_access(*plan, intent.type, intent.content);
}

Result<> GovernanceRoomPolicy::may_propose(Intent const& intent) const {
  if (!intent.state_key.empty()) {
    return fail(ErrorCode::invalid_param, "A room has one plan: the state key must be empty.");
  }
  if (intent.content == nullptr) return fail(ErrorCode::bad_json, "A plan needs its content.");
  auto plan = governance_.parse(*intent.content);
  if (!plan) return fail(std::move(plan));
  if (governance_.is_service_user(intent.by)) return {};
  auto const authority = governance_.authority_of(intent.by);
  if (!authority || std::ranges::find(plan->parties, *authority) == plan->parties.end()) {
    return fail(ErrorCode::forbidden, "Only people of an authority that takes part can propose a plan.");
  }
  return {};
}

/// The plan goes along as it is in force, so no moment is without its rules; a change that waits must be
/// settled first, or the new room would show a plan that nobody accepted. Who upgrades becomes a creator, and
/// from room version 12 on creators have more than power 100 for good.
Result<> GovernanceRoomPolicy::may_upgrade(Intent const& intent) const {
  auto const* plans = governance_.plans(intent.room);
  if (plans == nullptr || governance_.is_service_user(intent.by)) return {};
  if (plans->in_force() != nullptr && plans->proposed() != nullptr) {
    return fail(ErrorCode::rule_refuses, "A changed plan waits for acceptance here. Settle that first.");
  }
  auto const version = matrix::parse_room_version(text_of(intent.content, "room_version"));
  bool const all_powerful = version && matrix::traits(*version).creators == matrix::Creators::all_powerful;
  if (all_powerful) {
    return fail(
        ErrorCode::rule_refuses,
        "People have at most power 100 in a room with a plan; in that version its creator would have more.");
  }
  return {};
}

/// A server that can't read can't register, so officials encrypt only where every party has accepted a plan
/// that says so: there the lifter's client hands over the originals (architecture, decision 11).
Result<> GovernanceRoomPolicy::may_encrypt(Intent const& intent) const {
  auto const* plan = governance_.plan(intent.room);
  if (plan != nullptr && plan->end_to_end) return {};
  if (plan == nullptr && !governance_.authority_of(intent.by) &&
      governance_.taking_part(intent.room).authorities.empty()) {
    return {};
  }
  return fail(ErrorCode::rule_refuses,
              "This room can't be encrypted end to end: its plan doesn't allow what the authority couldn't "
              "register.");
}

matrix::RoomPolicy::Facts GovernanceRoomPolicy::facts(matrix::RoomEvent const& draft) {
  auto own = governance_.facts(draft);
  auto records = records_ == nullptr ? nullptr : records_->facts(draft);
  if (!own) return records;
  if (!records) return own;
  return [own = std::move(own), records = std::move(records)](db::Transaction& transaction, EventNid event,
                                                              Position position) {
    own(transaction, event, position);
    records(transaction, event, position);
  };
}

void GovernanceRoomPolicy::committed(matrix::RoomEvent const& event) {
  governance_.committed(event);
  if (records_ != nullptr) records_->committed(event);
}

}  // namespace torg::governance
