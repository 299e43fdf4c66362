// Reading rooms: pages of history, context, single events, state, members, relations.
#include "matrix/client_api/handler.hpp"
#include "matrix/room/render.hpp"

#include <algorithm>
#include <charconv>

namespace torg::matrix {
namespace {

using enum net::Method;
using Answer = Task<Result<std::string>>;

constexpr std::size_t kPage = 10;
constexpr std::size_t kLargestPage = 500;
/// A page ends, with a token to go on from, when so many events were looked at: a filter that fits nothing
/// must not walk through years.
constexpr std::size_t kLongestWalk = 5'000;

/// A room that somebody reads, and what of it they may see.
struct Reading {
  std::shared_ptr<Room> room;
  Visibility visibility;
  RenderFor render;
};

Task<Result<Reading>> open(ClientApi& api, Asked const& asked) {
  auto const requester = asked.requester;
  auto room = co_await known_room(api, asked.path(0));
  if (!room) co_return std::unexpected(room.error());
  auto visibility = co_await Visibility::of(api.rooms, *room, requester.user);
  if (!visibility) co_return std::unexpected(visibility.error());
  co_return Reading{
      *room, std::move(*visibility), {api.rooms.identity(), requester.device_key, (*room)->id().value}};
}

void append_list(std::string& out, std::vector<EventPtr> const& events, RenderFor const& render) {
  bool first = true;
  for (auto const& event : events) {
    if (!std::exchange(first, false)) out += ',';
    append_client_event(out, *event, render);
  }
}

void append_list(std::string& out, std::vector<EventPtr> const& events, Reading const& reading) {
  append_list(out, events, reading.render);
}

/// The newest edit, that the reader may see, of each event from `first` to `last`.
Task<Result<Edits>> edits_between(ClientApi& api, Reading const& reading, Position first, Position last) {
  auto found = co_await api.rooms.database().read([&](db::Reader& reader) {
    return store::edits(reader, api.rooms.types(), reading.room->nid(), first, last);
  });
  if (!found) co_return std::unexpected(found.error());
  Edits edits;
  for (auto const& event : *found) {  // oldest first: the newest stays
    if (!reading.visibility.allows(*event)) continue;
    if (auto const target = edited_event(*event)) edits[*target] = event;
  }
  co_return edits;
}

std::size_t limit_of(Asked const& asked, std::size_t otherwise) {
  auto const text = asked.call.request.query("limit");
  std::size_t limit = otherwise;
  if (text) std::from_chars(text->data(), text->data() + text->size(), limit);
  return std::clamp<std::size_t>(limit, 1, kLargestPage);
}

Result<EventFilter> filter_of(Asked const& asked) {
  auto const text = asked.call.request.query("filter");
  if (!text || text->empty()) return EventFilter{};
  auto const object = parse_json_object(*text);
  if (!object) return std::unexpected(object.error());
  return parse_event_filter(*object, kPage);
}

enum class Direction : std::uint8_t { backwards, forwards };

struct Slice {
  std::vector<EventPtr> events;
  std::optional<Position> next;  ///< none: there is no more in this direction
};

/// Pages on until `limit` events may be shown or the history ends.
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
      bool const shown = reading.visibility.allows(*event) &&
                         filter.allows(*event, api.rooms.identity().user_id(event->sender));
      if (shown) result.events.push_back(event);
    }
    if (!more) co_return result;
    result.next = from;
  }
  co_return result;
}

/// Member events of those who speak on a page, for clients that load members lazily.
std::vector<EventPtr> members_of(ClientApi& api, Reading const& reading,
                                 std::vector<EventPtr> const& events) {
  std::vector<UserNid> senders;
  for (auto const& event : events) senders.push_back(event->sender);
  std::ranges::sort(senders);
  senders.erase(std::ranges::unique(senders).begin(), senders.end());
  std::vector<EventPtr> members;
  for (auto const sender : senders) {
    auto const* member = reading.room->state("m.room.member", api.rooms.identity().user_id(sender));
    if (member != nullptr && (*member)->position) members.push_back(*member);
  }
  return members;
}

Answer messages(ClientApi& api, Asked asked) {
  auto const reading = co_await open(api, asked);
  if (!reading) co_return std::unexpected(reading.error());
  auto const& request = asked.call.request;
  auto const dir = request.query("dir");
  if (dir != "b" && dir != "f") co_return fail(ErrorCode::invalid_param, "'dir' must be b or f.");
  auto const direction = dir == "b" ? Direction::backwards : Direction::forwards;
  auto from = direction == Direction::backwards ? Position(api.rooms.stream().last().value + 1) : Position(1);
  if (auto const text = request.query("from"); text && !text->empty()) {
    auto const parsed = parse_history_token(*text);
    if (!parsed) co_return fail(ErrorCode::invalid_param, "'from' is not a token of this server.");
    from = *parsed;
  }
  std::optional<Position> to;
  if (auto const text = request.query("to"); text && !text->empty()) {
    to = parse_history_token(*text);
    if (!to) co_return fail(ErrorCode::invalid_param, "'to' is not a token of this server.");
  }
  auto const filter = filter_of(asked);
  if (!filter) co_return std::unexpected(filter.error());
  auto const page = co_await slice(api, *reading, from, direction, limit_of(asked, kPage), *filter, to);
  if (!page) co_return std::unexpected(page.error());
  Edits edits;
  if (!page->events.empty()) {
    auto const [oldest, newest] = std::minmax(page->events.front()->position, page->events.back()->position);
    auto found = co_await edits_between(api, *reading, oldest, newest);
    if (!found) co_return std::unexpected(found.error());
    edits = std::move(*found);
  }
  auto render = reading->render;
  render.edits = &edits;
  std::string out = R"({"chunk":[)";
  append_list(out, page->events, render);
  out += R"(],"start":")" + history_token(from) + '"';
  if (page->next) out += R"(,"end":")" + history_token(*page->next) + '"';
  if (filter->lazy_load_members) {
    out += R"(,"state":[)";
    append_list(out, members_of(api, *reading, page->events), *reading);
    out += ']';
  }
  out += '}';
  co_return out;
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

Answer context(ClientApi& api, Asked asked) {
  auto const reading = co_await open(api, asked);
  if (!reading) co_return std::unexpected(reading.error());
  auto const event = co_await readable_event(api, *reading, asked.path(1));
  if (!event) co_return std::unexpected(event.error());
  auto const filter = filter_of(asked);
  if (!filter) co_return std::unexpected(filter.error());
  auto const limit = std::max<std::size_t>(limit_of(asked, kPage) / 2, 1);
  auto const at = (*event)->position;
  auto const before = co_await slice(api, *reading, at, Direction::backwards, limit, *filter, std::nullopt);
  if (!before) co_return std::unexpected(before.error());
  auto const after = co_await slice(api, *reading, Position(at.value + 1), Direction::forwards, limit,
                                    *filter, std::nullopt);
  if (!after) co_return std::unexpected(after.error());
  auto const newest = after->events.empty() ? at : after->events.back()->position;
  auto const state = co_await api.rooms.database().read([&](db::Reader& reader) {
    return store::whole_state_at(reader, api.rooms.types(), reading->room->nid(), newest);
  });
  if (!state) co_return std::unexpected(state.error());
  auto const oldest = before->events.empty() ? at : before->events.back()->position;
  auto const edits = co_await edits_between(api, *reading, oldest, newest);
  if (!edits) co_return std::unexpected(edits.error());
  auto render = reading->render;
  render.edits = &*edits;
  std::string out = R"({"event":)";
  append_client_event(out, **event, render);
  out += R"(,"events_before":[)";
  append_list(out, before->events, render);
  out += R"(],"events_after":[)";
  append_list(out, after->events, render);
  out += R"(],"state":[)";
  append_list(out, *state, *reading);
  out += R"(],"start":")" + history_token(oldest) + R"(","end":")" +
         history_token(Position(newest.value + 1)) + R"("})";
  co_return out;
}

Answer one_event(ClientApi& api, Asked asked) {
  auto const reading = co_await open(api, asked);
  if (!reading) co_return std::unexpected(reading.error());
  auto const event = co_await readable_event(api, *reading, asked.path(1));
  if (!event) co_return std::unexpected(event.error());
  auto const at = (*event)->position;
  auto const edits = co_await edits_between(api, *reading, at, at);
  if (!edits) co_return std::unexpected(edits.error());
  auto render = reading->render;
  render.edits = &*edits;
  co_await api.rooms.recall_sent({*event}, asked.requester);
  std::string out;
  append_client_event(out, **event, render);
  co_return out;
}

/// The state as the reader may see it: now, or as it was when they left.
Task<Result<std::vector<EventPtr>>> visible_state(ClientApi& api, Reading const& reading, UserNid user) {
  auto const at = reading.room->is_joined(user) ? api.rooms.stream().last() : reading.visibility.until();
  co_return co_await api.rooms.database().read([&](db::Reader& reader) {
    return store::whole_state_at(reader, api.rooms.types(), reading.room->nid(), at);
  });
}

Answer whole_state(ClientApi& api, Asked asked) {
  auto const reading = co_await open(api, asked);
  if (!reading) co_return std::unexpected(reading.error());
  auto const state = co_await visible_state(api, *reading, asked.requester.user);
  if (!state) co_return std::unexpected(state.error());
  std::string out = "[";
  append_list(out, *state, *reading);
  co_return out + ']';
}

Answer one_state(ClientApi& api, Asked asked) {
  auto const reading = co_await open(api, asked);
  if (!reading) co_return std::unexpected(reading.error());
  auto const key = asked.call.path.size() > 2 ? asked.path(2) : std::string();
  auto const type = api.rooms.types().find(asked.path(1));
  auto const at = reading->room->is_joined(asked.requester.user) ? api.rooms.stream().last()
                                                                 : reading->visibility.until();
  auto const event = co_await api.rooms.database().read([&](db::Reader& reader) {
    return store::state_at(reader, api.rooms.types(), reading->room->nid(), type, key, at);
  });
  if (!event) co_return std::unexpected(event.error());
  if (!*event) co_return fail(ErrorCode::not_found, "The room has no such state.");
  if (asked.call.request.query("format") != "event") co_return visible_content(**event);
  std::string out;
  append_client_event(out, **event, reading->render);
  co_return out;
}

std::string membership_of(CachedEvent const& event) {
  auto const content = parse_json_object(event.content);
  return std::string(content ? optional_string(*content, "membership").value_or("") : "");
}

Answer members(ClientApi& api, Asked asked) {
  auto const reading = co_await open(api, asked);
  if (!reading) co_return std::unexpected(reading.error());
  auto state = co_await visible_state(api, *reading, asked.requester.user);
  if (!state) co_return std::unexpected(state.error());
  auto const wanted = asked.call.request.query("membership");
  auto const unwanted = asked.call.request.query("not_membership");
  std::erase_if(*state, [&](EventPtr const& event) {
    if (event->type != "m.room.member") return true;
    auto const membership = membership_of(*event);
    return (wanted && membership != *wanted) || (unwanted && membership == *unwanted);
  });
  std::string out = R"({"chunk":[)";
  append_list(out, *state, *reading);
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
    json::object profile;
    if (auto const content = parse_json_object((*event)->content)) {
      if (auto const name = optional_string(*content, "displayname")) profile["display_name"] = *name;
      if (auto const avatar = optional_string(*content, "avatar_url")) profile["avatar_url"] = *avatar;
    }
    joined[user_id] = std::move(profile);
  }
  co_return json::serialize(json::object{{"joined", std::move(joined)}});
}

bool has_relation(CachedEvent const& event, std::string_view target, std::string_view rel_type) {
  auto const content = parse_json_object(event.content);
  auto const* relation = content ? optional_object(*content, "m.relates_to") : nullptr;
  if (relation == nullptr || event.redacted_by) return false;
  return optional_string(*relation, "event_id") == target &&
         (rel_type.empty() || optional_string(*relation, "rel_type") == rel_type);
}

Answer relations(ClientApi& api, Asked asked) {
  auto const reading = co_await open(api, asked);
  if (!reading) co_return std::unexpected(reading.error());
  auto const target = co_await readable_event(api, *reading, asked.path(1));
  if (!target) co_return std::unexpected(target.error());
  auto found = co_await api.rooms.database().read(
      [&](db::Reader& reader) { return store::relations(reader, api.rooms.types(), (*target)->nid); });
  if (!found) co_return std::unexpected(found.error());
  auto const& path = asked.call.path;
  std::string_view const rel_type = path.size() > 2 ? std::string_view(path[2]) : "";
  std::string_view const type = path.size() > 3 ? std::string_view(path[3]) : "";
  std::erase_if(*found, [&](EventPtr const& event) {
    return !reading->visibility.allows(*event) || !has_relation(*event, path[1], rel_type) ||
           (!type.empty() && event->type != type);
  });
  if (asked.call.request.query("dir") != "f") std::ranges::reverse(*found);
  if (auto const from = asked.call.request.query("from"); from && !from->empty()) {
    auto const position = parse_history_token(*from);
    if (!position) co_return fail(ErrorCode::invalid_param, "'from' is not a token of this server.");
    bool const forwards = asked.call.request.query("dir") == "f";
    std::erase_if(*found, [&](EventPtr const& e) {
      return forwards ? e->position < *position : e->position >= *position;
    });
  }
  auto const limit = limit_of(asked, 50);
  bool const more = found->size() > limit;
  if (more) found->resize(limit);
  std::string out = R"({"chunk":[)";
  append_list(out, *found, *reading);
  out += ']';
  if (more) out += R"(,"next_batch":")" + history_token(found->back()->position) + '"';
  co_return out + '}';
}

Answer aliases(ClientApi& api, Asked asked) {
  auto const room = co_await joined_room(api, asked.path(0), asked.requester.user);
  if (!room) co_return std::unexpected(room.error());
  auto found = co_await api.rooms.database().read(
      [&](db::Reader& reader) { return store::aliases(reader, (*room)->nid()); });
  if (!found) co_return std::unexpected(found.error());
  co_return json::serialize(json::object{{"aliases", json::value_from(*found)}});
}

}  // namespace

std::vector<net::Route> history_routes(ClientApi& api) {
  return {
      authed(api, get, "/_matrix/client/v3/rooms/{roomId}/messages", messages),
      authed(api, get, "/_matrix/client/v3/rooms/{roomId}/context/{eventId}", context),
      authed(api, get, "/_matrix/client/v3/rooms/{roomId}/event/{eventId}", one_event),
      authed(api, get, "/_matrix/client/v3/rooms/{roomId}/state", whole_state),
      authed(api, get, "/_matrix/client/v3/rooms/{roomId}/state/{eventType}", one_state),
      authed(api, get, "/_matrix/client/v3/rooms/{roomId}/state/{eventType}/{stateKey}", one_state),
      authed(api, get, "/_matrix/client/v3/rooms/{roomId}/members", members),
      authed(api, get, "/_matrix/client/v3/rooms/{roomId}/joined_members", joined_members),
      authed(api, get, "/_matrix/client/v3/rooms/{roomId}/aliases", aliases),
      authed(api, get, "/_matrix/client/v1/rooms/{roomId}/relations/{eventId}", relations),
      authed(api, get, "/_matrix/client/v1/rooms/{roomId}/relations/{eventId}/{relType}", relations),
      authed(api, get, "/_matrix/client/v1/rooms/{roomId}/relations/{eventId}/{relType}/{eventType}",
             relations),
  };
}

}  // namespace torg::matrix
