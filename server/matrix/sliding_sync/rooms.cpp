// What is said of each room.
#include "matrix/sliding_sync/reader.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

constexpr std::string_view kMember = "m.room.member";

bool is_member_event(EventPtr const& event) { return event->type == kMember && event->is_state(); }

bool holds(std::vector<EventPtr> const& events, EventNid nid) {
  return std::ranges::any_of(events, [nid](EventPtr const& event) { return event->nid == nid; });
}

/// What the client has of a room after this part.
SentRoom sent_after(SlidingSync::RoomPart const& part, Position to) {
  SentRoom sent{.up_to = to,
                .state = part.config.state,
                .timeline_limit = static_cast<std::uint16_t>(part.config.timeline_limit),
                .membership = part.membership,
                .is_direct = part.is_direct};
  bool const from_start = part.newly || part.expanded;
  if (!part.page.limited && from_start) sent.timeline_limit = SentRoom::kWhole;
  if (!part.sent || part.newly) return sent;
  if (!part.page.limited && !from_start)
    sent.timeline_limit = std::max(sent.timeline_limit, part.sent->timeline_limit);
  // State that this config passes over stays good while it doesn't change.
  auto const is_missed = [&](EventPtr const& event) {
    return event->is_state() && part.sent->state->wants(event->type, *event->state_key) &&
           !part.config.state->wants(event->type, *event->state_key);
  };
  if (part.sent->state->covers(*part.config.state) && !part.page.limited &&
      std::ranges::none_of(part.page.events, is_missed))
    sent.state = part.sent->state;
  else if (!part.page.limited && std::ranges::none_of(part.page.events, is_missed))
    sent.state = std::make_shared<RequiredState>(part.sent->state->joined_with(*part.config.state));
  return sent;
}

}  // namespace

bool SlidingSync::RoomPart::members_changed() const {
  return newly || page.limited || std::ranges::any_of(page.events, is_member_event);
}

Task<Result<>> SlidingSync::append_rooms(Reader& reader) {
  for (auto const& match : reader.matches) {
    auto const nid = match.room.room;
    auto const* known = reader.connection->room(nid);
    auto const sent = known == nullptr ? std::nullopt : std::optional(*known);
    bool const is_news = !sent || match.room.at > sent->up_to;
    Result<> done;
    switch (match.room.membership) {
      case Membership::join:
        if (is_news || match.config->timeline_limit > sent->timeline_limit ||
            !sent->state->covers(*match.config->state) ||
            std::ranges::binary_search(reader.with_own_receipt, nid) ||
            (reader.marks_changed() && sent->is_direct != reader.marks->direct.contains(nid)))
          done = co_await append_joined(reader, match, sent);
        break;
      case Membership::invite:
      case Membership::knock:
        if (is_news) done = co_await append_invited(reader, match);
        break;
      default:
        if (is_news) done = co_await append_left(reader, match, sent);
    }
    if (!done) co_return done;
  }
  co_return Result<>{};
}

Task<Result<>> SlidingSync::read_joined(Reader& reader, Match const& match, RoomPart& part) {
  auto const user = reader.requester.user;
  auto const nid = match.room.room;
  auto const mine = co_await rooms_.rooms_of(user);
  if (!mine) co_return std::unexpected(mine.error());
  if (auto const own = (*mine)->find(nid); own != (*mine)->end()) {
    part.membership_position = own->second.position;
    part.member = own->second;
  }
  auto const& sent = part.sent;
  part.newly = !sent || sent->membership != Membership::join;
  bool const moved = !part.newly && part.membership_position > sent->up_to;
  if (moved) {
    auto const was = co_await was_joined(rooms_, nid, user, sent->up_to);
    if (!was) co_return std::unexpected(was.error());
    part.newly = !*was;
  }
  part.is_direct = reader.marks->direct.contains(nid);
  auto const limit = part.config.timeline_limit;
  bool const wider = !part.newly && limit > sent->timeline_limit;
  EventFilter const filter{.limit = limit};
  auto page = co_await read_page(rooms_, part.room,
                                 {.reader = user,
                                  .after = wider ? Position() : part.after(),
                                  .to = reader.to.position,
                                  .filter = &filter,
                                  .all_visible = !part.newly && !wider && !moved});
  if (!page) co_return std::unexpected(page.error());
  part.page = std::move(*page);
  part.expanded = wider && !part.page.events.empty() && part.page.events.front()->position <= part.after();
  co_return Result<>{};
}

Task<Result<>> SlidingSync::read_state(Reader& reader, RoomPart& part) {
  for (auto const& newest : part.config.state->select(part.room->state())) {
    auto event = co_await committed_state(rooms_, newest, reader.to.position);
    if (!event) continue;
    bool const wanted_before = !part.newly && part.sent->state->wants(event->type, *event->state_key);
    if (part.is_new(*event) || !wanted_before) part.state.push_back(std::move(event));
  }
  if (!part.config.state->lazy_members()) co_return Result<>{};
  co_return co_await add_lazy_members(reader, part);
}

/// The members that the timeline can't be shown without: who speaks in it, and whose membership it changes.
/// @see MSC4186, "Lazy loaded memberships"
Task<Result<>> SlidingSync::add_lazy_members(Reader& reader, RoomPart& part) {
  auto const& identity = rooms_.identity();
  auto const nid = part.room->nid();
  bool const all_again = part.newly || part.page.limited;
  if (all_again) reader.step.forget_members.push_back(nid);
  std::map<UserNid, bool> wanted;  // and whether they have changed
  for (auto const& event : part.page.events) {
    wanted.try_emplace(event->sender, false);
    if (!is_member_event(event)) continue;
    if (auto const user = identity.find(*event->state_key)) wanted[user] = true;
  }
  for (auto const& [user, changed] : wanted) {
    bool const known = !all_again && !changed && reader.connection->was_told_of(nid, user);
    auto const* member = part.room->state(kMember, identity.user_id(user));
    if (known || member == nullptr) continue;
    auto event = co_await committed_state(rooms_, *member, reader.to.position);
    if (!event) continue;
    reader.step.members.emplace_back(nid, user);
    if (!holds(part.state, event->nid)) part.state.push_back(std::move(event));
  }
  co_return Result<>{};
}

Task<Result<>> SlidingSync::append_joined(Reader& reader, Match const& match, std::optional<SentRoom> sent) {
  auto room = co_await rooms_.load(match.room.room);
  if (!room) co_return std::unexpected(room.error());
  RoomPart part{
      .room = std::move(*room), .sent = std::move(sent), .config = *match.config, .page = {}, .state = {}};
  if (auto read = co_await read_joined(reader, match, part); !read) co_return read;
  if (auto read = co_await read_state(reader, part); !read) co_return read;
  auto const nid = part.room->nid();
  reader.step.rooms.emplace_back(nid, sent_after(part, reader.to.position));
  bool const counts_changed = std::ranges::binary_search(reader.with_own_receipt, nid);
  bool const anything = part.newly || !part.page.events.empty() || part.page.limited || !part.state.empty() ||
                        counts_changed || part.is_direct != part.sent->is_direct;
  if (!anything) co_return Result<>{};
  co_return co_await append_part(reader, match, part);
}

/// A room that the reader isn't in any more, up to the end of their stay.
Task<Result<>> SlidingSync::append_left(Reader& reader, Match const& match, std::optional<SentRoom> sent) {
  auto room = co_await rooms_.load(match.room.room);
  if (!room) co_return std::unexpected(room.error());
  auto const user = reader.requester.user;
  auto const end = match.room.at;
  RoomPart part{.room = std::move(*room),
                .sent = std::move(sent),
                .config = *match.config,
                .membership = match.room.membership,
                .membership_position = end,
                .page = {},
                .state = {}};
  part.newly = !part.sent || part.sent->membership != Membership::join;
  part.is_direct = reader.marks->direct.contains(part.room->nid());
  EventFilter const filter{.limit = part.config.timeline_limit};
  auto page = co_await read_page(rooms_, part.room,
                                 {.reader = user, .after = part.after(), .to = end, .filter = &filter});
  if (!page) co_return std::unexpected(page.error());
  part.page = std::move(*page);
  if (!part.page.hidden) {
    auto state = co_await rooms_.database().read(
        [&](db::Reader& r) { return store::whole_state_at(r, rooms_.types(), part.room->nid(), end); });
    if (!state) co_return std::unexpected(state.error());
    for (auto& event : *state) {
      bool const wanted = part.config.state->wants(event->type, *event->state_key);
      if (wanted && part.is_new(*event)) part.state.push_back(std::move(event));
    }
  }
  // That they are out everybody may see of themselves, and a client finds it in the state only.
  auto const* own = part.room->state(kMember, rooms_.identity().user_id(user));
  if (own != nullptr && (*own)->position == end) {
    if (!holds(part.state, (*own)->nid)) part.state.push_back(*own);
    if (!holds(part.page.events, (*own)->nid) && filter.limit > 0) part.page.events.push_back(*own);
  }
  reader.step.rooms.emplace_back(part.room->nid(), sent_after(part, reader.to.position));
  co_return co_await append_part(reader, match, part);
}

Task<Result<>> SlidingSync::append_invited(Reader& reader, Match const& match) {
  auto const loaded = co_await rooms_.load(match.room.room);
  if (!loaded) co_return std::unexpected(loaded.error());
  auto const& room = **loaded;
  auto& out = reader.rooms;
  append_key(out, room.id().value);
  bool const stable = reader.request.dialect == Dialect::stable;
  out += R"({"initial":true,)";
  out += stable ? R"("stripped_state":[)" : R"("invite_state":[)";
  append_stripped_state(out, room, rooms_.identity(), rooms_.identity().user_id(reader.requester.user));
  out += R"(],"bump_stamp":)" + std::to_string(match.room.at.value);
  bool const is_direct = reader.marks->direct.contains(match.room.room);
  if (is_direct) out += R"(,"is_dm":true)";
  append_membership(reader, match, out);
  out += '}';
  reader.something = true;
  reader.shown[room.nid()] = {room.id().value, {}};
  reader.step.rooms.emplace_back(room.nid(), SentRoom{.up_to = reader.to.position,
                                                      .state = match.config->state,
                                                      .timeline_limit = 0,
                                                      .membership = match.room.membership,
                                                      .is_direct = is_direct});
  co_return Result<>{};
}

}  // namespace torg::matrix
