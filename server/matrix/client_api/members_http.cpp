// Who is in a room, now or then.
#include "matrix/client_api/reading.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

using enum net::Method;

std::string membership_of(CachedEvent const& event) {
  auto const content = parse_json_object(event.content);
  return std::string(content ? optional_string(*content, "membership").value_or("") : "");
}

/// The state at `at`. A point before the room's first event has none: clients get such tokens with the first
/// page of a room, and mean the room as its maker entered it.
std::vector<EventPtr> state_then(db::Reader& reader, TypeNames const& types, RoomNid room, Position at) {
  auto state = store::whole_state_at(reader, types, room, at);
  if (!state.empty()) return state;
  auto const first = store::events_after(reader, types, room, {}, Position(INT64_MAX), 2);
  return first.empty() ? state : store::whole_state_at(reader, types, room, first.back()->position);
}

/// The members as they are now, from memory; none while one of them is on its way into the store.
std::optional<std::vector<EventPtr>> members_in_memory(Room const& room) {
  std::vector<EventPtr> members;
  for (auto const& [key, event] : room.state_of_type("m.room.member")) {
    if (!event->position) return std::nullopt;
    members.push_back(event);
  }
  return members;
}

Task<Result<std::vector<EventPtr>>> members_at(ClientApi& api, Reading const& reading,
                                               std::optional<Position> point) {
  bool const joined = reading.room->is_joined(reading.user);
  if (joined && !point) {
    if (auto now = members_in_memory(*reading.room)) co_return std::move(*now);
  }
  auto at = joined ? api.rooms.stream().last() : reading.visibility.until();
  if (point) at = std::min(at, Position(point->value - 1));
  auto state = co_await api.rooms.database().read(
      [&](db::Reader& reader) { return state_then(reader, api.rooms.types(), reading.room->nid(), at); });
  if (state) std::erase_if(*state, [](EventPtr const& event) { return event->type != "m.room.member"; });
  co_return state;
}

Answer members(ClientApi& api, Asked asked) {
  auto const reading = co_await open_room(api, asked);
  if (!reading) co_return std::unexpected(reading.error());
  auto const point = token_of(asked, "at");
  if (!point) co_return std::unexpected(point.error());
  auto state = co_await members_at(api, *reading, *point);
  if (!state) co_return std::unexpected(state.error());
  auto const wanted = asked.call.request.query("membership");
  auto const unwanted = asked.call.request.query("not_membership");
  if (wanted || unwanted) {
    std::erase_if(*state, [&](EventPtr const& event) {
      auto const membership = membership_of(*event);
      return (wanted && membership != *wanted) || (unwanted && membership == *unwanted);
    });
  }
  std::string out = R"({"chunk":[)";
  append_list(out, *state, render_plain(api, *reading));
  co_return out + "]}";
}

Answer joined_members(ClientApi& api, Asked asked) {
  auto const room = co_await joined_room(api, asked.path(0), asked.requester.user);
  if (!room) co_return std::unexpected(room.error());
  json::object joined;
  for (auto const user : (*room)->joined_members()) {
    auto const& user_id = api.rooms.identity().user_id(user);
    auto const* event = (*room)->state("m.room.member", user_id);
    if (event == nullptr) continue;
    // Both are always there, so that a client can tell "not set" from "not sent".
    json::object profile{{"display_name", nullptr}, {"avatar_url", nullptr}};
    if (auto const content = parse_json_object(visible_content(**event))) {
      if (auto const name = optional_string(*content, "displayname")) profile["display_name"] = *name;
      if (auto const avatar = optional_string(*content, "avatar_url")) profile["avatar_url"] = *avatar;
    }
    joined[user_id] = std::move(profile);
  }
  co_return json::serialize(json::object{{"joined", std::move(joined)}});
}

}  // namespace

std::vector<net::Route> member_routes(ClientApi& api) {
  return {
      authed(api, get, "/_matrix/client/v3/rooms/{roomId}/members", members),
      authed(api, get, "/_matrix/client/v3/rooms/{roomId}/joined_members", joined_members),
  };
}

}  // namespace torg::matrix
