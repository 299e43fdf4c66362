// A room as it is now, and all rooms of a user: where clients without /sync begin.
#include "matrix/client_api/reading.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

using enum net::Method;

constexpr std::size_t kMessages = 10;

/// What of the room is shown: its state and newest messages at one place in the stream.
struct Snapshot {
  std::vector<EventPtr> messages;  ///< oldest first
  std::vector<EventPtr> state;
  Position start, end;  ///< of the messages
  bool more = false;    ///< there are older ones
  bool listed = false;
};

Task<Result<Snapshot>> snapshot_of(ClientApi& api, Reading const& reading, Position now, std::size_t limit) {
  auto const until = state_end(api, reading);
  if (!until) co_return std::unexpected(until.error());
  auto const at = std::min(*until, now);
  Snapshot result;
  result.end = Position(at.value + 1);
  auto page =
      co_await slice(api, reading, result.end, Direction::backwards, limit, EventFilter{}, std::nullopt);
  if (!page) co_return std::unexpected(page.error());
  result.messages = std::move(page->events);
  std::ranges::reverse(result.messages);
  result.start = page->next.value_or(result.end);
  result.more = page->next.has_value();
  auto found = co_await api.rooms.database().read([&](db::Reader& reader) {
    auto const room = reading.room->nid();
    return std::pair{store::whole_state_at(reader, api.rooms.types(), room, at),
                     store::listing(reader, room)};
  });
  if (!found) co_return std::unexpected(found.error());
  result.state = std::move(found->first);
  result.listed = found->second == store::Listing::listed;
  co_return result;
}

/// Empty for what these answers have no word for.
std::string_view membership_word(Membership membership) {
  switch (membership) {
    case Membership::join:
    case Membership::invite:
    case Membership::leave:
    case Membership::ban:
      return to_text(membership);
    default:
      return {};
  }
}

std::string begin_room(Reading const& reading) {
  std::string out = R"({"room_id":)";
  append_json_string(out, reading.room->id().value);
  if (auto const word = membership_word(reading.room->member(reading.user)); !word.empty())
    ((out += R"(,"membership":")") += word) += '"';
  return out;
}

/// @see https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomidinitialsync
Answer room_info(ClientApi& api, Reading const& reading, Position now, std::size_t limit) {
  auto const room = co_await snapshot_of(api, reading, now, limit);
  if (!room) co_return std::unexpected(room.error());
  auto const around = co_await surroundings_of_page(api, reading, room->messages);
  if (!around) co_return std::unexpected(around.error());
  auto const entries =
      co_await api.rooms.identity().account_data().in_rooms(reading.user, {reading.room->id().value});
  if (!entries) co_return std::unexpected(entries.error());
  auto out = begin_room(reading);
  out += R"(,"messages":{"chunk":[)";
  append_list(out, room->messages, render_for(api, reading, *around));
  out += R"(],"end":")" + history_token(room->end) + '"';
  if (room->more) out += R"(,"start":")" + history_token(room->start) + '"';
  out += R"(},"state":[)";
  append_list(out, room->state, render_plain(api, reading));
  out += R"(],"account_data":[)";
  std::string account_data;
  append_account_data(account_data, *entries, now, reading.room->id().value, EventFilter{});
  out += account_data;
  out += room->listed ? R"(],"visibility":"public"})" : R"(],"visibility":"private"})";
  co_return out;
}

/// What somebody who is invited may know: that they are, and by whom.
Answer invitation(ClientApi& api, Reading const& reading) {
  auto out = begin_room(reading);
  auto const* event = reading.room->state("m.room.member", api.rooms.identity().user_id(reading.user));
  if (event != nullptr) {
    out += R"(,"invite":)";
    append_client_event(out, **event, render_plain(api, reading));
  }
  co_return out + '}';
}

enum class Archived : std::uint8_t { left_out, shown };

bool is_shown(Membership membership, Archived archived) {
  if (membership == Membership::join || membership == Membership::invite) return true;
  bool const is_over = membership == Membership::leave || membership == Membership::ban;
  return is_over && archived == Archived::shown;
}

/// Comma-separated.
Answer all_rooms(ClientApi& api, identity::Requester requester, Position now, std::size_t limit,
                 Archived archived) {
  auto const rooms = co_await api.rooms.rooms_of(requester.user);
  if (!rooms) co_return std::unexpected(rooms.error());
  std::vector<RoomNid> shown;
  for (auto const& [room, member] : **rooms) {
    if (is_shown(member.membership, archived)) shown.push_back(room);
  }
  std::string out;
  for (auto const nid : shown) {
    auto const id = co_await api.rooms.room_id(nid);
    auto const reading =
        id ? co_await open_room(api, requester, id->value) : Result<Reading>(std::unexpected(id.error()));
    if (!reading) continue;  // left, or disposed of, a moment ago
    bool const invited = reading->room->member(requester.user) == Membership::invite;
    if (invited && hides_invitation(api.rooms.identity(), *reading->room, requester.user)) continue;
    auto const info =
        invited ? co_await invitation(api, *reading) : co_await room_info(api, *reading, now, limit);
    if (!info && info.error().code == ErrorCode::forbidden) continue;  // never joined: nothing to show
    if (!info) co_return info;
    if (!out.empty()) out += ',';
    out += *info;
  }
  co_return out;
}

/// Of those who are there and share a room with the reader.
Answer people(ClientApi& api, UserNid reader) {
  auto const rooms = co_await api.rooms.rooms_of(reader);
  if (!rooms) co_return std::unexpected(rooms.error());
  json::array events;
  api.presence.each_changed(0, [&](UserNid user) {
    bool const told = user != reader && api.presence.state(user) != Presence::State::offline &&
                      api.presence.shares(user, **rooms);
    if (!told) return;
    events.emplace_back(json::object{{"type", "m.presence"},
                                     {"sender", api.rooms.identity().user_id(user)},
                                     {"content", api.presence.content(user)}});
  });
  co_return json::serialize(events);
}

/// @see https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3initialsync
Answer initial_sync(ClientApi& api, Asked asked) {
  auto const user = asked.requester.user;
  auto const& stream = api.rooms.stream();
  SyncToken const to{stream.last(), stream.volatile_position(), api.sync.boot()};
  auto const archived = asked.call.request.query("archived") == "true" ? Archived::shown : Archived::left_out;
  auto const rooms =
      co_await all_rooms(api, asked.requester, to.position, limit_of(asked, kMessages), archived);
  if (!rooms) co_return rooms;
  auto const presence = co_await people(api, user);
  if (!presence) co_return presence;
  auto const entries = co_await api.rooms.identity().account_data().in_rooms(user, {""});
  if (!entries) co_return std::unexpected(entries.error());
  std::string account_data;
  append_account_data(account_data, *entries, to.position, "", EventFilter{});
  co_return R"({"end":")" + to_text(to) + R"(","presence":)" + *presence + R"(,"account_data":[)" +
      account_data + R"(],"rooms":[)" + *rooms + "]}";
}

Answer room_initial_sync(ClientApi& api, Asked asked) {
  auto const reading = co_await open_room(api, asked);
  if (!reading) co_return std::unexpected(reading.error());
  co_return co_await room_info(api, *reading, api.rooms.stream().last(), limit_of(asked, kMessages));
}

}  // namespace

std::vector<net::Route> initial_sync_routes(ClientApi& api) {
  return {
      authed(api, get, "/_matrix/client/v3/initialSync", initial_sync),
      authed(api, get, "/_matrix/client/v3/rooms/{roomId}/initialSync", room_initial_sync),
  };
}

}  // namespace torg::matrix
