// Sync, and what only lives in it: typing and receipts.
#include "matrix/client_api/handler.hpp"

namespace torg::matrix {
namespace {

using enum net::Method;
using net::Limit;
using Answer = Task<Result<std::string>>;

Task<Result<SyncFilter>> filter_of(ClientApi& api, UserNid user, std::optional<std::string> text) {
  if (!text || text->empty()) co_return SyncFilter{};
  if (text->starts_with('{')) {
    auto const object = parse_json_object(*text);
    if (!object) co_return std::unexpected(object.error());
    co_return parse_sync_filter(*object);
  }
  auto const stored = co_await api.rooms.identity().account_data().filter(user, std::move(*text));
  if (!stored) co_return fail(ErrorCode::invalid_param, "There is no such filter.");
  co_return parse_sync_filter(*stored);
}

Answer sync(ClientApi& api, Asked asked) {
  auto const& request = asked.call.request;
  SyncRequest wanted;
  if (auto const since = request.query("since"); since && !since->empty()) {
    wanted.since = parse_sync_token(*since);
    if (!wanted.since) co_return fail(ErrorCode::invalid_param, "'since' is not a token of this server.");
    if (wanted.since->position > api.rooms.stream().last()) {
      co_return fail(ErrorCode::unknown_pos,
                     "'since' lies in the future of this server. Start again without it.");
    }
  }
  wanted.timeout = wait_of(asked);
  wanted.full_state = request.query("full_state") == "true";
  if (auto const presence = request.query("set_presence")) {
    auto const state = parse_presence(*presence);
    if (!state)
      co_return fail(ErrorCode::invalid_param, "'set_presence' must be online, unavailable or offline.");
    wanted.presence = *state;
  }
  for (auto const& [parameter, key] :
       {std::pair{"use_state_after", "state_after"},
        {"org.matrix.msc4222.use_state_after", "org.matrix.msc4222.state_after"}}) {
    if (request.query(parameter) != "true" || wanted.state_at == StateAt::timeline_end) continue;
    wanted.state_at = StateAt::timeline_end;
    wanted.state_key = key;
  }
  auto filter = co_await filter_of(api, asked.requester.user, request.query("filter"));
  if (!filter) co_return std::unexpected(filter.error());
  wanted.filter = std::move(*filter);
  wanted.call = &asked.call;
  auto answer = co_await api.sync.sync(std::move(asked.requester), std::move(wanted));
  if (auto still = still_signed_in(api, asked.call); !still) co_return std::unexpected(still.error());
  co_return answer;
}

Answer set_typing(ClientApi& api, Asked asked) {
  auto const body = asked.required_body();
  if (!body) co_return std::unexpected(body.error());
  auto const user = asked.requester.user;
  if (asked.path(1) != api.rooms.identity().user_id(user)) {
    co_return fail(ErrorCode::forbidden, "You can only say of yourself that you are writing.");
  }
  auto const is_typing = optional_bool(*body, "typing");
  if (!is_typing) co_return fail(ErrorCode::missing_param, "The field 'typing' is missing.");
  auto const room = co_await joined_room(api, asked.path(0), user);
  if (!room) co_return std::unexpected(room.error());
  if (*is_typing)
    api.typing.set(*room, user,
                   std::chrono::milliseconds{optional_integer(*body, "timeout").value_or(20'000)});
  else
    api.typing.clear(*room, user);
  co_return "{}";
}

Task<Result<>> set_receipt(ClientApi& api, std::shared_ptr<Room> room, UserNid user, std::string_view type,
                           std::string event_id, std::string thread) {
  auto const event = co_await api.rooms.cached_event(std::move(event_id));
  if (!event || (*event)->room != room->nid())
    co_return fail(ErrorCode::not_found, "There is no such event in this room.");
  if (type == "m.fully_read") {
    auto content = json::serialize(json::object{{"event_id", (*event)->id.text()}});
    auto const put = co_await api.rooms.identity().account_data().put(user, room->id().value, "m.fully_read",
                                                                      std::move(content));
    if (!put) co_return std::unexpected(put.error());
    co_return Result<>{};
  }
  auto const kind = type == "m.read.private" ? ReceiptKind::read_private : ReceiptKind::read;
  co_return co_await api.receipts.set(room, user, kind, std::move(thread), *event);
}

Answer post_receipt(ClientApi& api, Asked asked) {
  auto const body = asked.body();
  if (!body) co_return std::unexpected(body.error());
  auto const& type = asked.path(1);
  if (type != "m.read" && type != "m.read.private" && type != "m.fully_read") {
    co_return fail(ErrorCode::invalid_param, "Receipts are of type m.read, m.read.private or m.fully_read.");
  }
  auto const room = co_await joined_room(api, asked.path(0), asked.requester.user);
  if (!room) co_return std::unexpected(room.error());
  std::string thread(optional_string(*body, "thread_id").value_or(""));
  if (!thread.empty() && thread != "main") {
    auto const root = co_await api.rooms.cached_event(thread);
    if (!root || (*root)->room != (*room)->nid())
      co_return fail(ErrorCode::invalid_param, "'thread_id' must be main or the event a thread began with.");
  }
  auto const done =
      co_await set_receipt(api, *room, asked.requester.user, type, asked.path(2), std::move(thread));
  if (!done) co_return std::unexpected(done.error());
  co_return "{}";
}

Answer read_markers(ClientApi& api, Asked asked) {
  auto const body = asked.required_body();
  if (!body) co_return std::unexpected(body.error());
  auto const room = co_await joined_room(api, asked.path(0), asked.requester.user);
  if (!room) co_return std::unexpected(room.error());
  for (auto const* type : {"m.fully_read", "m.read", "m.read.private"}) {
    auto const event = optional_string(*body, type);
    if (!event) continue;
    auto const done = co_await set_receipt(api, *room, asked.requester.user, type, std::string(*event), "");
    if (!done) co_return std::unexpected(done.error());
  }
  co_return "{}";
}

}  // namespace

std::vector<net::Route> sync_routes(ClientApi& api) {
  auto poll = authed(api, get, "/_matrix/client/v3/sync", sync);
  poll.pace = net::Pace::long_poll;
  return {
      std::move(poll),
      authed(api, put, "/_matrix/client/v3/rooms/{roomId}/typing/{userId}", set_typing, Limit::small_write),
      authed(api, post, "/_matrix/client/v3/rooms/{roomId}/receipt/{receiptType}/{eventId}", post_receipt,
             Limit::small_write),
      authed(api, post, "/_matrix/client/v3/rooms/{roomId}/read_markers", read_markers, Limit::small_write),
  };
}

}  // namespace torg::matrix
