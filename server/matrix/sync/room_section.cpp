// One room's part of a sync answer.
#include "matrix/room/render.hpp"
#include "matrix/sync/reader.hpp"
#include "matrix/sync/sync.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

/// @see https://spec.matrix.org/v1.19/client-server-api/#stripped-state
constexpr std::array<std::string_view, 8> kStripped{
    "m.room.create",          "m.room.name",       "m.room.avatar", "m.room.topic", "m.room.join_rules",
    "m.room.canonical_alias", "m.room.encryption", "org.torg.plan"};
constexpr std::size_t kHeroes = 5;
/// A session is told again when it has been told this many; bounds its memory.
constexpr std::size_t kToldLimit = 4096;
constexpr std::size_t kToldBytes = 32;

std::uint64_t told_key(RoomNid room, UserNid user) {
  return static_cast<std::uint64_t>(static_cast<std::uint32_t>(room.value)) << 32 |
         static_cast<std::uint32_t>(user.value);
}

void append_events(std::string& out, std::vector<EventPtr> const& events, RenderFor const& render) {
  bool first = true;
  for (auto const& event : events) {
    if (!std::exchange(first, false)) out += ',';
    append_client_event(out, *event, render);
  }
}

}  // namespace

Task<Result<SyncService::Page>> SyncService::page(Reader& reader, std::shared_ptr<Room> room, Position after,
                                                  Position to, bool all_visible) {
  auto const& filter = reader.request.filter.timeline;
  std::optional<Visibility> visibility;
  if (!all_visible) {
    auto found = co_await Visibility::of(rooms_, room, reader.requester.user);
    if (!found && found.error().code != ErrorCode::forbidden) co_return std::unexpected(found.error());
    if (!found) co_return Page{.events = {}, .limited = false, .start = to};
    visibility = std::move(*found);
  }
  // Newest first; from memory when that reaches far enough.
  std::vector<EventPtr> newest;
  auto const& timeline = room->timeline();
  for (auto event = timeline.rbegin(); event != timeline.rend() && (*event)->position > after; ++event) {
    if ((*event)->position <= to) newest.push_back(*event);
    if (newest.size() > filter.limit) break;
  }
  if (newest.size() <= filter.limit && after < room->timeline_start()) {
    auto stored = co_await rooms_.database().read([&](db::Reader& r) {
      return store::events_before(r, rooms_.types(), room->nid(), Position(to.value + 1), filter.limit + 1);
    });
    if (!stored) co_return std::unexpected(stored.error());
    std::erase_if(*stored, [&](EventPtr const& event) { return event->position <= after; });
    newest = std::move(*stored);
  }
  Page result;
  result.limited = newest.size() > filter.limit;
  if (result.limited) newest.resize(filter.limit);
  result.start = newest.empty() ? Position(to.value + 1) : newest.back()->position;
  for (auto event = newest.rbegin(); event != newest.rend(); ++event) {
    if (!filter.allows(**event, rooms_.identity().user_id((*event)->sender))) continue;
    if (visibility && !visibility->allows(**event)) continue;
    result.events.push_back(*event);
  }
  co_return result;
}

Task<EventPtr> SyncService::committed_state(EventPtr event, Position to) {
  while (event && (event->position.value == 0 || event->position > to)) {
    if (!event->replaces) co_return nullptr;
    auto before = co_await rooms_.event_by_nid(event->replaces);
    event = before ? *before : nullptr;
  }
  co_return event;
}

Task<Result<std::vector<EventPtr>>> SyncService::state_part(Reader& reader, std::shared_ptr<Room> room,
                                                            Page const& page, Position after, bool whole) {
  auto const& filter = reader.request.filter;
  bool const lazy = filter.state.lazy_load_members || filter.timeline.lazy_load_members;
  auto const own = rooms_.identity().user_id(reader.requester.user);
  std::vector<EventPtr> state;
  std::vector<EventPtr> current;
  if (whole || page.limited) {
    for (auto const& [key, event] : room->state()) {
      if (lazy && key.first == "m.room.member" && key.second != own) continue;
      if (whole || event->position.value == 0 || event->position > after) current.push_back(event);
    }
  }
  for (auto const& newest : current) {
    // As it was before the first event of the timeline.
    auto event = co_await committed_state(newest, Position(page.start.value - 1));
    if (!event || (!whole && event->position <= after)) continue;
    if (filter.state.allows(*event, rooms_.identity().user_id(event->sender)))
      state.push_back(std::move(event));
  }
  if (!lazy) co_return state;

  auto const session = reader.requester.session;
  auto const told = told_to(session);
  if (told->size() > kToldLimit) told->clear();
  std::vector<UserNid> senders;
  for (auto const& event : page.events) senders.push_back(event->sender);
  std::ranges::sort(senders);
  senders.erase(std::ranges::unique(senders).begin(), senders.end());
  for (auto const sender : senders) {
    bool const is_new = told->insert(told_key(room->nid(), sender)).second;
    if (!is_new && !filter.state.include_redundant_members && !whole) continue;
    auto const* member = room->state("m.room.member", rooms_.identity().user_id(sender));
    if (member == nullptr || (whole && sender == reader.requester.user)) continue;
    auto event = co_await committed_state(*member, reader.to.position);
    auto const in_timeline = [&](EventPtr const& e) { return event && e->nid == event->nid; };
    if (event && std::ranges::none_of(page.events, in_timeline)) state.push_back(std::move(event));
  }
  told_.resize(session, told->size() * kToldBytes);
  co_return state;
}

std::shared_ptr<SyncService::Told> SyncService::told_to(std::int64_t session) {
  if (auto const* found = told_.find(session)) return *found;
  auto told = std::make_shared<Told>();
  told_.put(session, told, 0);
  return told;
}

Task<Result<bool>> SyncService::newly_joined(Reader& reader, Room const& room, store::MemberOf member) {
  if (reader.initial()) co_return true;
  if (member.position <= reader.after()) co_return false;
  auto const type = rooms_.types().find("m.room.member");
  auto const user = rooms_.identity().user_id(reader.requester.user);
  auto before = co_await rooms_.database().read([&](db::Reader& r) {
    return store::state_at(r, rooms_.types(), room.nid(), type, user, reader.after());
  });
  if (!before) co_return std::unexpected(before.error());
  if (!*before) co_return true;
  auto const content = parse_json_object((*before)->content);
  co_return !content || optional_string(*content, "membership") != "join";
}

Task<Result<bool>> SyncService::append_joined(Reader& reader, std::shared_ptr<Room> room,
                                              store::MemberOf member, std::string& out) {
  auto const newly = co_await newly_joined(reader, *room, member);
  if (!newly) co_return std::unexpected(newly.error());
  bool const whole = *newly || reader.request.full_state;
  auto const after = *newly ? Position{} : reader.after();
  auto const timeline = co_await page(reader, room, after, reader.to.position, !*newly);
  if (!timeline) co_return std::unexpected(timeline.error());
  auto const state = co_await state_part(reader, room, *timeline, after, whole);
  if (!state) co_return std::unexpected(state.error());
  auto const receipts = co_await receipts_.of(room->nid());
  if (!receipts) co_return std::unexpected(receipts.error());

  std::string ephemeral;
  if (reader.request.filter.ephemeral.allows_type("m.receipt")) {
    (void)receipts_.append_event(ephemeral, **receipts, after, reader.requester.user);
  }
  auto const typing_at = typing_.changed_at(room->nid());
  if (typing_at > reader.after_volatile() && reader.request.filter.ephemeral.allows_type("m.typing")) {
    if (!ephemeral.empty()) ephemeral += ',';
    typing_.append_event(ephemeral, room->nid());
  }
  std::string account_data;
  append_account_data(account_data, reader, room->id().value, reader.request.filter.room_account_data);
  bool const anything =
      whole || !timeline->events.empty() || !state->empty() || !ephemeral.empty() || !account_data.empty();
  if (!anything) co_return false;

  auto const own_unknown = [&](EventPtr const& event) {
    return event->sender == reader.requester.user && event->transaction_id.empty() && !event->is_state();
  };
  if (std::ranges::any_of(timeline->events, own_unknown))
    co_await rooms_.recall_sent(timeline->events, reader.requester);
  RenderFor const render{rooms_.identity(), reader.requester.device_key, {}};
  out += R"("timeline":{"events":[)";
  append_events(out, timeline->events, render);
  out += timeline->limited ? R"(],"limited":true,"prev_batch":")" : R"(],"limited":false,"prev_batch":")";
  out += history_token(timeline->start);
  out += R"("},"state":{"events":[)";
  append_events(out, *state, render);
  out += "]}";
  if (!ephemeral.empty()) out += R"(,"ephemeral":{"events":[)" + ephemeral + "]}";
  if (!account_data.empty()) out += R"(,"account_data":{"events":[)" + account_data + "]}";
  auto const is_member_event = [](EventPtr const& event) { return event->type == "m.room.member"; };
  if (whole || std::ranges::any_of(timeline->events, is_member_event)) append_summary(reader, *room, out);
  auto const unread = Receipts::unread(*room, **receipts, reader.requester.user, member.wrote);
  auto highlights = mentions_.known(*room, reader.requester.user, unread);
  if (!highlights) {
    auto const counted = co_await mentions_.count(room, reader.requester.user, unread);
    if (!counted) co_return std::unexpected(counted.error());
    highlights = *counted;
  }
  out += R"(,"unread_notifications":{"highlight_count":)" + std::to_string(*highlights);
  out += R"(,"notification_count":)" + std::to_string(unread) + '}';
  co_return true;
}

void SyncService::append_summary(Reader& reader, Room const& room, std::string& out) const {
  out += R"(,"summary":{"m.joined_member_count":)" + std::to_string(room.joined_count());
  out += R"(,"m.invited_member_count":)" + std::to_string(room.invited_count());
  if (room.state("m.room.name", "") == nullptr && room.state("m.room.canonical_alias", "") == nullptr) {
    out += R"(,"m.heroes":[)";
    std::size_t heroes = 0;
    for (auto const& [key, event] : room.state()) {
      if (key.first != "m.room.member" || heroes == kHeroes) continue;
      auto const user = rooms_.identity().find(key.second);
      auto const membership = room.member(user);
      bool const present = membership == Membership::join || membership == Membership::invite;
      if (user == reader.requester.user || !present) continue;
      if (heroes++ > 0) out += ',';
      append_json_string(out, key.second);
    }
    out += ']';
  }
  out += '}';
}

Task<Result<bool>> SyncService::append_left(Reader& reader, std::shared_ptr<Room> room,
                                            store::MemberOf member, std::string& out) {
  auto const after = reader.after();
  auto timeline = co_await page(reader, room, after, member.position, false);
  if (!timeline) co_return std::unexpected(timeline.error());
  // Who was never in may see nothing but the end of the own invitation.
  auto const* own = room->state("m.room.member", rooms_.identity().user_id(reader.requester.user));
  if (timeline->events.empty() && own != nullptr && (*own)->position == member.position)
    timeline->events.push_back(*own);
  RenderFor const render{rooms_.identity(), reader.requester.device_key, {}};
  out += R"("timeline":{"events":[)";
  append_events(out, timeline->events, render);
  out += timeline->limited ? R"(],"limited":true,"prev_batch":")" : R"(],"limited":false,"prev_batch":")";
  out += history_token(timeline->start);
  out += R"("},"state":{"events":[]})";
  co_return true;
}

void SyncService::append_invited(Reader& reader, Room const& room, std::string_view section,
                                 std::string& out) {
  ((out += '"') += section) += R"(":{"events":[)";
  bool first = true;
  auto const append = [&](EventPtr const* event) {
    if (event == nullptr) return;
    if (!std::exchange(first, false)) out += ',';
    append_stripped_event(out, **event, rooms_.identity());
  };
  for (auto const type : kStripped) append(room.state(type, ""));
  append(room.state("m.room.member", rooms_.identity().user_id(reader.requester.user)));
  out += "]}";
}

}  // namespace torg::matrix
