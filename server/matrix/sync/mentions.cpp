#include "matrix/sync/mentions.hpp"

#include "matrix/room/store.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

constexpr std::int64_t kMostUnread = 1000;
constexpr std::size_t kPage = 200;
constexpr std::int64_t kRoomNotificationLevel = 50;

bool may_call_everyone(Room const& room, std::string_view sender) {
  auto const& levels = room.power_levels();
  auto const named = levels.notifications.find("room");
  auto const needed = named == levels.notifications.end() ? kRoomNotificationLevel : named->second;
  return power_of(room, sender) >= needed;
}

}  // namespace

Mentions::Mentions(RoomService& rooms) : rooms_(rooms), in_rooms_(rooms.cache().mentions()) {}

Called called_by(CachedEvent const& event, Room const& room, identity::Identity const& identity) {
  Called called;
  // Most messages mention nobody: they aren't parsed.
  if (event.redacted_by || event.content.find("m.mentions") == std::string::npos) return called;
  auto const content = parse_json_object(event.content);
  if (!content || optional_string(*content, "msgtype") == "m.notice") return called;
  auto const* mentions = optional_object(*content, "m.mentions");
  if (mentions == nullptr) return called;
  if (optional_bool(*mentions, "room").value_or(false)) {
    called.everyone = may_call_everyone(room, identity.user_id(event.sender));
  }
  auto const* names = optional_array(*mentions, "user_ids");
  if (names == nullptr) return called;
  for (auto const& name : *names) {
    if (!name.is_string()) continue;
    if (auto const user = identity.find(name.get_string())) called.users.push_back(user);
  }
  return called;
}

/// The messages with a number in (from, to], newest first, from memory as far as that reaches.
Task<Result<std::vector<Mentions::Call>>> Mentions::look(std::shared_ptr<Room> room, std::int64_t from,
                                                         std::int64_t to) {
  std::vector<Call> calls;
  auto number = to;
  auto const take = [&](CachedEvent const& event) {
    if (number <= from || !is_message(event.type) || event.messages > to) return;
    auto called = called_by(event, *room, rooms_.identity());
    if (!called.nobody()) calls.push_back({number, event.sender, std::move(called)});
    --number;
  };
  auto const& timeline = room->timeline();
  auto before = timeline.empty() ? Position(room->last_position().value + 1) : timeline.front()->position;
  for (auto event = timeline.rbegin(); event != timeline.rend(); ++event) take(**event);
  while (number > from) {
    auto const page = co_await rooms_.database().read([&](db::Reader& reader) {
      return store::events_before(reader, rooms_.types(), room->nid(), before, kPage);
    });
    if (!page) co_return std::unexpected(page.error());
    if (page->empty()) break;
    before = page->back()->position;
    for (auto const& event : *page) take(*event);
  }
  co_return calls;
}

std::int64_t Mentions::InRoom::count(UserNid user, std::int64_t after) const {
  return std::ranges::count_if(calls, [&](Call const& call) {
    bool const calls_user =
        call.called.everyone || std::ranges::find(call.called.users, user) != call.called.users.end();
    return call.message > after && call.sender != user && calls_user;
  });
}

std::optional<std::int64_t> Mentions::known(Room const& room, UserNid user, std::int64_t unread) {
  if (unread <= 0 || room.timeline().empty()) return 0;
  auto const total = room.timeline().back()->messages;
  auto const after = total - std::min(unread, kMostUnread);
  auto const* known = in_rooms_.find(room.nid());
  if (known == nullptr || known->from > after || known->to != total) return std::nullopt;
  return known->count(user, after);
}

Task<Result<std::int64_t>> Mentions::count(std::shared_ptr<Room> room, UserNid user, std::int64_t unread) {
  if (unread <= 0 || room->timeline().empty()) co_return 0;
  auto const total = room->timeline().back()->messages;
  auto const after = total - std::min(unread, kMostUnread);
  auto const* kept = in_rooms_.find(room->nid());
  bool const reaches = kept != nullptr && kept->from <= after && kept->to >= after;
  auto found = reaches ? *kept : InRoom{after, after, {}};
  if (found.to < total) {
    auto const newer = co_await look(room, found.to, total);
    if (!newer) co_return std::unexpected(newer.error());
    found.calls.insert(found.calls.end(), newer->begin(), newer->end());
    std::erase_if(found.calls, [&](Call const& call) { return call.message <= total - kMostUnread; });
    found.from = std::max(found.from, total - kMostUnread);
    found.to = total;
    // Somebody else may have looked further meanwhile.
    kept = in_rooms_.find(room->nid());
    if (kept == nullptr || kept->to <= found.to)
      in_rooms_.put(room->nid(), found, found.calls.size() * sizeof(Call));
  }
  co_return found.count(user, after);
}

}  // namespace torg::matrix
