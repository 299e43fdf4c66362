// What isn't rooms: messages to the device, keys, account data, receipts, typing.
#include "matrix/sliding_sync/reader.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

bool names(std::vector<std::string> const& list, std::string_view name) {
  return std::ranges::any_of(list, [&](std::string const& entry) { return entry == name || entry == "*"; });
}

/// Whether a room is in an extension's scope.
/// @see MSC4508, "Common per-room extension semantics"
bool concerns(Extension const& extension, SlidingSyncRequest const& request,
              SlidingSync::Match const& match) {
  if (!extension.enabled) return false;
  if (match.subscription) {
    auto const& room_id = request.subscriptions[*match.subscription].room_id;
    if (!extension.rooms || names(*extension.rooms, room_id)) return true;
  }
  return std::ranges::any_of(match.lists, [&](std::uint8_t list) {
    return !extension.lists || names(*extension.lists, request.lists[list].name);
  });
}

InScope const* find_scope(std::vector<InScope> const& scopes, RoomNid room) {
  auto const found = std::ranges::lower_bound(scopes, room, {}, &InScope::room);
  return found == scopes.end() || found->room != room ? nullptr : &*found;
}

/// Up to where the connection was told of a room's part of an extension; zero: never.
Position told_up_to(Connection const& connection, RoomNid room, bool InScope::* extension,
                    Position OutOfScope::* out_of_scope) {
  auto const* before = find_scope(connection.in_scope(), room);
  if (before != nullptr && before->*extension) return connection.at().position;
  return connection.out_of_scope(room).*out_of_scope;
}

/// Appends a member to an extension's `rooms`.
void append_room(std::string& rooms, std::string_view room_id, std::string_view value) {
  append_key(rooms, room_id);
  rooms += value;
}

}  // namespace

/// Which rooms are in scope of what; and up to where those were told that have fallen out.
void SlidingSync::find_scopes(Reader& reader) {
  auto const& request = reader.request;
  auto const& connection = *reader.connection;
  for (auto const& match : reader.matches) {
    bool const joined = match.room.membership == Membership::join;
    InScope scope{.room = match.room.room,
                  .receipts = joined && concerns(request.receipts, request, match),
                  .account_data = concerns(request.account_data, request, match),
                  .typing = joined && concerns(request.typing, request, match)};
    if (scope.receipts || scope.account_data || scope.typing) reader.scopes.push_back(scope);
  }
  auto& now = reader.step.in_scope = reader.scopes;
  std::ranges::sort(now, {}, &InScope::room);
  for (auto const& before : connection.in_scope()) {
    auto const* still = find_scope(now, before.room);
    auto out = connection.out_of_scope(before.room);
    bool const lost_receipts = before.receipts && (still == nullptr || !still->receipts);
    bool const lost_account_data = before.account_data && (still == nullptr || !still->account_data);
    if (lost_receipts) out.receipts = reader.after();
    if (lost_account_data) out.account_data = reader.after();
    if (lost_receipts || lost_account_data) reader.step.fell_out.emplace_back(before.room, out);
  }
}

Task<Result<>> SlidingSync::append_extensions(Reader& reader) {
  find_scopes(reader);
  reader.step.account_data = reader.connection->account_data();
  reader.step.thread_subscriptions = reader.connection->thread_subscriptions();
  auto const& request = reader.request;
  if (request.to_device.enabled) {
    if (auto done = co_await append_to_device(reader); !done) co_return done;
  }
  if (request.e2ee.enabled) {
    if (auto done = co_await append_e2ee(reader); !done) co_return done;
  }
  if (request.account_data.enabled) {
    if (auto done = co_await append_account_data(reader); !done) co_return done;
  }
  if (request.thread_subscriptions.enabled) {
    if (auto done = co_await append_thread_subscriptions(reader); !done) co_return done;
  }
  if (request.receipts.enabled) {
    if (auto done = co_await append_receipts(reader); !done) co_return done;
  }
  if (request.typing.enabled) co_return co_await append_typing(reader);
  co_return Result<>{};
}

/// @see MSC3885: what the client's own token covers has arrived and is forgotten
Task<Result<>> SlidingSync::append_to_device(Reader& reader) {
  auto const& asked = reader.request.to_device;
  auto const to = reader.to.position;
  // A token from before a restore of the server may lie ahead.
  auto const since = std::min(asked.since.value_or(Position()), to);
  if (auto done = co_await to_device_.acknowledge(reader.requester, since); !done) co_return done;
  auto const messages =
      co_await to_device_.page(reader.requester, since, to, std::max<std::size_t>(asked.limit, 1));
  if (!messages) co_return std::unexpected(messages.error());
  bool const more = messages->size() >= std::clamp<std::size_t>(asked.limit, 1, ToDevice::kCap);
  auto& out = reader.extensions;
  append_key(out, "to_device");
  out += R"({"next_batch":")" + to_device_token(more ? messages->back().position : to) + R"(","events":[)";
  matrix::append_to_device(out, *messages);
  out += "]}";
  reader.something = reader.something || !messages->empty();
  co_return Result<>{};
}

/// @see MSC3884
Task<Result<>> SlidingSync::append_e2ee(Reader& reader) {
  auto const& requester = reader.requester;
  auto& out = reader.extensions;
  append_key(out, "e2ee");
  out += '{';
  if (!reader.initial) {
    auto const changes =
        co_await sync_.device_lists().between(requester.user, reader.after(), reader.to.position);
    if (!changes) co_return std::unexpected(changes.error());
    if (!changes->empty()) {
      append_key(out, "device_lists");
      out += json::serialize(device_lists_body(rooms_.identity(), *changes));
      reader.something = true;
    }
  }
  auto const counts = co_await rooms_.identity().device_keys().counts(requester.user, requester.device);
  if (!counts) co_return std::unexpected(counts.error());
  append_key(out, "device_one_time_keys_count");
  out += json::serialize(identity::counts_body(*counts));
  append_key(out, "device_unused_fallback_key_types");
  out += json::serialize(json::value_from(counts->unused_fallback));
  out += '}';
  co_return Result<>{};
}

/// @see MSC3959
Task<Result<>> SlidingSync::append_account_data(Reader& reader) {
  auto const& account_data = rooms_.identity().account_data();
  auto const user = reader.requester.user;
  auto const to = reader.to.position;
  std::string global;
  auto const since = reader.connection->account_data();
  reader.step.account_data = to;
  if (!since || account_data.last_change(user) > since) {
    auto const changes = since ? co_await account_data.changes(user, since)
                               : co_await account_data.in_rooms(user, {std::string()});
    if (!changes) co_return std::unexpected(changes.error());
    matrix::append_account_data(global, *changes, to, "", EventFilter{});
  }
  auto const rooms = co_await room_account_data(reader);
  if (!rooms) co_return std::unexpected(rooms.error());
  reader.something = reader.something || !global.empty() || !rooms->empty();
  auto& out = reader.extensions;
  append_key(out, "account_data");
  out += R"({"global":[)" + global + R"(],"rooms":{)" + *rooms + "}}";
  co_return Result<>{};
}

/// What changed in rooms since they were told last; of those that never were all they have.
Task<Result<std::vector<identity::AccountDataEntry>>> SlidingSync::read_room_data(
    UserNid user, std::map<RoomNid, Position> told) {
  std::vector<std::string> whole;
  Position oldest{INT64_MAX};
  for (auto const& [room, up_to] : told) {
    if (up_to) {
      oldest = std::min(oldest, up_to);
      continue;
    }
    auto room_id = co_await rooms_.room_id(room);
    if (!room_id) co_return std::unexpected(room_id.error());
    whole.push_back(std::move(room_id->value));
  }
  auto const& account_data = rooms_.identity().account_data();
  std::vector<identity::AccountDataEntry> entries;
  if (!whole.empty()) {
    auto read = co_await account_data.in_rooms(user, std::move(whole));
    if (!read) co_return read;
    entries = std::move(*read);
  }
  if (oldest.value == INT64_MAX) co_return entries;
  auto const changes = co_await account_data.changes(user, oldest);
  if (!changes) co_return changes;
  for (auto const& change : *changes) {
    if (change.room_id.empty()) continue;
    auto const room = co_await rooms_.find(change.room_id);
    auto const up_to = room ? told.find(*room) : told.end();
    if (up_to != told.end() && up_to->second && up_to->second < change.position) entries.push_back(change);
  }
  co_return entries;
}

Task<Result<std::string>> SlidingSync::room_account_data(Reader& reader) {
  std::map<RoomNid, Position> told;
  auto const user = reader.requester.user;
  auto const last_change = rooms_.identity().account_data().last_change(user);
  for (auto const& scope : reader.scopes) {
    if (!scope.account_data) continue;
    auto const up_to =
        told_up_to(*reader.connection, scope.room, &InScope::account_data, &OutOfScope::account_data);
    if (up_to < last_change) told.emplace(scope.room, up_to);
  }
  std::string out;
  if (told.empty()) co_return out;
  auto const entries = co_await read_room_data(user, std::move(told));
  if (!entries) co_return std::unexpected(entries.error());
  std::map<std::string_view, std::vector<identity::AccountDataEntry>> by_room;
  for (auto const& entry : *entries) by_room[entry.room_id].push_back(entry);
  for (auto const& [room_id, of_room] : by_room) {
    std::string events;
    matrix::append_account_data(events, of_room, reader.to.position, room_id, EventFilter{});
    if (!events.empty()) append_room(out, room_id, '[' + events + ']');
  }
  co_return out;
}

/// @see MSC3960: of a room new to it the receipts of the events that are shown, and the reader's own
Task<Result<>> SlidingSync::append_receipts(Reader& reader) {
  std::string out;
  auto const user = reader.requester.user;
  for (auto const& scope : reader.scopes) {
    if (!scope.receipts) continue;
    auto const since = told_up_to(*reader.connection, scope.room, &InScope::receipts, &OutOfScope::receipts);
    bool const live = since && since == reader.after();
    if (live && !std::ranges::binary_search(reader.with_receipts, scope.room)) continue;
    auto receipts = co_await receipts_.of(scope.room);
    if (!receipts) co_return std::unexpected(receipts.error());
    auto told = **receipts;
    if (!since) {
      auto const& timeline = reader.shown[scope.room].timeline;
      std::erase_if(told, [&](Receipt const& receipt) {
        auto const is_of = [&](EventPtr const& event) { return event->nid == receipt.event; };
        return receipt.user != user && std::ranges::none_of(timeline, is_of);
      });
    }
    std::string event;
    if (!receipts_.append_event(event, told, since, user)) continue;
    auto const room_id = co_await rooms_.room_id(scope.room);
    if (!room_id) co_return std::unexpected(room_id.error());
    append_room(out, room_id->value, event);
  }
  reader.something = reader.something || !out.empty();
  append_key(reader.extensions, "receipts");
  reader.extensions += R"({"rooms":{)" + out + "}}";
  co_return Result<>{};
}

/// @see MSC4308
Task<Result<>> SlidingSync::append_thread_subscriptions(Reader& reader) {
  auto const user = reader.requester.user;
  auto const since = reader.connection->thread_subscriptions();
  auto const to = reader.to.position;
  reader.step.thread_subscriptions = to;
  if (subscriptions_.last_change(user) <= since) co_return Result<>{};
  auto page = co_await subscriptions_.page(user, since, to, reader.request.thread_subscriptions.limit);
  if (!page) co_return std::unexpected(page.error());
  if (page->body.empty()) co_return Result<>{};
  if (page->more_before) page->body["prev_batch"] = history_token(*page->more_before);
  bool const stable = reader.request.dialect == Dialect::stable;
  append_key(reader.extensions, stable ? "thread_subscriptions" : "io.element.msc4308.thread_subscriptions");
  reader.extensions += json::serialize(page->body);
  reader.something = true;
  co_return Result<>{};
}

/// @see MSC4508: always the present state; of a room new to it only when somebody is writing
Task<Result<>> SlidingSync::append_typing(Reader& reader) {
  std::vector<RoomNid> changed;
  typing_.each_changed(reader.connection->at().volatile_position,
                       [&](RoomNid room) { changed.push_back(room); });
  std::ranges::sort(changed);
  std::string out;
  for (auto const& scope : reader.scopes) {
    if (!scope.typing) continue;
    auto const* before = find_scope(reader.connection->in_scope(), scope.room);
    bool const is_new = before == nullptr || !before->typing;
    bool const due =
        is_new ? typing_.is_anybody(scope.room) : std::ranges::binary_search(changed, scope.room);
    if (!due) continue;
    auto const room_id = co_await rooms_.room_id(scope.room);
    if (!room_id) co_return std::unexpected(room_id.error());
    std::string event;
    typing_.append_event(event, scope.room);
    append_room(out, room_id->value, event);
  }
  reader.something = reader.something || !out.empty();
  append_key(reader.extensions, "typing");
  reader.extensions += R"({"rooms":{)" + out + "}}";
  co_return Result<>{};
}

}  // namespace torg::matrix
