// How one room's part is written.
#include "matrix/sliding_sync/reader.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

void append_bool(std::string& out, std::string_view key, bool value) {
  append_key(out, key);
  out += value ? "true" : "false";
}
void append_number(std::string& out, std::string_view key, std::int64_t value) {
  append_key(out, key);
  out += std::to_string(value);
}

/// A string out of the content of a state event; none when it isn't there or is empty.
std::optional<std::string> text_in(EventPtr const& event, std::string_view key) {
  if (!event) return std::nullopt;
  auto const content = parse_json_object(visible_content(*event));
  auto const text = content ? optional_string(*content, key) : std::nullopt;
  return text && !text->empty() ? std::optional(std::string(*text)) : std::nullopt;
}

void append_text_or_null(std::string& out, std::string_view key, std::optional<std::string> const& text) {
  append_key(out, key);
  if (text)
    append_json_string(out, *text);
  else
    out += "null";
}

}  // namespace

void SlidingSync::append_membership(Reader const& reader, Match const& match, std::string& out) const {
  if (reader.request.dialect == Dialect::unstable) return;
  auto const membership =
      match.room.membership == Membership::none ? Membership::leave : match.room.membership;
  append_key(out, "membership");
  append_json_string(out, to_text(membership));
  if (match.lists.empty()) return;
  append_key(out, "lists");
  out += '[';
  for (auto const list : match.lists) {
    if (out.back() != '[') out += ',';
    append_json_string(out, reader.request.lists[list].name);
  }
  out += ']';
}

/// Name and avatar, when they are new to the client; heroes in place of a name.
Task<Result<>> SlidingSync::append_name(Reader& reader, RoomPart const& part, std::string& out) {
  auto const to = reader.to.position;
  auto const current = [&](std::string_view type) -> Task<EventPtr> {
    auto const* found = part.room->state(type, "");
    co_return found == nullptr ? nullptr : co_await committed_state(rooms_, *found, to);
  };
  // A redaction takes a name away too.
  auto const changed = [&](EventPtr const& event) {
    return event && (part.is_new(*event) || (event->redaction && part.is_new(*event->redaction)));
  };
  auto const name_event = co_await current("m.room.name");
  auto const name = text_in(name_event, "name");
  if (part.newly ? name.has_value() : changed(name_event)) append_text_or_null(out, "name", name);
  auto const avatar_event = co_await current("m.room.avatar");
  auto const avatar = text_in(avatar_event, "url");
  if (part.newly ? avatar.has_value() : changed(avatar_event)) append_text_or_null(out, "avatar", avatar);
  if (name || !(part.members_changed() || changed(name_event))) co_return Result<>{};
  append_key(out, "heroes");
  out += '[';
  for (auto const& newest : heroes_of(*part.room, rooms_.identity(), reader.requester.user)) {
    auto const hero = co_await committed_state(rooms_, newest, to);
    if (!hero) continue;
    if (out.back() != '[') out += ',';
    out += '{';
    append_key(out, "user_id");
    append_json_string(out, *hero->state_key);
    for (auto const* key : {"displayname", "avatar_url"}) {
      if (auto const text = text_in(hero, key)) append_text_or_null(out, key, text);
    }
    out += '}';
  }
  out += ']';
  co_return Result<>{};
}

Task<Result<>> SlidingSync::append_counts(Reader& reader, RoomPart const& part, std::string& out) {
  bool const stable = reader.request.dialect == Dialect::stable;
  if (part.membership != Membership::join) {
    append_number(out, "bump_stamp", part.membership_position.value);
    co_return Result<>{};
  }
  auto const bump = co_await facts_.bump(part.room);
  if (!bump) co_return std::unexpected(bump.error());
  append_number(out, "bump_stamp", std::max(bump->value, std::int64_t{1}));
  if (part.members_changed()) {
    append_number(out, "joined_count", static_cast<std::int64_t>(part.room->joined_count()));
    append_number(out, "invited_count", static_cast<std::int64_t>(part.room->invited_count()));
  }
  if (stable) co_return Result<>{};
  auto const unread = co_await sync_.unread(part.room, reader.requester.user, part.member);
  if (!unread) co_return std::unexpected(unread.error());
  auto const all = unread->all();
  append_number(out, "notification_count", all.notifications);
  append_number(out, "highlight_count", all.highlights);
  co_return Result<>{};
}

/// What isn't events.
Task<Result<>> SlidingSync::append_summary(Reader& reader, RoomPart const& part, std::string& out) {
  bool const stable = reader.request.dialect == Dialect::stable;
  if (part.newly) append_bool(out, "initial", true);
  if (part.expanded) append_bool(out, stable ? "expanded_timeline" : "unstable_expanded_timeline", true);
  if (part.page.hidden) co_return co_await append_counts(reader, part, out);
  if (auto named = co_await append_name(reader, part, out); !named) co_return named;
  bool const direct_changed = part.newly ? part.is_direct : part.is_direct != part.sent->is_direct;
  if (direct_changed) append_bool(out, "is_dm", part.is_direct);
  co_return co_await append_counts(reader, part, out);
}

Task<Result<>> SlidingSync::append_part(Reader& reader, Match const& match, RoomPart const& part) {
  auto const& page = part.page;
  auto const oldest = page.events.empty() ? reader.to.position : page.events.front()->position;
  auto const renderer =
      co_await PartRenderer::of(rooms_, reader.requester, part.room->nid(), page.events, oldest);
  if (!renderer) co_return std::unexpected(renderer.error());
  std::string out = "{";
  if (auto done = co_await append_summary(reader, part, out); !done) co_return done;
  append_membership(reader, match, out);
  append_key(out, "required_state");
  renderer->append(out += '[', part.state, page.visibility.get());
  out += ']';
  append_key(out, "timeline");
  renderer->append(out += '[', page.events, page.visibility.get());
  out += ']';
  if (!page.hidden) {
    append_key(out, "prev_batch");
    append_json_string(out, history_token(page.start));
  }
  // Clients of today take what they have for older than an answer, unless that is limited: events sent a
  // second time would stand there twice.
  append_bool(out, "limited", page.limited || part.expanded);
  auto const is_live = [&](EventPtr const& event) { return event->position > reader.after(); };
  append_number(out, "num_live", reader.initial ? 0 : std::ranges::count_if(page.events, is_live));
  out += '}';
  append_key(reader.rooms, part.room->id().value);
  reader.rooms += out;
  reader.shown[part.room->nid()] = {part.room->id().value, page.events};
  reader.something = true;
  co_return Result<>{};
}

}  // namespace torg::matrix
