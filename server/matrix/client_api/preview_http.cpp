// Rooms from outside: the tree of a space, the summary of one room.
#include "matrix/client_api/reading.hpp"

#include <algorithm>
#include <charconv>
#include <set>

namespace torg::matrix {
namespace {

using enum net::Method;

constexpr std::size_t kPage = 50;
constexpr std::size_t kDeepest = 50;
/// Rooms that one page looks at, those not shown included: what is left out costs as much.
constexpr std::size_t kLongestWalk = 2'000;

/// What a page of the tree was asked for, and where it begins: after so many rooms that were shown.
struct Walk {
  std::size_t limit = kPage;
  std::size_t max_depth = kDeepest;
  bool suggested_only = false;
  std::size_t offset = 0;
};

std::string token_of_walk(Walk const& walk) {
  return std::to_string(walk.offset) + '.' + std::to_string(walk.max_depth) + '.' +
         (walk.suggested_only ? '1' : '0');
}

Result<std::size_t> number_of(Asked const& asked, std::string_view name, std::size_t otherwise,
                              std::size_t least, std::size_t most) {
  auto const text = asked.call.request.query(name);
  if (!text) return otherwise;
  std::size_t value = 0;
  auto const [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size() || value < least)
    return fail(ErrorCode::invalid_param, "'" + std::string(name) + "' is not a number that fits.");
  return std::min(value, most);
}

Result<Walk> parse_walk(Asked const& asked) {
  Walk walk;
  auto const limit = number_of(asked, "limit", kPage, 1, kPage);
  if (!limit) return std::unexpected(limit.error());
  auto const depth = number_of(asked, "max_depth", kDeepest, 0, kDeepest);
  if (!depth) return std::unexpected(depth.error());
  walk.limit = *limit;
  walk.max_depth = *depth;
  walk.suggested_only = asked.call.request.query("suggested_only") == "true";
  auto const from = asked.call.request.query("from");
  if (!from || from->empty()) return walk;
  auto const [end, error] = std::from_chars(from->data(), from->data() + from->size(), walk.offset);
  // The token names the rest of the question: it can't change between the pages.
  if (error != std::errc() || token_of_walk(walk) != *from)
    return fail(ErrorCode::invalid_param, "'from' is not a token of this question.");
  return walk;
}

struct Child {
  EventPtr event;
  json::object content;
  std::string order;  ///< empty: none, and then last
};

/// An order counts when it is at most 50 printable characters of ASCII.
/// @see https://spec.matrix.org/v1.19/client-server-api/#ordering-of-children-within-a-space
std::string order_of(json::object const& content) {
  std::string order(optional_string(content, "order").value_or(""));
  bool const printable = std::ranges::all_of(order, [](unsigned char c) { return c >= 0x20 && c <= 0x7E; });
  return printable && order.size() <= 50 ? order : "";
}

bool names_a_server(json::object const& content) {
  auto const* via = optional_array(content, "via");
  return via != nullptr && !via->empty() && std::ranges::all_of(*via, &json::value::is_string);
}

std::vector<Child> children_of(Room const& room, bool suggested_only) {
  std::vector<Child> children;
  for (auto const& [key, event] : room.state_of_type("m.space.child")) {
    if (event->redacted_by) continue;
    auto content = parse_json_object(event->content);
    if (!content || !names_a_server(*content)) continue;
    if (suggested_only && !optional_bool(*content, "suggested").value_or(false)) continue;
    auto order = order_of(*content);
    children.push_back({event, std::move(*content), std::move(order)});
  }
  std::ranges::sort(children, {}, [](Child const& child) {
    return std::tuple(child.order.empty(), std::string_view(child.order), child.event->origin_server_ts,
                      std::string_view(*child.event->state_key));
  });
  return children;
}

json::array children_state(ClientApi const& api, std::vector<Child> const& children) {
  json::array out;
  for (auto const& child : children) {
    out.push_back(json::object{{"type", child.event->type},
                               {"state_key", *child.event->state_key},
                               {"content", child.content},
                               {"sender", api.rooms.identity().user_id(child.event->sender)},
                               {"origin_server_ts", child.event->origin_server_ts}});
  }
  return out;
}

/// A room that `user` may preview; null when there is none, or it isn't for them.
Task<Result<std::shared_ptr<Room>>> room_to_show(ClientApi& api, std::string room_id, UserNid user) {
  auto const room = co_await api.rooms.load(std::move(room_id));
  if (!room && room.error().code == ErrorCode::not_found) co_return std::shared_ptr<Room>();
  if (!room) co_return std::unexpected(room.error());
  auto const may = co_await may_preview(api.rooms, preview_of(**room), user);
  if (!may) co_return std::unexpected(may.error());
  co_return *may ? *room : nullptr;
}

/// Depth first, children in their order, no room twice. A tree that changes between two pages may show a room
/// again or leave one out.
Answer walk_from(ClientApi& api, std::string root, UserNid user, Walk walk) {
  json::array rooms;
  std::optional<std::string> next;
  std::set<std::string> seen;
  std::vector<std::pair<std::string, std::size_t>> waiting{{std::move(root), 0}};
  for (std::size_t shown = 0; !waiting.empty() && seen.size() < kLongestWalk;) {
    auto const [room_id, depth] = std::move(waiting.back());
    waiting.pop_back();
    if (!seen.insert(room_id).second) continue;
    auto const room = co_await room_to_show(api, room_id, user);
    if (!room) co_return std::unexpected(room.error());
    if (*room == nullptr) continue;
    if (rooms.size() == walk.limit) {
      walk.offset += rooms.size();
      next = token_of_walk(walk);
      break;
    }
    auto out = to_json(preview_of(**room));
    auto const children = out.contains("room_type") && out["room_type"] == "m.space"
                              ? children_of(**room, walk.suggested_only)
                              : std::vector<Child>();
    for (auto child = children.rbegin(); child != children.rend() && depth < walk.max_depth; ++child)
      waiting.emplace_back(*child->event->state_key, depth + 1);
    if (shown++ < walk.offset) continue;
    out["children_state"] = children_state(api, children);
    rooms.push_back(std::move(out));
  }
  json::object out{{"rooms", std::move(rooms)}};
  if (next) out["next_batch"] = *next;
  co_return json::serialize(out);
}

Answer hierarchy(ClientApi& api, Asked asked) {
  auto const walk = parse_walk(asked);
  if (!walk) co_return std::unexpected(walk.error());
  auto const root = co_await room_to_show(api, asked.path(0), asked.requester.user);
  if (!root) co_return std::unexpected(root.error());
  if (*root == nullptr) co_return fail(ErrorCode::forbidden, "You may not look into this space.");
  co_return co_await walk_from(api, asked.path(0), asked.requester.user, *walk);
}

/// SPEC: nobody learns here which rooms there are: what one may not see is not found.
Answer summary(ClientApi& api, Asked asked) {
  auto room_id = co_await resolve_room(api, asked.path(0));
  if (!room_id) co_return std::unexpected(room_id.error());
  auto const user = asked.requester.user;
  auto const room = co_await room_to_show(api, std::move(*room_id), user);
  if (!room) co_return std::unexpected(room.error());
  if (*room == nullptr) co_return fail(ErrorCode::not_found, "There is no such room that you may see.");
  auto out = to_json(preview_of(**room));
  if (auto const membership = (*room)->member(user); membership != Membership::none)
    out["membership"] = to_text(membership);
  co_return json::serialize(out);
}

}  // namespace

std::vector<net::Route> preview_routes(ClientApi& api) {
  return {
      authed(api, get, "/_matrix/client/v1/rooms/{roomId}/hierarchy", hierarchy, net::Limit::search),
      authed(api, get, "/_matrix/client/v1/room_summary/{roomIdOrAlias}", summary),
      // Two shapes of the time before it was in the specification; clients use both.
      authed(api, get, "/_matrix/client/unstable/im.nheko.summary/summary/{roomIdOrAlias}", summary),
      authed(api, get, "/_matrix/client/unstable/im.nheko.summary/rooms/{roomIdOrAlias}/summary", summary),
  };
}

}  // namespace torg::matrix
