#include "matrix/sync/presence.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

constexpr std::array<std::string_view, 3> kStates{"offline", "unavailable", "online"};
/// A client that has got its news comes back within this.
constexpr std::chrono::seconds kBetweenSyncs{30};
/// How long a word holds of somebody who doesn't sync.
constexpr std::chrono::minutes kWordHolds{5};
constexpr std::chrono::milliseconds kGather{200};

}  // namespace

std::string_view to_text(Presence::State state) { return kStates[static_cast<std::size_t>(state)]; }

std::optional<Presence::State> parse_presence(std::string_view text) {
  auto const found = std::ranges::find(kStates, text);
  if (found == kStates.end()) return std::nullopt;
  return static_cast<Presence::State>(found - kStates.begin());
}

Presence::Presence(RoomService& rooms, Use use) : rooms_(rooms), use_(use) {
  if (use_ == Use::off) return;
  rooms_.observe([this](Room const& room, EventPtr const& event) {
    if (event->type == "m.room.member") follow(room, *event);
  });
}

Presence::~Presence() {
  for (auto const& [user, person] : people_) {
    if (person.timer) rooms_.runtime().cancel(*person.timer);
  }
  if (telling_) rooms_.runtime().cancel(*telling_);
}

/// The rooms of a person are looked up once; from then on their membership events are followed.
void Presence::meet(UserNid user, UserRooms const& rooms) {
  auto const [at, is_new] = people_.try_emplace(user);
  if (!is_new) return;
  for (auto const& [room, member] : rooms) {
    if (member.membership == Membership::join) at->second.joined.insert(room);
  }
}

void Presence::follow(Room const& room, CachedEvent const& event) {
  auto const user = rooms_.identity().find(event.state_key.value_or(""));
  auto const person = people_.find(user);
  if (person == people_.end()) return;
  if (room.is_joined(user))
    person->second.joined.insert(room.nid());
  else
    person->second.joined.erase(room.nid());
}

void Presence::set(UserNid user, State state, std::string status_msg, UserRooms const& rooms) {
  if (use_ == Use::off) return;
  meet(user, rooms);
  change(user, state, state == State::offline ? "" : std::move(status_msg));
  stay(user, rooms_.runtime().steady_now() + kWordHolds);
}

void Presence::syncs(UserNid user, State state, SteadyTime deadline, UserRooms const& rooms) {
  if (use_ == Use::off || state == State::offline) return;
  meet(user, rooms);
  change(user, state, people_[user].status_msg);
  stay(user, deadline + kBetweenSyncs);
}

void Presence::change(UserNid user, State state, std::string status_msg) {
  auto& person = people_[user];
  if (person.state == state && person.status_msg == status_msg) return;
  person.state = state;
  person.status_msg = std::move(status_msg);
  if (state != State::offline) person.active = rooms_.runtime().steady_now();
  changes_.erase(person.changed_at);
  person.changed_at = rooms_.stream().next_volatile();
  changes_[person.changed_at] = user;
  for (auto const room : person.joined) tell(room);
}

bool Presence::is_told_in(RoomNid room) const {
  return rooms_.joined_count_in_memory(room).value_or(0) <= kLargestRoom;
}

/// Many changes wake a room's members once. Those of a room that isn't in memory see it when they wake for
/// something else, at the latest when their sync has waited long enough.
void Presence::tell(RoomNid room) {
  to_tell_.insert(room);
  if (telling_) return;
  telling_ = rooms_.runtime().schedule(rooms_.runtime().steady_now() + kGather, [this] {
    telling_.reset();
    for (auto const nid : std::exchange(to_tell_, {})) {
      if (is_told_in(nid)) rooms_.wake_members(nid);
    }
  });
}

void Presence::stay(UserNid user, SteadyTime until) {
  auto& person = people_[user];
  person.until = std::max(person.until, until);
  if (person.timer) return;
  person.timer = rooms_.runtime().schedule(person.until, [this, user] { look_again(user); });
}

void Presence::look_again(UserNid user) {
  auto& person = people_[user];
  person.timer.reset();
  if (rooms_.runtime().steady_now() < person.until) return stay(user, person.until);
  change(user, State::offline, "");
}

bool Presence::shares(UserNid user, UserRooms const& rooms) const {
  auto const found = people_.find(user);
  if (found == people_.end()) return false;
  return std::ranges::any_of(found->second.joined, [&](RoomNid room) {
    auto const other = rooms.find(room);
    return other != rooms.end() && other->second.membership == Membership::join && is_told_in(room);
  });
}

Presence::State Presence::state(UserNid user) const {
  auto const found = people_.find(user);
  return found == people_.end() ? State::offline : found->second.state;
}

json::object Presence::content(UserNid user) const {
  json::object content{{"presence", to_text(state(user))}};
  auto const found = people_.find(user);
  if (found == people_.end() || found->second.changed_at == 0) return content;
  auto const& person = found->second;
  auto const ago = rooms_.runtime().steady_now() - person.active;
  content["last_active_ago"] = std::chrono::duration_cast<std::chrono::milliseconds>(ago).count();
  if (person.state == State::online) content["currently_active"] = true;
  if (!person.status_msg.empty()) content["status_msg"] = person.status_msg;
  return content;
}

}  // namespace torg::matrix
