// What points at an event: edits, reactions, threads.
#include "matrix/client_api/reading.hpp"
#include "matrix/room/threads.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

using enum net::Method;

constexpr std::size_t kPage = 50;
constexpr std::size_t kThreadPage = 20;
/// How far `recurse` follows; the specification asks for three at least.
constexpr int kDepth = 3;

/// Whether `event` points at another in the way that is asked for; empty: in any.
bool has_relation(CachedEvent const& event, std::string_view rel_type) {
  auto const content = parse_json_object(event.content);
  auto const* relation = content ? optional_object(*content, "m.relates_to") : nullptr;
  if (relation == nullptr || event.redacted_by || !optional_string(*relation, "event_id")) return false;
  return rel_type.empty() || optional_string(*relation, "rel_type") == rel_type;
}

/// Which of the related events are on the page, and in what order.
struct Wanted {
  Direction direction;
  std::optional<Position> from, to;
  std::size_t limit;
};

Result<Wanted> wanted(Asked const& asked) {
  auto const direction = direction_of(asked, Direction::backwards);
  if (!direction) return std::unexpected(direction.error());
  auto const from = token_of(asked, "from");
  if (!from) return std::unexpected(from.error());
  auto const to = token_of(asked, "to");
  if (!to) return std::unexpected(to.error());
  return Wanted{*direction, *from, *to, limit_of(asked, kPage)};
}

/// Cuts `events`, oldest first, down to the page. @return where the next one begins
std::optional<Position> cut(std::vector<EventPtr>& events, Wanted const& wanted) {
  bool const forwards = wanted.direction == Direction::forwards;
  // A token stands before the event of its position.
  auto const before = [](EventPtr const& event, Position token) { return event->position < token; };
  std::erase_if(events, [&](EventPtr const& event) {
    bool const begun = !wanted.from || before(event, *wanted.from) != forwards;
    bool const ended = wanted.to && before(event, *wanted.to) != forwards;
    return !begun || ended;
  });
  if (!forwards) std::ranges::reverse(events);
  if (events.size() <= wanted.limit) return std::nullopt;
  events.resize(wanted.limit);
  auto const last = events.back()->position;
  return forwards ? Position(last.value + 1) : last;
}

Answer relations(ClientApi& api, Asked asked) {
  auto const reading = co_await open_room(api, asked);
  if (!reading) co_return std::unexpected(reading.error());
  auto const target = co_await readable_event(api, *reading, asked.path(1));
  if (!target) co_return std::unexpected(target.error());
  auto const page = wanted(asked);
  if (!page) co_return std::unexpected(page.error());
  bool const recurse = asked.call.request.query("recurse") == "true";
  auto found = co_await api.rooms.database().read([&](db::Reader& reader) {
    return store::relations(reader, api.rooms.types(), (*target)->nid, recurse ? kDepth : 1);
  });
  if (!found) co_return std::unexpected(found.error());
  auto const& path = asked.call.path;
  std::string_view const rel_type = path.size() > 2 ? std::string_view(path[2]) : "";
  std::string_view const type = path.size() > 3 ? std::string_view(path[3]) : "";
  std::erase_if(*found, [&](EventPtr const& event) {
    return !shows(api, *reading, *event) || !has_relation(*event, rel_type) ||
           (!type.empty() && event->type != type);
  });
  auto const next = cut(*found, *page);
  auto const around = co_await surroundings(api, *reading, *found);
  if (!around) co_return std::unexpected(around.error());
  std::string out = R"({"chunk":[)";
  append_list(out, *found, render_for(api, *reading, *around));
  out += ']';
  if (next) out += R"(,"next_batch":")" + history_token(*next) + '"';
  if (page->from) out += R"(,"prev_batch":")" + history_token(*page->from) + '"';
  if (recurse) out += R"(,"recursion_depth":)" + std::to_string(kDepth);
  co_return out + '}';
}

Task<Result<std::vector<store::ThreadPlace>>> thread_places(ClientApi& api, Asked const& asked, RoomNid room,
                                                            std::size_t limit) {
  auto const from = token_of(asked, "from");
  if (!from) co_return std::unexpected(from.error());
  auto const before = from->value_or(Position(INT64_MAX));
  auto const include = asked.call.request.query("include").value_or("all");
  if (include != "all" && include != "participated")
    co_return fail(ErrorCode::invalid_param, "'include' must be all or participated.");
  auto const user = asked.requester.user;
  co_return co_await api.rooms.database().read([=](db::Reader& reader) {
    return include == "all" ? store::threads(reader, room, before, limit)
                            : store::threads_with(reader, room, before, limit, user);
  });
}

/// The roots of a room's threads, those with the newest replies first.
/// @see https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1roomsroomidthreads
Answer threads(ClientApi& api, Asked asked) {
  auto const reading = co_await open_room(api, asked);
  if (!reading) co_return std::unexpected(reading.error());
  auto const limit = limit_of(asked, kThreadPage);
  auto places = co_await thread_places(api, asked, reading->room->nid(), limit + 1);
  if (!places) co_return std::unexpected(places.error());
  bool const more = places->size() > limit;
  if (more) places->pop_back();
  auto roots = co_await api.rooms.database().read([&](db::Reader& reader) {
    std::vector<EventPtr> found;
    for (auto const& place : *places) {  // one page: each by its key
      if (auto event = store::event(reader, api.rooms.types(), place.root)) found.push_back(std::move(event));
    }
    return found;
  });
  if (!roots) co_return std::unexpected(roots.error());
  std::erase_if(*roots, [&](EventPtr const& root) { return !reading->visibility.allows(*root); });
  auto const around = co_await surroundings(api, *reading, *roots);
  if (!around) co_return std::unexpected(around.error());
  // A thread whose replies are all gone, or not for this reader, is none.
  std::erase_if(*roots, [&](EventPtr const& root) { return !around->bundles.threads.contains(root->nid); });
  std::string out = R"({"chunk":[)";
  append_list(out, *roots, render_for(api, *reading, *around));
  out += ']';
  if (more) out += R"(,"next_batch":")" + history_token(places->back().latest) + '"';
  co_return out + '}';
}

}  // namespace

std::vector<net::Route> relation_routes(ClientApi& api) {
  constexpr std::string_view kOfType = "/_matrix/client/v1/rooms/{roomId}/relations/{eventId}/{relType}";
  return {
      authed(api, get, "/_matrix/client/v1/rooms/{roomId}/relations/{eventId}", relations),
      authed(api, get, kOfType, relations),
      authed(api, get, "/_matrix/client/v1/rooms/{roomId}/relations/{eventId}/{relType}/{eventType}",
             relations),
      authed(api, get, "/_matrix/client/v1/rooms/{roomId}/threads", threads),
  };
}

}  // namespace torg::matrix
