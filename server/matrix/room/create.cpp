// A room's first events, in the order of the specification, as one write.
#include "matrix/event/canonical.hpp"
#include "matrix/room/check.hpp"
#include "matrix/room/service.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

struct Preset {
  std::string_view join_rule, history_visibility, guest_access;
  bool trusted = false;
};

/// @see https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3createroom
Preset preset_of(CreateRoom const& request) {
  auto name = request.preset;
  if (name.empty()) name = request.visibility == "public" ? "public_chat" : "private_chat";
  if (name == "public_chat") return {"public", "shared", "forbidden"};
  return {"invite", "shared", "can_join", name == "trusted_private_chat"};
}

/// Who has power 100 from the beginning, where creators have no power by themselves.
json::object first_users(CreateRoom const& request, std::string_view creator, RoomVersion version) {
  constexpr int kAllPower = 100;
  json::object users;
  if (traits(version).creators == Creators::all_powerful) return users;
  users[creator] = kAllPower;
  if (!preset_of(request).trusted) return users;
  for (auto const& user : request.invite) users[user] = kAllPower;
  return users;
}

json::object power_levels(CreateRoom const& request, std::string_view creator, RoomVersion version) {
  // Where the creators are above all levels, nobody else ends a room.
  int const tombstone = traits(version).creators == Creators::all_powerful ? 150 : 100;
  json::object levels{{"ban", 50},
                      {"events",
                       {{"m.room.avatar", 50},
                        {"m.room.canonical_alias", 50},
                        {"m.room.encryption", 100},
                        {"m.room.history_visibility", 100},
                        {"m.room.name", 50},
                        {"m.room.power_levels", 100},
                        {"m.room.server_acl", 100},
                        {"m.room.tombstone", tombstone}}},
                      {"events_default", 0},
                      {"invite", 0},
                      {"kick", 50},
                      {"notifications", {{"room", 50}}},
                      {"redact", 50},
                      {"state_default", 50},
                      {"users", first_users(request, creator, version)},
                      {"users_default", 0}};
  for (auto const& [key, value] : request.power_level_content_override) levels[key] = value;
  return levels;
}

/// @see https://spec.matrix.org/v1.19/client-server-api/#mroomtopic
json::object topic(std::string_view text) {
  return {{"topic", text}, {"m.topic", {{"m.text", json::array{{{"body", text}}}}}}};
}

EventDraft state_event(UserNid sender, std::string type, json::object content, std::string state_key = "") {
  return {.sender = sender,
          .type = std::move(type),
          .state_key = std::move(state_key),
          .content = std::move(content),
          .transaction_id = {}};
}

bool has_initial(CreateRoom const& request, std::string_view type) {
  return std::ranges::any_of(request.initial_state, [&](json::value const& state) {
    return state.is_object() && optional_string(state.get_object(), "type") == type;
  });
}

}  // namespace

json::object RoomService::creation_content(CreateRoom const& request, RoomVersion version) const {
  auto content = request.creation_content;
  content["room_version"] = to_text(version);
  content.erase("creator");
  if (traits(version).creators == Creators::in_content)
    content["creator"] = identity_.user_id(request.creator);
  if (traits(version).room_ids == RoomIds::create_hash) {
    // Two rooms made in the same millisecond by one user must not be the same room.
    content["org.torg.nonce"] = random_name();
  }
  bool const more_creators = traits(version).creators == Creators::all_powerful;
  if (more_creators && preset_of(request).trusted && !request.invite.empty()) {
    json::array creators;
    if (auto const* given = optional_array(content, "additional_creators")) creators = *given;
    for (auto const& user : request.invite) creators.emplace_back(user);
    content["additional_creators"] = std::move(creators);
  }
  return content;
}

Result<RoomService::Batch> RoomService::start_room(CreateRoom const& request) {
  auto const version = request.version.value_or(identity_.options().room_version);
  auto content = creation_content(request, version);
  if (auto fine = check_creation(version, content); !fine) return fail(std::move(fine));
  auto canonical = canonical_json(content, traits(version).numbers);
  if (!canonical) return fail(std::move(canonical));
  bool const chosen = traits(version).room_ids == RoomIds::chosen;
  RoomId room_id(chosen ? '!' + random_name() + ':' + server_name_ : "");
  Event create{.version = version,
               .event_id = new_event_id(version),
               .type = "m.room.create",
               .state_key = "",
               .sender = identity_.user_id(request.creator),
               .room_id = room_id.value,
               .content = std::move(*canonical),
               .origin_server_ts = to_ms(runtime_.now()),
               .depth = 1};
  if (auto allowed = authorise_create(create, content); !allowed) return fail(std::move(allowed));
  auto const id = seal(create);
  if (auto fits = check_limits(create, server_name_); !fits) return fail(std::move(fits));
  if (!chosen) room_id = room_id_of_create(id);

  Batch batch{.room = std::make_shared<Room>(RoomNid(++last_room_), std::move(room_id), version, identity_),
              .is_new = true,
              .listing = request.visibility == "public" ? store::Listing::listed : store::Listing::unlisted,
              .not_allowed = ErrorCode::invalid_room_state};
  auto draft = state_event(request.creator, create.type, std::move(content));
  auto sealed = seal_draft(*batch.room, std::move(draft), std::move(create), id, {});
  batch.room->apply(sealed.event);
  if (policy_ != nullptr) sealed.facts = policy_->facts(to_room_event(*sealed.event));
  batch.events.push_back(std::move(sealed));
  return batch;
}

Result<> RoomService::add_first_events(Batch& batch, CreateRoom const& request) {
  auto const by = request.creator;
  auto const preset = preset_of(request);
  std::vector<EventDraft> drafts;
  drafts.push_back(state_event(by, "m.room.power_levels",
                               power_levels(request, identity_.user_id(by), batch.room->version())));
  if (!request.alias_localpart.empty()) {
    batch.alias = '#' + request.alias_localpart + ':' + server_name_;
    batch.alias_creator = by;
    drafts.push_back(state_event(by, "m.room.canonical_alias", {{"alias", batch.alias}}));
  }
  if (!has_initial(request, "m.room.join_rules")) {
    drafts.push_back(state_event(by, "m.room.join_rules", {{"join_rule", preset.join_rule}}));
  }
  if (!has_initial(request, "m.room.history_visibility")) {
    drafts.push_back(
        state_event(by, "m.room.history_visibility", {{"history_visibility", preset.history_visibility}}));
  }
  if (!has_initial(request, "m.room.guest_access")) {
    drafts.push_back(state_event(by, "m.room.guest_access", {{"guest_access", preset.guest_access}}));
  }
  for (auto const& state : request.initial_state) {
    if (!state.is_object())
      return fail(ErrorCode::bad_json, "Each entry of initial_state must be an object.");
    auto type = required_string(state.get_object(), "type");
    auto const* content = optional_object(state.get_object(), "content");
    if (!type) return fail(std::move(type));
    if (content == nullptr)
      return fail(ErrorCode::missing_param, "An entry of initial_state has no content.");
    auto const key = optional_string(state.get_object(), "state_key").value_or("");
    drafts.push_back(state_event(by, std::move(*type), *content, std::string(key)));
  }
  if (!request.name.empty()) drafts.push_back(state_event(by, "m.room.name", {{"name", request.name}}));
  if (!request.topic.empty()) drafts.push_back(state_event(by, "m.room.topic", topic(request.topic)));
  for (auto& draft : drafts) {
    if (auto added = add(batch, std::move(draft)); !added) return added;
  }
  return {};
}

Task<Result<RoomNid>> RoomService::create(CreateRoom request) {
  if (policy_ != nullptr) {
    json::object const content = request.creation_content;
    auto may = policy_->may({.act = RoomPolicy::Act::create,
                             .by = request.creator,
                             .room = {},
                             .type = "m.room.create",
                             .state_key = {},
                             .content = &content,
                             .target = {}});
    if (!may) co_return fail(std::move(may));
  }
  auto batch = start_room(request);
  if (!batch) co_return fail(std::move(batch));
  auto member =
      state_event(request.creator, "m.room.member", member_content(request.creator, Membership::join, ""),
                  identity_.user_id(request.creator));
  member.member = request.creator;
  if (auto added = add(*batch, std::move(member)); !added) co_return fail(std::move(added));
  if (auto added = add_first_events(*batch, request); !added) co_return fail(std::move(added));
  for (auto const& user : request.invite) {
    auto const invited = co_await identity_.intern(user);
    if (!invited) co_return std::unexpected(invited.error());
    auto content = member_content(*invited, Membership::invite, "");
    if (request.is_direct) content["is_direct"] = true;
    auto draft = state_event(request.creator, "m.room.member", std::move(content), user);
    draft.member = *invited;
    if (auto added = add(*batch, std::move(draft)); !added) co_return fail(std::move(added));
  }
  auto const room = batch->room;
  // Before the commit: who hears of the room by it must find this one.
  rooms_.put(room->nid(), room, room->memory_bytes());
  bool const has_alias = !batch->alias.empty();
  if (auto committed = co_await commit(std::move(*batch)); !committed) {
    if (has_alias && committed.error().code == ErrorCode::conflict) {
      co_return fail(ErrorCode::room_in_use, "That room alias is already in use.");
    }
    co_return std::unexpected(committed.error());
  }
  by_room_id_.put(room->id().value, room->nid(), room->id().value.size());
  co_await take_along(room, request.creator);
  co_return room->nid();
}

}  // namespace torg::matrix
