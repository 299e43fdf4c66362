#include "matrix/room/room.hpp"

#include "base/identifiers.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

/// How many events of a room stay readable without the store.
constexpr std::size_t kTimelineInMemory = 32;
// Rough figures, with what the allocator adds: an event without its content, its place in the state with the
// key and what is parsed from it, a member's number, a room with nothing in it.
constexpr std::size_t kEventBytes = 360;
constexpr std::size_t kStateBytes = 280;
constexpr std::size_t kMemberBytes = 40;
constexpr std::size_t kRoomBytes = 2'000;

std::size_t bytes_of(CachedEvent const& event) { return kEventBytes + event.content.capacity(); }

std::string_view text_or(json::object const& content, std::string_view key, std::string_view otherwise) {
  return optional_string(content, key).value_or(otherwise);
}

}  // namespace

std::ranges::subrange<Room::StateMap::const_iterator> Room::state_of_type(std::string_view type) const {
  using Key = std::pair<std::string_view, std::string_view>;
  auto const after = std::string(type) + '\0';  // nothing comes between the two
  return {state_.lower_bound(Key{type, ""}), state_.lower_bound(Key{after, ""})};
}

EventPtr const* Room::state(std::string_view type, std::string_view state_key) const {
  auto const found = state_.find(std::pair<std::string_view, std::string_view>(type, state_key));
  return found == state_.end() ? nullptr : &found->second;
}

void Room::apply_state(EventPtr const& event) {
  auto& place = state_[{std::string(event->type), *event->state_key}];
  if (place) event_bytes_ -= bytes_of(*place);
  event_bytes_ += bytes_of(*event);
  place = event;
  parse_state(*event);
}

void Room::apply(EventPtr const& event) {
  head_ = {event->nid, event->id, event->depth, event->messages};
  if (event->is_state()) apply_state(event);
}

void Room::prepend(EventPtr const& event) {
  event_bytes_ += bytes_of(*event);
  timeline_.push_front(event);
}

void Room::publish(EventPtr const& event) {
  event_bytes_ += bytes_of(*event);
  timeline_.push_back(event);
  last_position_ = event->position;
  if (timeline_.size() > kTimelineInMemory) {
    event_bytes_ -= bytes_of(*timeline_.front());
    timeline_start_ = timeline_.front()->position;
    timeline_.pop_front();
  }
}

void Room::parse_state(CachedEvent const& event) {
  auto const parsed = parse_json_object(event.content);
  if (!parsed) return;  // what we stored was parsed once already
  auto const& content = *parsed;
  if (event.type == "m.room.member") {
    memberships_[*event.state_key] = parse_membership(text_or(content, "membership", ""));
  } else if (event.type == "m.room.power_levels" && event.state_key->empty()) {
    if (auto levels = PowerLevels::parse(content, traits(version_).levels))
      power_levels_ = std::move(*levels);
  } else if (event.type == "m.room.join_rules" && event.state_key->empty()) {
    join_rule_ = text_or(content, "join_rule", "invite");
  } else if (event.type == "m.room.history_visibility" && event.state_key->empty()) {
    history_visibility_ = text_or(content, "history_visibility", "shared");
  } else if (event.type == "m.room.third_party_invite") {
    third_party_invites_[*event.state_key] = {content, event.sender};
  } else if (event.type == "m.room.create") {
    parse_create(event, content);
  }
}

void Room::parse_create(CachedEvent const& event, json::object const& content) {
  auto const& sender = identity_.user_id(event.sender);
  auto const how = traits(version_).creators;
  create_id_ = event.id.text();
  if (auto const* before = optional_object(content, "predecessor"))
    predecessor_ = text_or(*before, "room_id", "");
  creators_ = {how == Creators::in_content ? std::string(text_or(content, "creator", sender)) : sender};
  creator_server_ = server_of(sender);
  federates_ = optional_bool(content, "m.federate").value_or(true);
  if (how != Creators::all_powerful) return;
  auto const* more = optional_array(content, "additional_creators");
  if (more == nullptr) return;
  for (auto const& another : *more) {
    if (another.is_string()) creators_.emplace_back(another.get_string());
  }
}

void Room::set_member(UserNid user, Membership membership) {
  auto& place = members_.try_emplace(user, Membership::none).first->second;
  if (place == Membership::join) --joined_;
  if (place == Membership::invite) --invited_;
  if (membership == Membership::join) ++joined_;
  if (membership == Membership::invite) ++invited_;
  place = membership;
}

Membership Room::member(UserNid user) const {
  auto const found = members_.find(user);
  return found == members_.end() ? Membership::none : found->second;
}

std::vector<UserNid> Room::joined_members() const {
  std::vector<UserNid> joined;
  joined.reserve(joined_);
  for (auto const& [user, membership] : members_) {
    if (membership == Membership::join) joined.push_back(user);
  }
  std::ranges::sort(joined);  // a hash map has no order of its own that a simulation could repeat
  return joined;
}

void Room::mark_redacted(EventNid target, EventPtr const& redaction) {
  auto const mark = [&](CachedEvent& event) {
    if (event.nid != target || event.redacted_by) return;
    event.redacted_by = redaction->nid;
    event.version = version_;
    event.redaction = redaction;
  };
  for (auto const& event : timeline_) mark(*event);
  for (auto const& [key, event] : state_) mark(*event);
}

std::size_t Room::memory_bytes() const {
  return kRoomBytes + event_bytes_ + state_.size() * kStateBytes + members_.size() * kMemberBytes;
}

bool Room::is_creator(std::string_view user) const {
  return std::ranges::find(creators_, user) != creators_.end();
}

Membership Room::membership(std::string_view user) const {
  auto const found = memberships_.find(user);
  return found == memberships_.end() ? Membership::none : found->second;
}

json::object const* Room::third_party_invite(std::string_view token) const {
  auto const found = third_party_invites_.find(token);
  return found == third_party_invites_.end() ? nullptr : &found->second.content;
}

std::string_view Room::third_party_invite_sender(std::string_view token) const {
  auto const found = third_party_invites_.find(token);
  return found == third_party_invites_.end() ? std::string_view() : identity_.user_id(found->second.sender);
}

}  // namespace torg::matrix
