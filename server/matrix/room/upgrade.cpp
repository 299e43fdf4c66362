// A room goes on in another, of another version.
// https://spec.matrix.org/v1.19/client-server-api/#room-upgrades
#include "matrix/room/service.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

// What goes along. Members don't: nobody can be joined without their server, and bans are sent anew.
// `m.room.power_levels` comes last, so that the rest is written with the power of a creator.
constexpr std::string_view kCopied[] = {"m.room.server_acl",
                                        "m.room.encryption",
                                        "m.room.name",
                                        "m.room.avatar",
                                        "m.room.topic",
                                        "m.room.guest_access",
                                        "m.room.history_visibility",
                                        "m.room.join_rules",
                                        "m.room.canonical_alias",
                                        "org.torg.plan"};

EventDraft draft_of(UserNid by, std::string type, json::object content, std::string state_key = "") {
  return {.sender = by,
          .type = std::move(type),
          .state_key = std::move(state_key),
          .content = std::move(content),
          .transaction_id = {}};
}

/// The content of a state event with the key "": none when it is missing or was redacted.
std::optional<json::object> content_of(Room const& room, std::string_view type) {
  auto const* event = room.state(type, "");
  if (event == nullptr || (*event)->redacted_by) return std::nullopt;
  auto content = parse_json_object((*event)->content);
  return content ? std::optional(std::move(*content)) : std::nullopt;
}

bool are_all_powerful(RoomVersion version) { return traits(version).creators == Creators::all_powerful; }

json::object creation_of(Room const& old, Upgrade const& request) {
  json::object content;
  auto const before = content_of(old, "m.room.create").value_or(json::object{});
  for (auto const* key : {"type", "m.federate"}) {
    if (auto const* value = before.if_contains(key)) content[key] = *value;
  }
  json::object predecessor{{"room_id", old.id().value}};
  // From version 12 on the create event is the room, and nothing points from it to the old room's end.
  if (!are_all_powerful(request.version)) predecessor["event_id"] = old.head().id.text();
  content["predecessor"] = std::move(predecessor);
  content["room_version"] = to_text(request.version);
  if (are_all_powerful(request.version) && !request.additional_creators.empty())
    content["additional_creators"] = json::value_from(request.additional_creators);
  return content;
}

/// The old room's levels, as people set them, with the creators where their version wants them: outside
/// `users` or with 100 in it.
json::object levels_of(Room const& old, Upgrade const& request, std::string_view by) {
  constexpr int kAllPower = 100;
  auto levels = content_of(old, "m.room.power_levels").value_or(json::object{});
  json::object users;
  if (auto const* before = optional_object(levels, "users")) users = *before;
  if (are_all_powerful(request.version)) {
    users.erase(by);
    for (auto const& creator : request.additional_creators) users.erase(creator);
  } else if (are_all_powerful(old.version())) {
    for (auto const& creator : old.creators()) users[creator] = kAllPower;
    users[by] = kAllPower;
  } else if (!old.power_levels().present) {
    users[old.creator()] = kAllPower;
  }
  levels["users"] = std::move(users);
  return levels;
}

/// What keeps people from writing on in the old room; none when they couldn't anyway.
std::optional<json::object> closing_levels(Room const& old) {
  auto levels = content_of(old, "m.room.power_levels").value_or(json::object{});
  auto const& now = old.power_levels();
  auto const least = std::max<std::int64_t>(50, now.users_default + 1);
  if (now.events_default >= least && now.invite >= least) return std::nullopt;
  levels["events_default"] = std::max(least, now.events_default);
  levels["invite"] = std::max(least, now.invite);
  return levels;
}

}  // namespace

Result<> RoomService::add_copied_state(Batch& batch, Room const& old, Upgrade const& request) {
  auto const by = request.by;
  auto const user_id = identity_.user_id(by);
  std::vector<EventDraft> drafts;
  for (auto const type : kCopied) {
    if (auto content = content_of(old, type))
      drafts.push_back(draft_of(by, std::string(type), std::move(*content)));
  }
  for (auto const& [key, event] : old.state()) {
    if (key.first != "m.room.member" || old.membership(key.second) != Membership::ban) continue;
    auto ban = draft_of(by, "m.room.member", {{"membership", "ban"}}, key.second);
    ban.member = identity_.find(key.second);
    drafts.push_back(std::move(ban));
  }
  drafts.push_back(draft_of(by, "m.room.power_levels", levels_of(old, request, user_id)));
  for (auto& draft : drafts) {
    if (auto added = add(batch, std::move(draft)); !added) return added;
  }
  return {};
}

Result<RoomService::Batch> RoomService::start_successor(Room const& old, Upgrade const& request) {
  CreateRoom creation{.creator = request.by, .version = request.version};
  creation.creation_content = creation_of(old, request);
  if (policy_ != nullptr) {
    auto may = policy_->may({.act = RoomPolicy::Act::upgrade,
                             .by = request.by,
                             .room = old.nid(),
                             .type = "m.room.create",
                             .state_key = {},
                             .content = &creation.creation_content,
                             .target = {}});
    if (!may) return fail(std::move(may));
  }
  auto batch = start_room(creation);
  if (!batch) return batch;
  if (policy_ != nullptr) policy_->succeeds(batch->room->nid(), old.nid());
  auto member = draft_of(request.by, "m.room.member", member_content(request.by, Membership::join, ""),
                         identity_.user_id(request.by));
  member.member = request.by;
  if (auto added = add(*batch, std::move(member)); !added) return fail(std::move(added));
  if (auto added = add_copied_state(*batch, old, request); !added) return fail(std::move(added));
  batch->follows = old.nid();
  return batch;
}

Result<RoomService::Batch> RoomService::end_room(std::shared_ptr<Room> const& old, Upgrade const& request,
                                                 RoomId const& successor) {
  Batch batch{.room = old};
  auto const user_id = identity_.user_id(request.by);
  auto const may_set = [&](std::string_view type) {
    return power_of(*old, user_id) >= power_needed(old->power_levels(), type, true);
  };
  auto tombstone =
      draft_of(request.by, "m.room.tombstone",
               {{"body", "This room has been replaced."}, {"replacement_room", successor.value}});
  if (auto added = add(batch, std::move(tombstone)); !added) return fail(std::move(added));
  // The aliases lead to the new room from now on. This and the levels are asked for where possible only.
  if (content_of(*old, "m.room.canonical_alias") && may_set("m.room.canonical_alias")) {
    if (auto added = add(batch, draft_of(request.by, "m.room.canonical_alias", {})); !added)
      return fail(std::move(added));
  }
  if (auto levels = closing_levels(*old); levels && may_set("m.room.power_levels")) {
    (void)add(batch, draft_of(request.by, "m.room.power_levels", std::move(*levels)));
  }
  return batch;
}

Task<Result<RoomNid>> RoomService::upgrade(Upgrade request) {
  auto const old = co_await load(request.room);
  if (!old) co_return std::unexpected(old.error());
  auto const user_id = identity_.user_id(request.by);
  auto const& room = **old;
  if (room.membership(user_id) != Membership::join)
    co_return fail(ErrorCode::forbidden, "You are not in this room.");
  if (power_of(room, user_id) < power_needed(room.power_levels(), "m.room.tombstone", true))
    co_return fail(ErrorCode::forbidden, "You may not move this room to a new one.");
  // From here to the commit nothing waits: the old room can't change in between.
  auto next = start_successor(room, request);
  if (!next) co_return fail(std::move(next));
  auto const successor = next->room;
  auto end = end_room(*old, request, successor->id());
  if (!end) {
    drop(*old);
    co_return fail(std::move(end));
  }
  rooms_.put(successor->nid(), successor, successor->memory_bytes());
  std::vector<Batch> both;
  both.push_back(std::move(*next));
  both.push_back(std::move(*end));
  auto const committed = co_await commit(std::move(both));
  if (!committed) co_return std::unexpected(committed.error());
  by_room_id_.put(successor->id().value, successor->nid(), successor->id().value.size());
  co_await take_along(successor, request.by);
  co_return successor->nid();
}

}  // namespace torg::matrix
