// Creating rooms, entering and leaving them, and everything said in them.
#include "matrix/client_api/aliases.hpp"
#include "matrix/event/canonical.hpp"

namespace torg::matrix {
namespace {

using enum net::Method;
using net::Limit;
using Answer = Task<Result<std::string>>;

Result<RoomVersion> known_version(json::value const& version) {
  if (!version.is_string()) return fail(ErrorCode::bad_json, "A room version is a string.");
  auto const known = parse_room_version(version.get_string());
  if (!known)
    return fail(ErrorCode::unsupported_room_version, "This server makes rooms of version 1 to 12 only.");
  return *known;
}

Result<CreateRoom> parse_create(json::object const& body, UserNid creator) {
  CreateRoom request{.creator = creator};
  if (auto const* version = body.if_contains("room_version")) {
    auto known = known_version(*version);
    if (!known) return fail(std::move(known));
    request.version = *known;
  }
  request.name = optional_string(body, "name").value_or("");
  request.topic = optional_string(body, "topic").value_or("");
  request.alias_localpart = optional_string(body, "room_alias_name").value_or("");
  request.preset = optional_string(body, "preset").value_or("");
  request.visibility = optional_string(body, "visibility").value_or("private");
  request.is_direct = optional_bool(body, "is_direct").value_or(false);
  if (request.alias_localpart.find_first_of(":#") != std::string::npos) {
    return fail(ErrorCode::invalid_param, "A room alias must not contain ':' or '#'.");
  }
  if (auto const* content = optional_object(body, "creation_content")) request.creation_content = *content;
  if (auto const* levels = optional_object(body, "power_level_content_override"))
    request.power_level_content_override = *levels;
  if (auto const* state = optional_array(body, "initial_state")) request.initial_state = *state;
  if (auto const* invite = optional_array(body, "invite")) {
    for (auto const& user : *invite) {
      if (!user.is_string()) return fail(ErrorCode::bad_json, "'invite' must hold user ids.");
      request.invite.emplace_back(user.get_string());
    }
  }
  return request;
}

Answer create_room(ClientApi& api, Asked asked) {
  auto const body = asked.body();
  if (!body) co_return std::unexpected(body.error());
  auto request = parse_create(*body, asked.requester.user);
  if (!request) co_return std::unexpected(request.error());
  if (!request->alias_localpart.empty()) {
    auto const alias = '#' + request->alias_localpart + ':' + api.rooms.server_name();
    if (auto owned = check_alias_owner(api, asked.requester, alias); !owned) co_return fail(std::move(owned));
  }
  auto const room = co_await api.rooms.create(std::move(*request));
  if (!room) co_return std::unexpected(room.error());
  auto const id = co_await api.rooms.room_id(*room);
  if (!id) co_return std::unexpected(id.error());
  co_return R"({"room_id":")" + id->value + R"("})";
}

/// The user ids in `additional_creators`.
Result<std::vector<std::string>> creators_in(json::object const& body) {
  std::vector<std::string> ids;
  auto const* given = body.if_contains("additional_creators");
  if (given == nullptr) return ids;
  auto const* list = given->if_array();
  if (list == nullptr) return fail(ErrorCode::bad_json, "'additional_creators' must be a list of user ids.");
  for (auto const& id : *list) {
    if (!id.is_string()) return fail(ErrorCode::bad_json, "'additional_creators' must hold user ids.");
    ids.emplace_back(id.get_string());
  }
  return ids;
}

Answer upgrade(ClientApi& api, Asked asked) {
  auto const body = asked.required_body();
  if (!body) co_return std::unexpected(body.error());
  auto const* wanted = body->if_contains("new_version");
  if (wanted == nullptr) co_return fail(ErrorCode::missing_param, "The field 'new_version' is missing.");
  auto const version = known_version(*wanted);
  if (!version) co_return std::unexpected(version.error());
  auto creators = creators_in(*body);
  if (!creators) co_return std::unexpected(creators.error());
  auto const room = co_await joined_room(api, asked.path(0), asked.requester.user);
  if (!room) co_return std::unexpected(room.error());
  auto const made = co_await api.rooms.upgrade({.room = (*room)->nid(),
                                                .by = asked.requester.user,
                                                .version = *version,
                                                .additional_creators = std::move(*creators)});
  if (!made) co_return std::unexpected(made.error());
  auto const id = co_await api.rooms.room_id(*made);
  if (!id) co_return std::unexpected(id.error());
  co_return json::serialize(json::object{{"replacement_room", id->value}});
}

std::string reason_of(json::object const& body) {
  return std::string(optional_string(body, "reason").value_or(""));
}

Answer join(ClientApi& api, Asked asked) {
  auto body = asked.body();
  if (!body) co_return std::unexpected(body.error());
  auto room_id = co_await resolve_room(api, asked.path(0));
  if (!room_id) co_return std::unexpected(room_id.error());
  auto const room = co_await known_room(api, std::move(*room_id));
  if (!room) co_return std::unexpected(room.error());
  // Joining twice is no news.
  if (!(*room)->is_joined(asked.requester.user)) {
    body->erase("third_party_signed");  // says why one may join, and is no part of the membership
    auto const done = co_await api.rooms.join((*room)->nid(), asked.requester.user, std::move(*body));
    if (!done) co_return std::unexpected(done.error());
  }
  co_return R"({"room_id":")" + (*room)->id().value + R"("})";
}

Answer leave(ClientApi& api, Asked asked) {
  auto const body = asked.body();
  if (!body) co_return std::unexpected(body.error());
  auto const user = asked.requester.user;
  auto const room = co_await known_room(api, asked.path(0));
  if (!room) co_return std::unexpected(room.error());
  if ((*room)->member(user) != Membership::leave) {  // leaving twice is no news
    auto const done =
        co_await api.rooms.set_membership((*room)->nid(), user, user, Membership::leave, reason_of(*body));
    if (!done) co_return std::unexpected(done.error());
  }
  co_return "{}";
}

Answer forget(ClientApi& api, Asked asked) {
  auto const room = co_await known_room(api, asked.path(0));
  if (!room) co_return std::unexpected(room.error());
  auto const done = co_await api.rooms.forget_left_room((*room)->nid(), asked.requester.user);
  if (!done) co_return std::unexpected(done.error());
  co_return "{}";
}

enum class Acting : std::uint8_t { invite, kick, ban, unban };

Membership membership_after(Acting acting) {
  if (acting == Acting::invite) return Membership::invite;
  return acting == Acting::ban ? Membership::ban : Membership::leave;
}

/// SPEC: the authorisation rules let who may kick "kick" anybody. Told of a person who isn't there, or who is
/// banned, it would be a mistake.
Result<> may_act(Acting acting, Membership target) {
  if (acting == Acting::unban && target != Membership::ban)
    return fail(ErrorCode::bad_state, "That person is not banned.");
  bool const present =
      target == Membership::join || target == Membership::invite || target == Membership::knock;
  if (acting == Acting::kick && !present)
    return fail(ErrorCode::forbidden, "That person is not in this room.");
  return {};
}

/// invite, kick, ban and unban differ in the membership they set, and in whom they may meet.
template <Acting acting>
Answer set_other(ClientApi& api, Asked asked) {
  auto const body = asked.required_body();
  if (!body) co_return std::unexpected(body.error());
  auto const user_id = required_string(*body, "user_id");
  if (!user_id) co_return std::unexpected(user_id.error());
  if (!user_id->starts_with('@') || user_id->find(':') == std::string::npos) {
    co_return fail(ErrorCode::invalid_param, "That is not a user id.");
  }
  auto const room = co_await joined_room(api, asked.path(0), asked.requester.user);
  if (!room) co_return std::unexpected(room.error());
  auto& identity = api.rooms.identity();
  bool const unknown = identity.is_local(*user_id) && identity.account(identity.find(*user_id)) == nullptr;
  if (acting == Acting::invite && unknown && identity.on_unknown_user)
    (void)co_await identity.on_unknown_user(*user_id);  // who isn't there can be invited all the same
  auto const target = co_await identity.intern(*user_id);
  if (!target) co_return std::unexpected(target.error());
  if (auto may = may_act(acting, (*room)->member(*target)); !may) co_return fail(std::move(may));
  auto const done = co_await api.rooms.set_membership((*room)->nid(), asked.requester.user, *target,
                                                      membership_after(acting), reason_of(*body));
  if (!done) co_return std::unexpected(done.error());
  co_return "{}";
}

/// The same state set again by the same person is no news.
EventPtr unchanged_state(Room const& room, SendEvent const& event) {
  auto const* now = event.state_key ? room.state(event.type, *event.state_key) : nullptr;
  bool const committed = now != nullptr && (*now)->position.value != 0;
  if (!committed || (*now)->sender != event.sender || (*now)->redacted_by) return nullptr;
  return canonical_json(event.content, traits(room.version()).numbers) == (*now)->content ? *now : nullptr;
}

/// One answer for what isn't there and what is in another room.
Task<Result<EventPtr>> event_in(ClientApi& api, RoomNid room, std::string event_id) {
  auto event = co_await api.rooms.cached_event(std::move(event_id));
  if (!event && event.error().code != ErrorCode::not_found) co_return event;
  if (!event || (*event)->room != room)
    co_return fail(ErrorCode::not_found, "There is no such event in this room.");
  co_return event;
}

Task<Result<std::string>> send_event(ClientApi& api, Asked asked, SendEvent event, std::string room_id) {
  auto const options = send_options(asked);
  if (!options) co_return std::unexpected(options.error());
  event.origin_server_ts = options->origin_server_ts;
  event.sticky_ms = options->sticky_ms;
  if (options->delay_ms)
    co_return co_await schedule(api, std::move(asked), std::move(event), std::move(room_id),
                                *options->delay_ms);
  auto content = asked.required_body();
  if (!content) co_return std::unexpected(content.error());
  auto const room = co_await joined_room(api, std::move(room_id), asked.requester.user);
  if (!room) co_return std::unexpected(room.error());
  event.room = (*room)->nid();
  event.sender = asked.requester.user;
  event.device_key = asked.requester.device_key;
  event.content = std::move(*content);
  auto const sent = co_await submit(api, std::move(event));
  if (!sent) co_return std::unexpected(sent.error());
  co_return event_id_answer(*sent);
}

Answer send(ClientApi& api, Asked asked) {
  SendEvent event{.type = asked.path(1), .transaction_id = asked.path(2)};
  auto room_id = asked.path(0);
  co_return co_await send_event(api, std::move(asked), std::move(event), std::move(room_id));
}

Answer put_state(ClientApi& api, Asked asked) {
  SendEvent event{.type = asked.path(1), .state_key = asked.call.path.size() > 2 ? asked.path(2) : ""};
  auto room_id = asked.path(0);
  co_return co_await send_event(api, std::move(asked), std::move(event), std::move(room_id));
}

Answer redact(ClientApi& api, Asked asked) {
  auto const body = asked.body();
  if (!body) co_return std::unexpected(body.error());
  auto const room = co_await joined_room(api, asked.path(0), asked.requester.user);
  if (!room) co_return std::unexpected(room.error());
  auto const target = co_await event_in(api, (*room)->nid(), asked.path(1));
  if (!target) co_return std::unexpected(target.error());
  auto const sent = co_await api.rooms.redact((*room)->nid(), asked.requester.user, (*target)->nid,
                                              reason_of(*body), asked.requester.device_key, asked.path(2));
  if (!sent) co_return std::unexpected(sent.error());
  co_return event_id_answer(sent->id);
}

Answer joined_rooms(ClientApi& api, Asked asked) {
  auto const rooms = co_await api.rooms.rooms_of(asked.requester.user);
  if (!rooms) co_return std::unexpected(rooms.error());
  std::vector<RoomNid> joined;
  for (auto const& [room, member] : **rooms) {
    if (member.membership == Membership::join) joined.push_back(room);
  }
  json::array ids;
  for (auto const room : joined) {
    if (auto const id = co_await api.rooms.room_id(room)) ids.emplace_back(id->value);
  }
  co_return json::serialize(json::object{{"joined_rooms", std::move(ids)}});
}

}  // namespace

Task<Result<EventId>> submit(ClientApi& api, SendEvent event) {
  if (event.type == "m.room.redaction") {
    auto const target = optional_string(event.content, "redacts");
    auto const found = co_await event_in(api, event.room, std::string(target.value_or("")));
    if (!found) co_return std::unexpected(found.error());
    auto const sent = co_await api.rooms.redact(std::move(event), (*found)->nid);
    if (!sent) co_return std::unexpected(sent.error());
    co_return sent->id;
  }
  auto const room = co_await api.rooms.load(event.room);
  if (!room) co_return std::unexpected(room.error());
  auto const same = event.also ? nullptr : unchanged_state(**room, event);
  if (same) co_return EventId(same->id.text());
  if (event.type == "m.room.canonical_alias" && event.state_key == "") {
    auto const good = co_await check_canonical_alias(api, *room, event.content);
    if (!good) co_return std::unexpected(good.error());
  }
  auto const sent = co_await api.rooms.send(std::move(event));
  if (!sent) co_return std::unexpected(sent.error());
  co_return sent->id;
}

std::vector<net::Route> room_routes(ClientApi& api) {
  return {
      authed(api, post, "/_matrix/client/v3/createRoom", create_room, Limit::room),
      authed(api, post, "/_matrix/client/v3/join/{roomIdOrAlias}", join, Limit::membership),
      authed(api, post, "/_matrix/client/v3/rooms/{roomId}/join", join, Limit::membership),
      authed(api, post, "/_matrix/client/v3/rooms/{roomId}/upgrade", upgrade, Limit::room),
      authed(api, post, "/_matrix/client/v3/rooms/{roomId}/leave", leave, Limit::membership),
      authed(api, post, "/_matrix/client/v3/rooms/{roomId}/forget", forget, Limit::membership),
      authed(api, post, "/_matrix/client/v3/rooms/{roomId}/invite", set_other<Acting::invite>,
             Limit::membership),
      authed(api, post, "/_matrix/client/v3/rooms/{roomId}/kick", set_other<Acting::kick>, Limit::membership),
      authed(api, post, "/_matrix/client/v3/rooms/{roomId}/ban", set_other<Acting::ban>, Limit::membership),
      authed(api, post, "/_matrix/client/v3/rooms/{roomId}/unban", set_other<Acting::unban>,
             Limit::membership),
      authed(api, put, "/_matrix/client/v3/rooms/{roomId}/send/{eventType}/{txnId}", send, Limit::message),
      authed(api, put, "/_matrix/client/v3/rooms/{roomId}/state/{eventType}", put_state, Limit::message),
      authed(api, put, "/_matrix/client/v3/rooms/{roomId}/state/{eventType}/{stateKey}", put_state,
             Limit::message),
      authed(api, put, "/_matrix/client/v3/rooms/{roomId}/redact/{eventId}/{txnId}", redact, Limit::message),
      authed(api, get, "/_matrix/client/v3/joined_rooms", joined_rooms),
  };
}

}  // namespace torg::matrix
