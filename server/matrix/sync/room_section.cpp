// One room's part of a sync answer.
#include "matrix/sync/reader.hpp"
#include "matrix/sync/sync.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

/// A session is told again when it has been told this many; bounds its memory.
constexpr std::size_t kToldLimit = 4096;
constexpr std::size_t kToldBytes = 32;

std::uint64_t told_key(RoomNid room, UserNid user) {
  return static_cast<std::uint64_t>(static_cast<std::uint32_t>(room.value)) << 32 |
         static_cast<std::uint32_t>(user.value);
}

}  // namespace

Task<Result<TimelinePage>> SyncService::page(Reader& reader, std::shared_ptr<Room> room, Position after,
                                             Position to, bool all_visible) {
  co_return co_await read_page(rooms_, std::move(room),
                               {.reader = reader.requester.user,
                                .after = after,
                                .to = to,
                                .filter = &reader.request.filter.timeline,
                                .all_visible = all_visible});
}

Task<Result<std::vector<EventPtr>>> SyncService::state_part(Reader& reader, std::shared_ptr<Room> room,
                                                            Page const& page, Position after, bool whole) {
  auto const& filter = reader.request.filter;
  bool const lazy = filter.state.lazy_load_members || filter.timeline.lazy_load_members;
  bool const at_end = reader.request.state_at == StateAt::timeline_end;
  auto const own = rooms_.identity().user_id(reader.requester.user);
  std::vector<EventPtr> state;
  std::vector<EventPtr> current;
  if (whole || page.limited || at_end) {
    auto const take = [&](EventPtr const& event) {
      if (whole || event->position.value == 0 || event->position > after) current.push_back(event);
    };
    auto const members = room->state_of_type("m.room.member");
    auto const& all = room->state();
    for (auto entry = all.begin(); entry != all.end();) {
      if (lazy && entry == members.begin() && entry != members.end()) {
        entry = members.end();  // they may be very many
        if (auto const* me = room->state("m.room.member", own)) take(*me);
      } else {
        take(entry++->second);
      }
    }
  }
  auto const at = at_end ? reader.to.position : Position(page.start.value - 1);
  for (auto const& newest : current) {
    bool const is_then = newest->position && newest->position <= at;  // as most is: no need for a coroutine
    auto event = is_then ? newest : co_await committed_state(rooms_, newest, at);
    if (!event || (!whole && event->position <= after)) continue;
    if (filter.state.allows(*event, rooms_.identity().user_id(event->sender)))
      state.push_back(std::move(event));
  }
  if (lazy)
    std::ranges::move(co_await lazy_members(reader, room, page, after, whole), std::back_inserter(state));
  co_return state;
}

/// The members that a page can't be shown without: who speaks on it, and at its end also whose membership
/// changed on it.
Task<std::vector<EventPtr>> SyncService::lazy_members(Reader& reader, std::shared_ptr<Room> room,
                                                      Page const& page, Position after, bool whole) {
  bool const at_end = reader.request.state_at == StateAt::timeline_end;
  auto const session = reader.requester.session;
  auto const told = told_to(session);
  if (told->size() > kToldLimit) told->clear();
  std::vector<UserNid> wanted;
  for (auto const& event : page.events) {
    wanted.push_back(event->sender);
    if (at_end && event->type == "m.room.member")
      wanted.push_back(rooms_.identity().find(event->state_key.value_or("")));
  }
  std::ranges::sort(wanted);
  wanted.erase(std::ranges::unique(wanted).begin(), wanted.end());
  std::vector<EventPtr> members;
  for (auto const user : wanted) {
    // The whole state, and at the end all that changed, holds the reader's own membership already.
    if (!user || (user == reader.requester.user && (whole || at_end))) continue;
    bool const is_new = told->insert(told_key(room->nid(), user)).second;
    auto const* member = room->state("m.room.member", rooms_.identity().user_id(user));
    if (member == nullptr) continue;
    auto event = co_await committed_state(rooms_, *member, reader.to.position);
    if (!event) continue;
    bool const changed = at_end && event->position > after;
    bool const again = reader.request.filter.state.include_redundant_members || whole || changed;
    auto const same = [&](EventPtr const& other) { return other->nid == event->nid; };
    bool const in_timeline = !at_end && std::ranges::any_of(page.events, same);
    if ((is_new || again) && !in_timeline) members.push_back(std::move(event));
  }
  told_.resize(session, told->size() * kToldBytes);
  co_return members;
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
  auto const was = co_await was_joined(rooms_, room.nid(), reader.requester.user, reader.after());
  if (!was) co_return was;
  co_return !*was;
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

  auto const sticky = co_await sticky_part(reader, room, *timeline, after);
  if (!sticky) co_return std::unexpected(sticky.error());

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
  append_account_data(account_data, reader.account_data, reader.to.position, room->id().value,
                      reader.request.filter.room_account_data);
  auto const moved = [&](Receipt const& receipt) { return receipt.position > after; };
  bool const has_read = std::ranges::any_of(Receipts::of_user(**receipts, reader.requester.user), moved);
  bool const anything = whole || has_read || !timeline->events.empty() || !state->empty() ||
                        !ephemeral.empty() || !account_data.empty() || !sticky->empty();
  if (!anything) co_return false;

  if (auto done = co_await append_timeline(reader, *room, *timeline, *state, out); !done)
    co_return fail(std::move(done));
  if (!ephemeral.empty()) out += R"(,"ephemeral":{"events":[)" + ephemeral + "]}";
  // With the whole state comes all account data: none is an answer too.
  if (whole || !account_data.empty()) out += R"(,"account_data":{"events":[)" + account_data + "]}";
  if (!sticky->empty()) out += R"(,"msc4354_sticky":{"events":[)" + *sticky + "]}";
  auto const is_member_event = [](EventPtr const& event) { return event->type == "m.room.member"; };
  if (whole || std::ranges::any_of(timeline->events, is_member_event)) append_summary(reader, *room, out);
  if (auto done = co_await append_counts(reader, room, member, *receipts, out); !done)
    co_return fail(std::move(done));
  co_return true;
}

void SyncService::append_summary(Reader& reader, Room const& room, std::string& out) const {
  out += R"(,"summary":{"m.joined_member_count":)" + std::to_string(room.joined_count());
  out += R"(,"m.invited_member_count":)" + std::to_string(room.invited_count());
  if (room.state("m.room.name", "") == nullptr && room.state("m.room.canonical_alias", "") == nullptr) {
    out += R"(,"m.heroes":[)";
    bool first = true;
    for (auto const& hero : heroes_of(room, rooms_.identity(), reader.requester.user)) {
      if (!std::exchange(first, false)) out += ',';
      append_json_string(out, *hero->state_key);
    }
    out += ']';
  }
  out += '}';
}

Task<Result<>> SyncService::append_timeline(Reader& reader, Room const& room, Page const& page,
                                            std::vector<EventPtr> const& state, std::string& out) {
  auto const oldest = page.events.empty() ? reader.to.position : page.events.front()->position;
  auto const renderer = co_await PartRenderer::of(rooms_, reader.requester, room.nid(), page.events, oldest);
  if (!renderer) co_return std::unexpected(renderer.error());
  out += R"("timeline":{"events":[)";
  renderer->append(out, page.events, page.visibility.get());
  out += page.limited ? R"(],"limited":true,"prev_batch":")" : R"(],"limited":false,"prev_batch":")";
  out += history_token(page.start);
  out += R"("},")";
  (out += reader.request.state_key) += R"(":{"events":[)";
  renderer->append(out, state, page.visibility.get());
  out += "]}";
  co_return Result<>{};
}

/// Sticky events of the room that the reader has not had and that its timeline does not show.
Task<Result<std::string>> SyncService::sticky_part(Reader& reader, std::shared_ptr<Room> room,
                                                   Page const& page, Position after) {
  auto const now = to_ms(rooms_.runtime().now());
  std::vector<EventPtr> events;
  for (auto const& entry : rooms_.sticky().between(room->nid(), after, reader.to.position, now)) {
    if (std::ranges::find(page.events, entry.nid, [](auto const& event) { return event->nid; }) !=
        page.events.end())
      continue;
    auto event = co_await rooms_.event_by_nid(entry.nid);
    if (event && !(*event)->redacted_by && !is_ignored(rooms_.identity(), reader.requester.user, **event))
      events.push_back(std::move(*event));
  }
  std::string out;
  RenderFor const render{.identity = rooms_.identity(),
                         .session = reader.requester.device_key,
                         .room_id = {},
                         .user = reader.requester.user,
                         .now_ms = now};
  append_client_events(out, events, render);
  co_return out;
}

/// The state up to the end of the reader's stay.
Task<Result<std::vector<EventPtr>>> SyncService::left_state(Reader& reader, std::shared_ptr<Room> room,
                                                            Page const& page, store::MemberOf member) {
  bool const at_end = reader.request.state_at == StateAt::timeline_end;
  auto const newly = co_await newly_joined(reader, *room, member);
  if (!newly) co_return std::unexpected(newly.error());
  bool const whole = *newly || reader.request.full_state;
  if (!whole && !page.limited && !at_end) co_return std::vector<EventPtr>{};
  auto const at = at_end ? member.position : Position(page.start.value - 1);
  auto state = co_await rooms_.database().read(
      [&](db::Reader& r) { return store::whole_state_at(r, rooms_.types(), room->nid(), at); });
  if (!state) co_return state;
  auto const& filter = reader.request.filter;
  bool const lazy = filter.state.lazy_load_members || filter.timeline.lazy_load_members;
  auto const& identity = rooms_.identity();
  auto const& own = identity.user_id(reader.requester.user);
  auto const speaks = [&](CachedEvent const& event) {
    return std::ranges::any_of(page.events,
                               [&](auto const& e) { return identity.user_id(e->sender) == event.state_key; });
  };
  std::erase_if(*state, [&](EventPtr const& event) {
    if (!whole && event->position <= reader.after()) return true;
    if (!filter.state.allows(*event, identity.user_id(event->sender))) return true;
    return lazy && event->type == "m.room.member" && event->state_key != own && !speaks(*event);
  });
  co_return state;
}

Task<Result<bool>> SyncService::append_left(Reader& reader, std::shared_ptr<Room> room,
                                            store::MemberOf member, std::string& out) {
  auto timeline = co_await page(reader, room, reader.after(), member.position, false);
  if (!timeline) co_return std::unexpected(timeline.error());
  Result<std::vector<EventPtr>> state;
  if (!timeline->hidden) state = co_await left_state(reader, room, *timeline, member);
  if (!state) co_return std::unexpected(state.error());
  // Who was never in, or has forgotten it, may see nothing but that they are out.
  auto const* own = room->state("m.room.member", rooms_.identity().user_id(reader.requester.user));
  auto const has_own = [own](std::vector<EventPtr> const& events) {
    return std::ranges::any_of(events, [own](EventPtr const& event) { return event->nid == (*own)->nid; });
  };
  bool const ended_by_own =
      own != nullptr && (*own)->position == member.position &&
      reader.request.filter.timeline.allows(**own, rooms_.identity().user_id((*own)->sender));
  bool const at_end = reader.request.state_at == StateAt::timeline_end;
  auto const& filter = at_end ? reader.request.filter.state : reader.request.filter.timeline;
  bool const missing = ended_by_own && !has_own(timeline->events) && !has_own(*state);
  if (missing && filter.allows(**own, rooms_.identity().user_id((*own)->sender)))
    (at_end ? *state : timeline->events).push_back(*own);
  if (auto done = co_await append_timeline(reader, *room, *timeline, *state, out); !done)
    co_return fail(std::move(done));
  co_return true;
}

void SyncService::append_invited(Reader& reader, Room const& room, std::string_view section,
                                 std::string& out) {
  ((out += '"') += section) += R"(":{"events":[)";
  append_stripped_state(out, room, rooms_.identity(), rooms_.identity().user_id(reader.requester.user));
  out += "]}";
}

}  // namespace torg::matrix
