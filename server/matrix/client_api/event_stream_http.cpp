// What happens in rooms as one list: of one's own, for clients without /sync, or of one that one looks into.
#include "matrix/client_api/reading.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

using enum net::Method;

constexpr std::size_t kPage = 100;

/// Events of several rooms, each with the text that its reader gets.
struct Chunk {
  std::vector<std::pair<Position, std::string>> events;
  Position end;  ///< nothing up to here is missing
};

/// What there is to say of one room in (after, to], up to a page.
Task<Result<>> read_room(ClientApi& api, identity::Requester requester, Reading const& reading,
                         Position after, Chunk& chunk) {
  std::vector<EventPtr> events;
  auto from = Position(after.value + 1);
  auto const to = Position(chunk.end.value + 1);
  while (events.size() < kPage) {
    auto page =
        co_await slice(api, reading, from, Direction::forwards, kPage - events.size(), EventFilter{}, to);
    if (!page) co_return std::unexpected(page.error());
    std::ranges::move(page->events, std::back_inserter(events));
    if (!page->next) break;
    from = *page->next;
  }
  // The rest comes with the next answer, and what other rooms say later than this too.
  if (events.size() == kPage) chunk.end = events.back()->position;
  auto const around = co_await surroundings_of_page(api, reading, events);
  if (!around) co_return std::unexpected(around.error());
  co_await api.rooms.recall_sent(events, std::move(requester));
  auto const render = render_for(api, reading, *around);
  for (auto const& event : events) {
    std::string text;
    append_client_event(text, *event, render);
    chunk.events.emplace_back(event->position, std::move(text));
  }
  co_return Result<>{};
}

Task<Result<>> read_rooms(ClientApi& api, identity::Requester requester, std::vector<RoomNid> rooms,
                          Position after, Chunk& chunk) {
  for (auto const nid : rooms) {
    auto const id = co_await api.rooms.room_id(nid);
    if (!id) continue;  // disposed of meanwhile
    auto const reading = co_await open_room(api, requester, id->value);
    if (!reading && reading.error().code == ErrorCode::forbidden) continue;  // forgotten
    if (!reading) co_return std::unexpected(reading.error());
    bool const invited = reading->room->member(requester.user) == Membership::invite;
    if (invited && hides_invitation(api.rooms.identity(), *reading->room, requester.user)) continue;
    if (auto read = co_await read_room(api, requester, *reading, after, chunk); !read) co_return read;
  }
  std::ranges::sort(chunk.events, {}, &std::pair<Position, std::string>::first);
  std::erase_if(chunk.events, [&](auto const& event) { return event.first > chunk.end; });
  if (chunk.events.size() > kPage) {
    chunk.events.resize(kPage);
    chunk.end = chunk.events.back().first;
  }
  co_return Result<>{};
}

/// The user's rooms in which something happened after a position.
Task<Result<std::vector<RoomNid>>> changed_rooms(ClientApi& api, UserNid user, Position after) {
  auto const& stream = api.rooms.stream();
  if (!stream.covers(after)) {
    co_return co_await api.rooms.database().read(
        [=](db::Reader& reader) { return store::rooms_changed_since(reader, user, after); });
  }
  auto const mine = co_await api.rooms.rooms_of(user);
  if (!mine) co_return std::unexpected(mine.error());
  std::vector<RoomNid> changed;
  stream.each_after(after, [&](StreamEntry const& entry) {
    if (entry.kind == StreamEntry::Kind::event && (*mine)->contains(entry.room))
      changed.push_back(entry.room);
  });
  std::ranges::sort(changed);
  changed.erase(std::ranges::unique(changed).begin(), changed.end());
  co_return changed;
}

/// Where the stream begins for this request.
Result<SyncToken> begin_of(ClientApi& api, Asked const& asked) {
  auto const& stream = api.rooms.stream();
  auto const text = asked.call.request.query("from").value_or("");
  if (text.empty()) return SyncToken{stream.last(), stream.volatile_position(), api.sync.boot()};
  auto const token = parse_sync_token(text);
  if (!token || token->position > stream.last())
    return fail(ErrorCode::invalid_param, "'from' is not a token of this server.");
  return *token;
}

std::string stream_answer(ClientApi& api, SyncToken from, Chunk const& chunk) {
  std::string out = R"({"start":")" + to_text(from) + R"(","end":")" +
                    to_text({chunk.end, from.volatile_position, api.sync.boot()}) + R"(","chunk":[)";
  bool first = true;
  for (auto const& [position, text] : chunk.events) {
    if (!std::exchange(first, false)) out += ',';
    out += text;
  }
  return out + "]}";
}

/// The room that is looked into; 0: the user's own rooms.
Task<Result<RoomNid>> looked_into(ClientApi& api, Asked const& asked) {
  auto const room_id = asked.call.request.query("room_id");
  if (!room_id) co_return RoomNid();
  auto const reading = co_await open_room(api, asked.requester, *room_id);
  if (!reading) co_return std::unexpected(reading.error());
  co_return reading->room->nid();
}

Task<Result<Chunk>> read_stream(ClientApi& api, identity::Requester requester, RoomNid room, Position after) {
  Chunk chunk{.events = {}, .end = api.rooms.stream().last()};
  Result<std::vector<RoomNid>> rooms(std::in_place, 1, room);
  if (!room) rooms = co_await changed_rooms(api, requester.user, after);
  if (!rooms) co_return std::unexpected(rooms.error());
  if (auto read = co_await read_rooms(api, std::move(requester), std::move(*rooms), after, chunk); !read)
    co_return std::unexpected(read.error());
  co_return chunk;
}

/// @see https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3events
Answer events(ClientApi& api, Asked asked) {
  auto const room = co_await looked_into(api, asked);
  if (!room) co_return std::unexpected(room.error());
  auto const from = begin_of(api, asked);
  if (!from) co_return std::unexpected(from.error());
  auto& stream = api.rooms.stream();
  auto const user = asked.requester.user;
  auto const deadline = api.rooms.runtime().steady_now() + wait_of(asked);
  for (auto after = from->position;;) {
    auto const chunk = co_await read_stream(api, asked.requester, *room, after);
    if (!chunk) co_return std::unexpected(chunk.error());
    bool const over =
        api.sync.stopping() || asked.call.interrupted() || api.rooms.runtime().steady_now() >= deadline;
    if (!chunk->events.empty() || over) co_return stream_answer(api, *from, *chunk);
    after = chunk->end;
    if (stream.last() != after) continue;
    asked.call.on_interrupt([&stream, user] { stream.wake(user); });
    if (*room)
      co_await stream.wait_at(*room, user, deadline);
    else
      co_await stream.wait(user, deadline);
  }
}

}  // namespace

std::vector<net::Route> event_stream_routes(ClientApi& api) {
  auto route = authed(api, get, "/_matrix/client/v3/events", events);
  route.pace = net::Pace::long_poll;
  return {std::move(route)};
}

}  // namespace torg::matrix
