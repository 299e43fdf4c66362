// What users do in rooms: send, membership, redact.
#include "base/log.hpp"
#include "matrix/room/restricted.hpp"
#include "matrix/room/service.hpp"

namespace torg::matrix {
namespace {

EventDraft draft_of(SendEvent request) {
  return {.sender = request.sender,
          .type = std::move(request.type),
          .state_key = std::move(request.state_key),
          .content = std::move(request.content),
          .redacts = request.redacts.value_or(EventNid{}),
          .device_key = request.device_key,
          .transaction_id = std::move(request.transaction_id),
          .origin_server_ts = request.origin_server_ts,
          .sticky_ms = request.sticky_ms,
          .delay_id = std::move(request.delay_id),
          .also = std::move(request.also)};
}

}  // namespace

Task<Result<RoomEvent>> RoomService::send(SendEvent request) {
  auto const room = request.room;
  auto draft = draft_of(std::move(request));
  if (draft.state_key && draft.type == "m.room.member") {
    auto const member = co_await identity_.intern(*draft.state_key);
    if (!member) co_return std::unexpected(member.error());
    draft.member = *member;
  }
  if (auto const* relation = optional_object(draft.content, "m.relates_to")) {
    // A target that we don't have is allowed: it may be of another server.
    if (auto const target = optional_string(*relation, "event_id")) {
      if (auto const found = co_await cached_event(std::string(*target)); found && (*found)->room == room) {
        draft.relates_to = (*found)->nid;
        draft.is_thread_reply = optional_string(*relation, "rel_type") == "m.thread";
      }
    }
  }
  auto event = co_await append_once(room, std::move(draft));
  if (!event) co_return fail(std::move(event));
  co_return to_room_event(**event);
}

json::object RoomService::member_content(UserNid user, Membership membership, std::string reason) const {
  json::object content{{"membership", to_text(membership)}};
  if (!reason.empty()) content["reason"] = reason;
  if (membership == Membership::join || membership == Membership::invite || membership == Membership::knock) {
    if (auto const* account = identity_.account(user)) {
      auto const& profile = account->profile;
      if (!profile.displayname.empty()) content["displayname"] = profile.displayname;
      if (!profile.avatar_url.empty()) content["avatar_url"] = profile.avatar_url;
    }
  }
  return content;
}

Task<Result<RoomEvent>> RoomService::set_membership(RoomNid room, UserNid by, UserNid target,
                                                    Membership membership, std::string reason) {
  if (by == target && membership == Membership::join) {
    json::object more;
    if (!reason.empty()) more["reason"] = reason;
    co_return co_await join(room, target, std::move(more));
  }
  auto content = member_content(target, membership, std::move(reason));
  auto event = co_await append(room, {.sender = by,
                                      .type = "m.room.member",
                                      .state_key = identity_.user_id(target),
                                      .content = std::move(content),
                                      .member = target,
                                      .transaction_id = {}});
  if (!event) co_return fail(std::move(event));
  co_return to_room_event(**event);
}

Task<Result<RoomEvent>> RoomService::join(RoomNid nid, UserNid user, json::object more) {
  for (auto const* ours : {"join_authorised_via_users_server", "third_party_invite"}) more.erase(ours);
  for (auto const& [key, value] : member_content(user, Membership::join, "")) more[key] = value;
  auto const room = co_await load(nid);
  if (!room) co_return std::unexpected(room.error());
  bool const is_new = !(*room)->is_joined(user);
  if (is_new) {
    if (auto const by = co_await voucher(*this, *room, user)) more["join_authorised_via_users_server"] = *by;
  }
  auto event = co_await append(nid, {.sender = user,
                                     .type = "m.room.member",
                                     .state_key = identity_.user_id(user),
                                     .content = std::move(more),
                                     .member = user,
                                     .transaction_id = {}});
  if (!event) co_return fail(std::move(event));
  if (is_new) co_await take_along(*room, user);
  co_return to_room_event(**event);
}

Task<Result<RoomEvent>> RoomService::redact(RoomNid nid, UserNid by, EventNid target, std::string reason,
                                            std::int64_t device_key, std::string transaction_id) {
  json::object content;
  if (!reason.empty()) content["reason"] = reason;
  co_return co_await redact({.room = nid,
                             .sender = by,
                             .type = "m.room.redaction",
                             .content = std::move(content),
                             .device_key = device_key,
                             .transaction_id = std::move(transaction_id)},
                            target);
}

Task<Result<RoomEvent>> RoomService::redact(SendEvent request, EventNid target) {
  auto const nid = request.room;
  auto const by = request.sender;
  auto const room = co_await load(nid);
  if (!room) co_return std::unexpected(room.error());
  auto const redacted = co_await event_by_nid(target);
  if (!redacted) co_return std::unexpected(redacted.error());
  if ((*redacted)->room != nid) co_return fail(ErrorCode::not_found, "There is no such event in this room.");
  bool const own = (*redacted)->sender == by;
  auto const* account = identity_.account(by);
  if (!own && account != nullptr && account->suspended)
    co_return fail(ErrorCode::user_suspended, "Your account is suspended.");
  if (!own && power_of(**room, identity_.user_id(by)) < (*room)->power_levels().redact) {
    co_return fail(ErrorCode::forbidden, "You may not remove what others have written in this room.");
  }
  json::object content{{"redacts", (*redacted)->id.text()}};
  if (auto const reason = optional_string(request.content, "reason"); reason && !reason->empty())
    content["reason"] = *reason;
  request.content = std::move(content);
  request.redacts = target;
  auto event = co_await append_once(nid, draft_of(std::move(request)));
  if (!event) co_return fail(std::move(event));
  co_return to_room_event(**event);
}

Task<> RoomService::republish_profile(UserNid user) {
  auto const rooms = co_await rooms_of(user);
  if (!rooms) co_return;
  std::vector<RoomNid> joined;
  for (auto const& [room, member] : **rooms) {
    if (member.membership == Membership::join) joined.push_back(room);
  }
  // A room that refuses keeps the old name; the profile itself is already changed.
  for (auto const room : joined) (void)co_await set_membership(room, user, user, Membership::join, "");
}

Task<> RoomService::leave_all(UserNid user) {
  auto const rooms = co_await rooms_of(user);
  if (!rooms) co_return;
  std::vector<RoomNid> there;
  for (auto const& [room, member] : **rooms) {
    auto const in = member.membership == Membership::join || member.membership == Membership::invite ||
                    member.membership == Membership::knock;
    if (in) there.push_back(room);
  }
  for (auto const room : there) {
    auto const left = co_await set_membership(room, user, user, Membership::leave, "");
    if (!left) log(LogLevel::warning, "an ended account stays in a room", {{"room", room.value}});
  }
}

}  // namespace torg::matrix
