#include "matrix/room/service.hpp"

#include "matrix/room/redacts.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

/// How many events a loaded room starts with.
constexpr std::size_t kTimelineLoaded = 20;

std::unexpected<Error> no_such_room() { return fail(ErrorCode::not_found, "There is no such room here."); }
std::vector<Citation> citations(std::vector<StoredId> const& ids) {
  std::vector<Citation> cited;
  for (auto const& id : ids) cited.push_back({id.text(), id.reference_hash()});
  return cited;
}

std::unexpected<Error> no_such_event() { return fail(ErrorCode::not_found, "There is no such event."); }

}  // namespace

std::size_t memory_bytes(UserRooms const& rooms) {
  constexpr std::size_t kNode = 96;
  return rooms.size() * kNode;
}

RoomService::RoomService(Runtime& runtime, db::Database& database, identity::Identity& identity,
                         std::string server_name, CacheBudget cache)
    : runtime_(runtime),
      database_(database),
      identity_(identity),
      server_name_(std::move(server_name)),
      cache_(cache),
      new_types_(runtime, TypeNames::kNewOfOne),
      stream_(runtime),
      rooms_(cache.rooms()),
      by_room_id_(cache.room_ids()),
      user_rooms_(cache.user_rooms()),
      sent_(cache.sent()) {
  identity.sessions().at_end([this](db::Transaction& transaction, identity::Sessions::Ended const& ended) {
    if (!ended.device_gone) return;
    auto const device = identity::device_key(ended.user, ended.device);
    store::forget_sent(transaction, device);
    transaction.on_commit([this, device] { sent_.erase(device); });
  });
}

void RoomService::start() {
  database_.read_now([this](db::Reader& reader) {
    types_.load(reader);
    auto const largest = store::largest_numbers(reader);
    last_event_ = largest.event.value;
    last_room_ = largest.room.value;
    auto const now = to_ms(runtime_.now());
    for (auto const& row : store::sticky_events_since(reader, now - StickyEvents::kLongestMs))
      sticky_.add(row.room, {row.nid, row.position, row.origin_server_ts + row.sticky_ms}, now);
  });
  stream_.start_at(database_.last_position());
}

Task<Result<RoomNid>> RoomService::find(std::string room_id) {
  if (auto const* found = by_room_id_.find(room_id)) co_return *found;
  auto room =
      co_await database_.read([&room_id](db::Reader& reader) { return store::find_room(reader, room_id); });
  if (!room) co_return fail(std::move(room));
  if (!*room) co_return no_such_room();
  by_room_id_.put(room_id, **room, room_id.size());
  co_return **room;
}

Task<Result<RoomId>> RoomService::room_id(RoomNid room) {
  auto loaded = co_await load(room);
  if (!loaded) co_return fail(std::move(loaded));
  co_return (*loaded)->id();
}

std::shared_ptr<Room> RoomService::make_room(RoomNid nid, store::StoredRoom stored) const {
  auto room = std::make_shared<Room>(nid, std::move(stored.id), stored.version, identity_);
  room->set_head(stored.head);
  room->set_last_position(stored.last_position);
  for (auto const& event : stored.state) {
    room->apply_state(event);
    if (event->type != "m.room.member") continue;
    if (auto const user = identity_.find(*event->state_key))
      room->set_member(user, room->membership(*event->state_key));
  }
  auto messages = stored.head.messages;
  bool const more = stored.newest.size() > kTimelineLoaded;
  room->set_timeline_start(more ? stored.newest.back()->position : Position{});
  if (more) stored.newest.pop_back();
  for (auto& event : stored.newest) {
    // State events in the timeline are the same objects as in the state.
    auto const* current = event->is_state() ? room->state(event->type, *event->state_key) : nullptr;
    if (current != nullptr && (*current)->nid == event->nid) event = *current;
    event->messages = messages;
    if (is_message(event->type)) --messages;
    room->prepend(event);
  }
  return room;
}

Task<Result<std::shared_ptr<Room>>> RoomService::load(RoomNid nid) {
  for (;;) {
    if (auto const* found = rooms_.find(nid)) co_return *found;
    auto const changed = rooms_.watch(nid);
    auto stored = co_await database_.read([this, nid](db::Reader& reader) {
      return store::load_room(reader, types_, nid, kTimelineLoaded + 1);
    });
    if (!stored) co_return std::unexpected(stored.error());
    if (!*stored) co_return no_such_room();
    // Another request may have been faster; it may even have written, and the room be gone from memory again.
    if (*changed || rooms_.find(nid) != nullptr) continue;
    auto room = make_room(nid, std::move(**stored));
    rooms_.put(nid, room, room->memory_bytes());
    by_room_id_.put(room->id().value, nid, room->id().value.size());
    co_return room;
  }
}

Task<Result<std::shared_ptr<Room>>> RoomService::load(std::string room_id) {
  auto const nid = co_await find(std::move(room_id));
  if (!nid) co_return std::unexpected(nid.error());
  co_return co_await load(*nid);
}

Task<Result<std::shared_ptr<UserRooms const>>> RoomService::rooms_of(UserNid user) {
  for (;;) {
    if (auto const* found = user_rooms_.find(user)) co_return *found;
    auto const changed = user_rooms_.watch(user);
    auto rows = co_await database_.read([user](db::Reader& reader) { return store::rooms_of(reader, user); });
    if (!rows) co_return fail(std::move(rows));
    if (*changed || user_rooms_.find(user) != nullptr) continue;
    auto rooms = std::make_shared<UserRooms>();
    for (auto const& row : *rows) rooms->emplace(row.room, row);
    user_rooms_.put(user, rooms, memory_bytes(*rooms));
    co_return rooms;
  }
}

Task<bool> RoomService::share_a_room(UserNid a, UserNid b) {
  auto const of_a = co_await rooms_of(a);
  auto const of_b = co_await rooms_of(b);
  if (!of_a || !of_b) co_return false;
  co_return std::ranges::any_of(**of_a, [&](auto const& entry) {
    auto const& [room, member] = entry;
    auto const other = (*of_b)->find(room);
    bool const both = other != (*of_b)->end() && other->second.membership == Membership::join;
    return both && member.membership == Membership::join;
  });
}

Task<Result<std::unordered_set<UserNid>>> RoomService::could_meet(UserNid user) {
  auto met =
      co_await database_.read_aside([user](db::Reader& reader) { return store::could_meet(reader, user); });
  if (met) met->erase(user);
  co_return met;
}

std::optional<std::size_t> RoomService::joined_count_in_memory(RoomNid nid) {
  auto const* room = rooms_.find(nid);
  return room == nullptr ? std::nullopt : std::optional((*room)->joined_count());
}

void RoomService::wake_members(RoomNid nid) {
  if (auto const* room = rooms_.find(nid)) stream_.wake_members(**room);
}

Task<Result<EventPtr>> RoomService::event_by_nid(EventNid nid) {
  auto found =
      co_await database_.read([this, nid](db::Reader& reader) { return store::event(reader, types_, nid); });
  if (!found) co_return fail(std::move(found));
  if (!*found) co_return no_such_event();
  co_return std::move(*found);
}

Task<Result<EventPtr>> RoomService::cached_event(std::string event_id) {
  auto const id = look_up_event(event_id);
  if (!id) co_return no_such_event();
  auto found =
      co_await database_.read([this, id](db::Reader& reader) { return store::event(reader, types_, *id); });
  if (!found) co_return fail(std::move(found));
  if (!*found) co_return no_such_event();
  co_return std::move(*found);
}

Task<Result<RoomEvent>> RoomService::event(EventNid nid) {
  auto found = co_await event_by_nid(nid);
  if (!found) co_return fail(std::move(found));
  co_return to_room_event(**found);
}

Task<Result<RoomEvent>> RoomService::event(EventId id) {
  auto found = co_await cached_event(std::move(id.value));
  if (!found) co_return fail(std::move(found));
  co_return to_room_event(**found);
}

Task<Result<std::vector<RoomEvent>>> RoomService::relations(EventNid nid) {
  auto found = co_await database_.read(
      [this, nid](db::Reader& reader) { return store::relations(reader, types_, nid); });
  if (!found) co_return fail(std::move(found));
  std::vector<RoomEvent> events;
  for (auto const& event : *found) events.push_back(to_room_event(*event));
  co_return events;
}

Task<Result<std::vector<RoomEvent>>> RoomService::timeline(RoomNid room, Position after, Position to,
                                                           std::size_t limit) {
  auto found = co_await database_.read(
      [=, this](db::Reader& reader) { return store::events_after(reader, types_, room, after, to, limit); });
  if (!found) co_return fail(std::move(found));
  std::vector<RoomEvent> events;
  for (auto const& event : *found) events.push_back(to_room_event(*event));
  co_return events;
}

Task<Result<Membership>> RoomService::membership(RoomNid nid, UserNid user) {
  auto room = co_await load(nid);
  if (!room) co_return fail(std::move(room));
  co_return (*room)->member(user);
}

Task<Result<std::vector<UserNid>>> RoomService::joined_members(RoomNid nid) {
  auto room = co_await load(nid);
  if (!room) co_return fail(std::move(room));
  co_return (*room)->joined_members();
}

Task<Result<std::optional<std::string>>> RoomService::state(RoomNid nid, std::string type,
                                                            std::string state_key) {
  auto room = co_await load(nid);
  if (!room) co_return fail(std::move(room));
  auto const* event = (*room)->state(type, state_key);
  if (event == nullptr) co_return std::nullopt;
  co_return (*event)->content;
}

Task<Result<std::string>> RoomService::pdu(EventNid nid) {
  auto event = co_await event_by_nid(nid);
  if (!event) co_return fail(std::move(event));
  auto const room = co_await load((*event)->room);
  if (!room) co_return std::unexpected(room.error());
  auto const& e = **event;
  auto const version = (*room)->version();
  bool const becomes_room_id = e.type == "m.room.create" && traits(version).room_ids == RoomIds::create_hash;
  Event whole{.version = version,
              .event_id = traits(version).event_ids == EventIds::chosen ? e.id.text() : "",
              .type = std::string(e.type),
              .state_key = e.state_key,
              .sender = identity_.user_id(e.sender),
              .room_id = becomes_room_id ? "" : (*room)->id().value,
              .content = e.content,
              .origin_server_ts = e.origin_server_ts,
              .depth = e.depth,
              .sticky_ms = e.sticky_ms};
  if (e.type == "m.room.redaction") move_redacts_out(whole);
  auto const read = co_await database_.read([&whole, nid](db::Reader& reader) {
    auto const links = store::graph_links(reader, nid);
    if (!links) return false;
    whole.content_hash = links->content_hash;
    whole.prev_events = citations(store::event_ids(reader, links->prev));
    whole.auth_events = citations(store::event_ids(reader, links->auth));
    return true;
  });
  if (!read) co_return std::unexpected(read.error());
  co_return pdu_bytes(whole);
}

void RoomService::forget(RoomNid room, std::span<EventNid const>) {
  // The room is loaded again without them at its next use; readers that hold the old one finish with it.
  rooms_.note_change(room);
  rooms_.erase(room);
}

Task<Result<>> RoomService::forget_left_room(RoomNid room, UserNid user) {
  auto done = co_await database_.write([room, user](db::Transaction& transaction) -> Result<> {
    if (!store::forget_left_room(transaction, room, user))
      return fail(ErrorCode::bad_request, "Only a room that you have left can be forgotten.");
    return {};
  });
  if (!done) co_return done;
  user_rooms_.note_change(user);
  if (auto const* found = user_rooms_.find(user)) {
    if (auto const member = (*found)->find(room); member != (*found)->end())
      member->second.membership = Membership::none;
  }
  co_return done;
}

Task<Result<>> RoomService::put_alias(std::string alias, RoomNid room, UserNid by) {
  auto put = co_await database_.write([alias, room, by](db::Transaction& transaction) -> Result<> {
    store::put_alias(transaction, alias, room, by);
    return {};
  });
  if (!put && put.error().code == ErrorCode::conflict)
    co_return fail(ErrorCode::conflict, "That alias is taken.");
  co_return put;
}

Task<Result<>> RoomService::remove_alias(std::string alias) {
  co_return co_await database_.write([alias](db::Transaction& transaction) -> Result<> {
    if (!store::remove_alias(transaction, alias))
      return fail(ErrorCode::not_found, "There is no such alias.");
    return {};
  });
}

Task<Result<store::Alias>> RoomService::find_alias(std::string alias) {
  auto const look = [this, &alias] {
    return database_.read([&alias](db::Reader& reader) { return store::find_alias(reader, alias); });
  };
  auto found = co_await look();
  if (found && !*found && on_unknown_alias && co_await on_unknown_alias(alias)) found = co_await look();
  if (!found) co_return fail(std::move(found));
  if (!*found) co_return fail(ErrorCode::not_found, "There is no room with that alias here.");
  co_return **found;
}

}  // namespace torg::matrix
