#include "matrix/client_api/reading.hpp"

#include "matrix/room/threads.hpp"

#include <algorithm>
#include <charconv>

namespace torg::matrix {
namespace {

constexpr std::size_t kPage = 10;
constexpr std::size_t kLargestPage = 500;
/// A page ends, with a token to go on from, when so many events were looked at: a filter that fits nothing
/// must not walk through years.
constexpr std::size_t kLongestWalk = 5'000;

using Spans = std::vector<std::pair<Position, Position>>;

struct Found {
  Replaced replaced;
  std::vector<EventPtr> edits;
  std::vector<std::pair<store::Thread, EventPtr>> threads;  ///< with their newest reply
};

Found find_bundled(db::Reader& reader, TypeNames const& types, RoomNid room, UserNid user,
                   Spans const& spans) {
  Found found;
  for (auto const& [first, last] : spans) {  // one, or one for each event of a page: by its key
    std::ranges::move(store::edits(reader, types, room, first, last), std::back_inserter(found.edits));
    for (auto const& thread : store::threads_from(reader, room, first, last, user)) {
      auto const latest = store::event(reader, types, thread.latest);
      if (!latest) continue;
      std::ranges::move(store::edits(reader, types, room, latest->position, latest->position),
                        std::back_inserter(found.edits));
      found.threads.emplace_back(thread, latest);
    }
  }
  return found;
}

/// `spans`: where `events` lie, with what may lie between them.
Task<Result<Surroundings>> surroundings_of(ClientApi& api, Reading const& reading,
                                           std::vector<EventPtr> events, Spans spans) {
  if (events.empty()) co_return Surroundings{};
  auto oldest = std::ranges::min(events, {}, &CachedEvent::position)->position;
  auto found = co_await api.rooms.database().read([&](db::Reader& reader) {
    auto const& types = api.rooms.types();
    auto bundled = find_bundled(reader, types, reading.room->nid(), reading.user, spans);
    bundled.replaced = replaced_by(reader, types, events);
    return bundled;
  });
  if (!found) co_return std::unexpected(found.error());
  Surroundings result;
  result.replaced = std::move(found->replaced);
  for (auto const& event : found->edits) {  // oldest first: the newest stays
    if (!shows(api, reading, *event)) continue;
    if (auto const target = edited_event(*event)) result.bundles.edits[*target] = event;
  }
  for (auto const& [thread, latest] : found->threads) {
    if (shows(api, reading, *latest))
      result.bundles.threads[thread.root] = {latest, thread.replies, thread.participated};
    oldest = std::min(oldest, latest->position);
  }
  auto own = co_await MembershipHistory::of(api.rooms, reading.room->nid(), reading.user, oldest);
  if (!own) co_return std::unexpected(own.error());
  result.own_membership = std::move(*own);
  co_return result;
}

}  // namespace

Task<Result<Reading>> open_room(ClientApi& api, Asked const& asked) {
  return open_room(api, asked.requester, asked.path(0));
}

Task<Result<Reading>> open_room(ClientApi& api, identity::Requester requester, std::string room_id) {
  auto room = co_await known_room(api, std::move(room_id));
  if (!room) co_return std::unexpected(room.error());
  auto visibility = co_await Visibility::of(api.rooms, *room, requester.user);
  if (!visibility) co_return std::unexpected(visibility.error());
  co_return Reading{*room, std::move(*visibility), requester.user, requester.device_key};
}

bool shows(ClientApi const& api, Reading const& reading, CachedEvent const& event) {
  if (!reading.visibility.allows(event)) return false;
  auto& identity = api.rooms.identity();
  return event.is_state() || !identity.account_data().ignores(reading.user, identity.user_id(event.sender));
}

Result<Position> state_end(ClientApi const& api, Reading const& reading) {
  auto const& room = *reading.room;
  auto const last = api.rooms.stream().last();
  if (room.is_joined(reading.user)) return last;
  if (reading.visibility.until() <= last) return reading.visibility.until();
  auto const setting = room.history_visibility();
  bool const invited = room.member(reading.user) == Membership::invite && setting == "invited";
  if (invited || setting == "world_readable") return last;
  return fail(ErrorCode::forbidden, "You are not in this room.");
}

Task<Result<Surroundings>> surroundings_of_page(ClientApi& api, Reading const& reading,
                                                std::vector<EventPtr> events) {
  Spans spans;
  if (!events.empty()) {
    auto const [first, last] = std::ranges::minmax(events, {}, &CachedEvent::position);
    spans.emplace_back(first->position, last->position);
  }
  co_return co_await surroundings_of(api, reading, std::move(events), std::move(spans));
}

Task<Result<Surroundings>> surroundings(ClientApi& api, Reading const& reading,
                                        std::vector<EventPtr> events) {
  Spans spans;
  for (auto const& event : events) spans.emplace_back(event->position, event->position);
  co_return co_await surroundings_of(api, reading, std::move(events), std::move(spans));
}

RenderFor render_plain(ClientApi const& api, Reading const& reading) {
  return {.identity = api.rooms.identity(),
          .session = reading.session,
          .room_id = reading.room->id().value,
          .user = reading.user,
          .now_ms = to_ms(api.rooms.runtime().now()),
          .visibility = &reading.visibility};
}

RenderFor render_for(ClientApi const& api, Reading const& reading, Surroundings const& surroundings) {
  auto render = render_plain(api, reading);
  render.bundles = &surroundings.bundles;
  render.own_membership = &surroundings.own_membership;
  render.replaced = &surroundings.replaced;
  return render;
}

void append_list(std::string& out, std::vector<EventPtr> const& events, RenderFor const& render) {
  bool first = true;
  for (auto const& event : events) {
    if (!std::exchange(first, false)) out += ',';
    append_client_event(out, *event, render);
  }
}

Task<Result<EventPtr>> readable_event(ClientApi& api, Reading const& reading, std::string event_id) {
  auto event = co_await api.rooms.cached_event(std::move(event_id));
  if (!event && event.error().code != ErrorCode::not_found) co_return event;
  // One answer for what isn't there and what is elsewhere or hidden.
  if (!event || (*event)->room != reading.room->nid() || !reading.visibility.allows(**event)) {
    co_return fail(ErrorCode::not_found, "There is no such event that you may read.");
  }
  co_return event;
}

Result<Direction> direction_of(Asked const& asked, std::optional<Direction> otherwise) {
  auto const dir = asked.call.request.query("dir");
  if (!dir && otherwise) return *otherwise;
  if (dir == "b") return Direction::backwards;
  if (dir == "f") return Direction::forwards;
  return fail(ErrorCode::invalid_param, "'dir' must be b or f.");
}

std::size_t limit_of(Asked const& asked, std::size_t otherwise, std::size_t least) {
  auto const text = asked.call.request.query("limit");
  std::size_t limit = otherwise;
  if (text) std::from_chars(text->data(), text->data() + text->size(), limit);
  return std::clamp<std::size_t>(limit, least, kLargestPage);
}

Result<std::optional<Position>> token_of(Asked const& asked, std::string_view name) {
  auto const text = asked.call.request.query(name);
  if (!text || text->empty()) return std::nullopt;
  auto const position = parse_history_token(*text);
  if (!position)
    return fail(ErrorCode::invalid_param, "'" + std::string(name) + "' is not a token of this server.");
  return position;
}

Result<EventFilter> filter_of(Asked const& asked) {
  auto const text = asked.call.request.query("filter");
  if (!text || text->empty()) return EventFilter{};
  auto const object = parse_json_object(*text);
  if (!object) return std::unexpected(object.error());
  return parse_event_filter(*object, kPage);
}

Task<Result<Slice>> slice(ClientApi& api, Reading const& reading, Position from, Direction direction,
                          std::size_t limit, EventFilter filter, std::optional<Position> to) {
  Slice result;
  auto const last = Position(std::min(api.rooms.stream().last().value, reading.visibility.until().value));
  for (std::size_t looked_at = 0; result.events.size() < limit && looked_at < kLongestWalk;) {
    auto const wanted = limit - result.events.size() + 1;
    auto found = co_await api.rooms.database().read([&](db::Reader& reader) {
      auto const& types = api.rooms.types();
      auto const room = reading.room->nid();
      return direction == Direction::backwards
                 ? store::events_before(reader, types, room, from, wanted)
                 : store::events_after(reader, types, room, Position(from.value - 1), last, wanted);
    });
    if (!found) co_return std::unexpected(found.error());
    looked_at += found->size();
    bool const more = found->size() == wanted;
    if (more) found->pop_back();
    for (auto const& event : *found) {
      if (to && (direction == Direction::backwards ? event->position < *to : event->position >= *to))
        co_return result;
      from = direction == Direction::backwards ? event->position : Position(event->position.value + 1);
      result.next = from;
      if (shows(api, reading, *event) && filter.allows(*event, api.rooms.identity().user_id(event->sender)))
        result.events.push_back(event);
    }
    if (!more) co_return result;
  }
  co_return result;
}

}  // namespace torg::matrix
