#include "matrix/room/visibility.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

constexpr Position kForever{INT64_MAX};

bool is_permissive(std::string_view visibility) {
  return visibility == "shared" || visibility == "world_readable";
}

std::map<UserNid, Position> erased_members(identity::Identity& identity, Room const& room) {
  std::map<UserNid, Position> members;
  for (auto const& [user, position] : identity.users().erased()) {
    if (room.state("m.room.member", identity.user_id(user)) != nullptr) members.emplace(user, position);
  }
  return members;
}

}  // namespace

Task<Result<Visibility>> Visibility::of(RoomService& rooms, std::shared_ptr<Room> room, UserNid user) {
  Visibility result;
  result.until_ = kForever;
  result.user_id_ = rooms.identity().user_id(user);
  result.erased_ = erased_members(rooms.identity(), *room);
  auto const* setting = room->state("m.room.history_visibility", "");
  bool const never_changed = setting == nullptr || !(*setting)->replaces;
  result.everything_ = room->is_joined(user) && never_changed && is_permissive(room->history_visibility());
  if (result.everything_ && result.erased_.empty()) co_return result;
  if (auto read = co_await result.read_history(rooms, room->nid()); !read) co_return fail(std::move(read));
  if (result.everything_) co_return result;
  bool const ever_joined =
      std::ranges::any_of(result.memberships_, [](auto const& c) { return c.value == Membership::join; });
  auto const own_rooms = co_await rooms.rooms_of(user);
  if (!own_rooms) co_return std::unexpected(own_rooms.error());
  auto const own = (*own_rooms)->find(room->nid());
  bool const forgotten = own == (*own_rooms)->end() || own->second.membership == Membership::none;
  bool const world = room->history_visibility() == "world_readable";
  if ((!ever_joined || forgotten) && !world && room->member(user) != Membership::invite) {
    co_return fail(ErrorCode::forbidden, "You are not in this room.");
  }
  if (ever_joined && !room->is_joined(user) && !world) result.until_ = result.memberships_.back().at;
  co_return result;
}

Task<Result<>> Visibility::read_history(RoomService& rooms, RoomNid room) {
  auto const member_type = rooms.types().find("m.room.member");
  auto const visibility_type = rooms.types().find("m.room.history_visibility");
  auto history = co_await rooms.database().read([&](db::Reader& reader) {
    return std::pair{store::state_history(reader, rooms.types(), room, member_type, user_id_),
                     store::state_history(reader, rooms.types(), room, visibility_type, "")};
  });
  if (!history) co_return fail(std::move(history));
  for (auto const& event : history->first) {
    auto const content = parse_json_object(event->content);
    auto const text = content ? optional_string(*content, "membership").value_or("") : "";
    memberships_.push_back({event->position, parse_membership(text)});
  }
  for (auto const& event : history->second) {
    auto const content = parse_json_object(event->content);
    visibilities_.push_back(
        {event->position,
         std::string(content ? optional_string(*content, "history_visibility").value_or("shared")
                             : "shared")});
  }
  co_return Result<>{};
}

template <class T>
T Visibility::at(std::vector<Change<T>> const& changes, Position position, T otherwise) {
  auto const after = std::ranges::upper_bound(changes, position, {}, &Change<T>::at);
  return after == changes.begin() ? otherwise : std::prev(after)->value;
}

bool Visibility::allows(CachedEvent const& event) const {
  return allows(event.position, event.type, event.state_key);
}

bool Visibility::allows(RoomEvent const& event) const {
  return allows(event.position, event.type, event.state_key);
}

bool Visibility::allows(Position position, std::string_view type,
                        std::optional<std::string> const& state_key) const {
  if (everything_) return true;
  if (position > until_) return false;
  // One's own membership is always one's business.
  if (type == "m.room.member" && state_key == user_id_) return true;
  auto const visibility = at(visibilities_, position, std::string("shared"));
  auto const membership = at(memberships_, position, Membership::none);
  if (visibility == "world_readable" || membership == Membership::join) return true;
  if (visibility == "invited") return membership == Membership::invite;
  if (visibility != "shared") return false;
  return std::ranges::any_of(memberships_, [&](auto const& change) {
    return change.value == Membership::join && change.at > position;
  });
}

bool Visibility::erases(CachedEvent const& event) const {
  auto const erased = erased_.find(event.sender);
  if (erased == erased_.end()) return false;
  // What a room is called, or who may write there, is the room's; a member event says a person's name.
  if (event.is_state() && event.type != "m.room.member") return false;
  if (at(memberships_, event.position, Membership::none) == Membership::join) return false;
  return std::ranges::none_of(memberships_, [&](auto const& change) {
    return change.value == Membership::join && change.at > event.position && change.at <= erased->second;
  });
}

bool hides_invitation(identity::Identity& identity, Room const& room, UserNid user) {
  auto const* own = room.state("m.room.member", identity.user_id(user));
  if (own == nullptr) return false;
  return !identity.account_data().sees_invitation(user, identity.user_id((*own)->sender));
}

Task<Result<bool>> may_preview(RoomService& rooms, RoomPreview preview, UserNid user) {
  auto const own = co_await rooms.rooms_of(user);
  if (!own) co_return std::unexpected(own.error());
  auto const membership_in = [&own](RoomNid room) {
    auto const found = (*own)->find(room);
    return found == (*own)->end() ? Membership::none : found->second.membership;
  };
  auto const membership = membership_in(preview.room);
  if (preview.is_world_readable() || membership == Membership::join || membership == Membership::invite)
    co_return true;
  if (membership == Membership::ban) co_return false;
  auto const& rule = preview.join_rule;
  if (rule == "public" || rule == "knock" || rule == "knock_restricted") co_return true;
  if (rule != "restricted") co_return false;
  for (auto const& room_id : preview.allowed_room_ids) {
    auto const room = co_await rooms.find(room_id);
    if (room && membership_in(*room) == Membership::join) co_return true;
    if (!room && room.error().code != ErrorCode::not_found) co_return std::unexpected(room.error());
  }
  co_return false;
}

}  // namespace torg::matrix
