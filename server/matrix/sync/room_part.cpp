#include "matrix/sync/room_part.hpp"

#include <algorithm>
#include <array>

namespace torg::matrix {
namespace {

constexpr std::array<std::string_view, 8> kStripped{
    "m.room.create",          "m.room.name",       "m.room.avatar", "m.room.topic", "m.room.join_rules",
    "m.room.canonical_alias", "m.room.encryption", "org.torg.plan"};
constexpr std::size_t kHeroes = 5;
constexpr std::string_view kMember = "m.room.member";

/// Newest first, one more than the filter's limit when there are more; from memory when that reaches far
/// enough.
Task<Result<std::vector<EventPtr>>> newest_events(RoomService& rooms, std::shared_ptr<Room> room,
                                                  PageWanted wanted) {
  auto const limit = wanted.filter->limit;
  std::vector<EventPtr> newest;
  auto const& timeline = room->timeline();
  for (auto event = timeline.rbegin(); event != timeline.rend() && (*event)->position > wanted.after;
       ++event) {
    if ((*event)->position <= wanted.to) newest.push_back(*event);
    if (newest.size() > limit) break;
  }
  if (newest.size() > limit || wanted.after >= room->timeline_start()) co_return newest;
  auto stored = co_await rooms.database().read([&](db::Reader& r) {
    return store::events_before(r, rooms.types(), room->nid(), Position(wanted.to.value + 1), limit + 1);
  });
  if (!stored) co_return stored;
  std::erase_if(*stored, [&](EventPtr const& event) { return event->position <= wanted.after; });
  co_return stored;
}

}  // namespace

Task<Result<TimelinePage>> read_page(RoomService& rooms, std::shared_ptr<Room> room, PageWanted wanted) {
  std::optional<Visibility> visibility;
  if (!wanted.all_visible) {
    auto found = co_await Visibility::of(rooms, room, wanted.reader);
    if (!found && found.error().code != ErrorCode::forbidden) co_return std::unexpected(found.error());
    if (!found) co_return TimelinePage{.events = {}, .limited = false, .start = wanted.to, .hidden = true};
    visibility = std::move(*found);
  }
  auto newest = co_await newest_events(rooms, room, wanted);
  if (!newest) co_return std::unexpected(newest.error());
  auto const& filter = *wanted.filter;
  TimelinePage result;
  result.limited = newest->size() > filter.limit;
  if (result.limited) newest->resize(filter.limit);
  result.start = newest->empty() ? Position(wanted.to.value + 1) : newest->back()->position;
  auto& identity = rooms.identity();
  for (auto event = newest->rbegin(); event != newest->rend(); ++event) {
    if (!filter.allows(**event, identity.user_id((*event)->sender))) continue;
    if (visibility && !visibility->allows(**event)) continue;
    if (!(*event)->is_state() && is_ignored(identity, wanted.reader, **event)) continue;
    result.events.push_back(*event);
  }
  if (visibility) result.visibility = std::make_shared<Visibility const>(std::move(*visibility));
  co_return result;
}

bool is_ignored(identity::Identity& identity, UserNid reader, CachedEvent const& event) {
  return identity.account_data().ignores(reader, identity.user_id(event.sender));
}

Task<EventPtr> committed_state(RoomService& rooms, EventPtr event, Position to) {
  while (event && (event->position.value == 0 || event->position > to)) {
    if (!event->replaces) co_return nullptr;
    auto before = co_await rooms.event_by_nid(event->replaces);
    event = before ? *before : nullptr;
  }
  co_return event;
}

Task<Result<bool>> was_joined(RoomService& rooms, RoomNid room, UserNid user, Position at) {
  auto const type = rooms.types().find(kMember);
  auto const& user_id = rooms.identity().user_id(user);
  auto before = co_await rooms.database().read(
      [&](db::Reader& r) { return store::state_at(r, rooms.types(), room, type, user_id, at); });
  if (!before) co_return std::unexpected(before.error());
  if (!*before) co_return false;
  auto const content = parse_json_object((*before)->content);
  co_return content&& optional_string(*content, "membership") == "join";
}

std::vector<EventPtr> heroes_of(Room const& room, identity::Identity const& identity, UserNid reader) {
  std::vector<EventPtr> present, gone;
  auto const first = room.state().lower_bound(std::pair<std::string_view, std::string_view>(kMember, ""));
  for (auto entry = first; entry != room.state().end() && entry->first.first == kMember; ++entry) {
    if (present.size() == kHeroes) break;
    auto const user = identity.find(entry->first.second);
    if (user == reader) continue;
    auto const membership = room.member(user);
    bool const is_present = membership == Membership::join || membership == Membership::invite;
    auto& list = is_present ? present : gone;
    if (list.size() < kHeroes) list.push_back(entry->second);
  }
  return present.empty() ? gone : present;
}

void append_stripped_state(std::string& out, Room const& room, identity::Identity const& identity,
                           std::string_view reader) {
  bool first = true;
  auto const append = [&](EventPtr const* event) {
    if (event == nullptr) return;
    if (!std::exchange(first, false)) out += ',';
    append_stripped_event(out, **event, identity);
  };
  for (auto const type : kStripped) append(room.state(type, ""));
  append(room.state(kMember, reader));
}

Task<Result<PartRenderer>> PartRenderer::of(RoomService& rooms, identity::Requester reader, RoomNid room,
                                            std::vector<EventPtr> events, Position oldest) {
  auto own = co_await MembershipHistory::of(rooms, room, reader.user, oldest);
  if (!own) co_return std::unexpected(own.error());
  auto const unknown = [&](EventPtr const& event) {
    return event->sender == reader.user && event->transaction_id.empty() && !event->is_state();
  };
  auto const replaces = [](EventPtr const& event) { return event->is_state() && event->replaces; };
  Result<Replaced> replaced;
  if (std::ranges::any_of(events, replaces)) {
    replaced = co_await rooms.database().read(
        [&](db::Reader& stored) { return replaced_by(stored, rooms.types(), events); });
  }
  if (!replaced) co_return std::unexpected(replaced.error());
  auto const user = reader.user;
  auto const device = reader.device_key;
  if (std::ranges::any_of(events, unknown)) co_await rooms.recall_sent(std::move(events), std::move(reader));
  co_return PartRenderer(rooms.identity(), user, device, to_ms(rooms.runtime().now()), std::move(*own),
                         std::move(*replaced));
}

void PartRenderer::append(std::string& out, std::vector<EventPtr> const& events,
                          Visibility const* visibility) const {
  RenderFor const render{.identity = identity_,
                         .session = device_,
                         .room_id = {},
                         .user = user_,
                         .now_ms = now_ms_,
                         .own_membership = &own_,
                         .visibility = visibility,
                         .replaced = &replaced_};
  append_client_events(out, events, render);
}

}  // namespace torg::matrix
