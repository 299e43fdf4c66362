// The names of rooms: aliases, and the one that the room itself says is its own.
#include "base/identifiers.hpp"
#include "matrix/client_api/aliases.hpp"
#include "matrix/client_api/reading.hpp"
#include "matrix/registration/registration.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

using enum net::Method;

/// All aliases that a canonical alias event names.
Result<std::vector<std::string>> named_aliases(json::object const& content) {
  std::vector<std::string> named;
  auto const add = [&](json::value const& value) -> Result<> {
    if (!value.is_string() || !is_valid_room_alias(value.get_string()))
      return fail(ErrorCode::invalid_param, "A room alias has the form #name:server.");
    named.emplace_back(value.get_string());
    return {};
  };
  if (auto const* alias = content.if_contains("alias"); alias != nullptr && !alias->is_null()) {
    bool const none = alias->is_string() && alias->get_string().empty();
    if (auto added = none ? Result<>{} : add(*alias); !added) return fail(std::move(added));
  }
  auto const* others = content.if_contains("alt_aliases");
  if (others == nullptr || others->is_null()) return named;
  if (!others->is_array()) return fail(ErrorCode::invalid_param, "'alt_aliases' must be a list.");
  for (auto const& other : others->get_array()) {
    if (auto added = add(other); !added) return fail(std::move(added));
  }
  return named;
}

/// Content of the room's canonical alias event; empty when it has none.
json::object canonical_alias(Room const& room) {
  auto const* event = room.state("m.room.canonical_alias", "");
  if (event == nullptr || (*event)->redacted_by) return {};
  return parse_json_object((*event)->content).value_or(json::object());
}

/// The canonical alias event without `alias`; none when it isn't named there.
std::optional<json::object> without_alias(json::object content, std::string_view alias) {
  bool named = optional_string(content, "alias") == alias;
  if (named) content.erase("alias");
  if (auto* others = content.if_contains("alt_aliases"); others != nullptr && others->is_array()) {
    auto& list = others->get_array();
    auto const end = std::remove_if(list.begin(), list.end(), [&](json::value const& other) {
      return other.is_string() && other.get_string() == alias;
    });
    named = named || end != list.end();
    list.erase(end, list.end());
    if (list.empty()) content.erase("alt_aliases");
  }
  return named ? std::optional(std::move(content)) : std::nullopt;
}

Answer aliases(ClientApi& api, Asked asked) {
  auto const room = co_await joined_room(api, asked.path(0), asked.requester.user);
  if (!room) co_return std::unexpected(room.error());
  auto found = co_await api.rooms.database().read(
      [&](db::Reader& reader) { return store::aliases(reader, (*room)->nid()); });
  if (!found) co_return std::unexpected(found.error());
  co_return json::serialize(json::object{{"aliases", json::value_from(*found)}});
}

Answer find_alias(ClientApi& api, Asked asked) {
  auto const found = co_await api.rooms.find_alias(asked.path(0));
  if (!found) co_return std::unexpected(found.error());
  auto const id = co_await api.rooms.room_id(found->room);
  if (!id) co_return std::unexpected(id.error());
  co_return json::serialize(json::object{{"room_id", id->value}, {"servers", {api.rooms.server_name()}}});
}

Answer put_alias(ClientApi& api, Asked asked) {
  auto const body = asked.required_body();
  if (!body) co_return std::unexpected(body.error());
  auto const room_id = required_string(*body, "room_id");
  if (!room_id) co_return std::unexpected(room_id.error());
  auto const& alias = asked.path(0);
  if (!is_valid_room_alias(alias) || server_of(alias) != api.rooms.server_name()) {
    co_return fail(ErrorCode::invalid_param,
                   "An alias here has the form #name:" + api.rooms.server_name() + ".");
  }
  if (auto owned = check_alias_owner(api, asked.requester, alias); !owned) co_return fail(std::move(owned));
  auto const room = co_await joined_room(api, *room_id, asked.requester.user);
  if (!room) co_return std::unexpected(room.error());
  auto const done = co_await api.rooms.put_alias(alias, (*room)->nid(), asked.requester.user);
  if (!done) co_return std::unexpected(done.error());
  co_return "{}";
}

bool may_name(ClientApi const& api, Room const& room, UserNid user) {
  auto const needed = power_needed(room.power_levels(), "m.room.canonical_alias", true);
  return room.is_joined(user) && power_of(room, api.rooms.identity().user_id(user)) >= needed;
}

Answer delete_alias(ClientApi& api, Asked asked) {
  auto const& alias = asked.path(0);
  auto const user = asked.requester.user;
  auto const found = co_await api.rooms.find_alias(alias);
  if (!found) co_return std::unexpected(found.error());
  auto const room = co_await api.rooms.load(found->room);
  if (!room) co_return std::unexpected(room.error());
  bool const may = may_name(api, **room, user);
  auto const* service = asked.requester.service;
  bool const owns = service != nullptr && service->owns_alias(alias);
  if (service == nullptr) {
    if (auto owned = check_alias_owner(api, asked.requester, alias); !owned) co_return fail(std::move(owned));
  }
  if (!may && !owns && found->creator != user)
    co_return fail(ErrorCode::forbidden, "You may not remove this room's aliases.");
  auto const done = co_await api.rooms.remove_alias(alias);
  if (!done) co_return std::unexpected(done.error());
  auto content = without_alias(canonical_alias(**room), alias);
  if (content && may) {
    // The alias is gone already; a room that refuses the event goes on naming it.
    (void)co_await api.rooms.send({.room = found->room,
                                   .sender = user,
                                   .type = "m.room.canonical_alias",
                                   .state_key = "",
                                   .content = std::move(*content),
                                   .transaction_id = {},
                                   .redacts = std::nullopt});
  }
  co_return "{}";
}

}  // namespace

Result<> check_alias_owner(ClientApi& api, identity::Requester const& requester, std::string_view alias) {
  auto const& services = api.rooms.identity().options().services;
  bool const others = services && services->exclusive_alias(alias, requester.service) != nullptr;
  if (!others && (requester.service == nullptr || requester.service->owns_alias(alias))) return {};
  return fail(ErrorCode::exclusive, "This alias belongs to another application service, or to people.");
}

Task<Result<>> check_canonical_alias(ClientApi& api, std::shared_ptr<Room> room, json::object content) {
  auto const named = named_aliases(content);
  if (!named) co_return std::unexpected(named.error());
  auto const before = named_aliases(canonical_alias(*room)).value_or(std::vector<std::string>());
  for (auto const& alias : *named) {
    if (std::ranges::find(before, alias) != before.end()) continue;
    auto const found = co_await api.rooms.find_alias(alias);
    if (!found && found.error().code != ErrorCode::not_found) co_return std::unexpected(found.error());
    if (!found || found->room != room->nid())
      co_return fail(ErrorCode::bad_alias, "The alias " + alias + " does not lead to this room.");
  }
  co_return Result<>{};
}

std::vector<net::Route> alias_routes(ClientApi& api) {
  constexpr std::string_view kAlias = "/_matrix/client/v3/directory/room/{roomAlias}";
  return {
      authed(api, get, "/_matrix/client/v3/rooms/{roomId}/aliases", aliases),
      authed(api, get, kAlias, find_alias),
      authed(api, put, kAlias, put_alias, net::Limit::membership),
      authed(api, delete_, kAlias, delete_alias, net::Limit::membership),
  };
}

}  // namespace torg::matrix
