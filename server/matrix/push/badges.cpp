#include "matrix/push/badges.hpp"

#include "matrix/push/store.hpp"

#include <numeric>

namespace torg::matrix {

Task<Result<std::int64_t>> Badges::in_room(UserNid user, RoomNid nid) {
  auto const rooms = co_await rooms_.rooms_of(user);
  if (!rooms) co_return std::unexpected(rooms.error());
  auto const member = (*rooms)->find(nid);
  if (member == (*rooms)->end() || member->second.membership != Membership::join) co_return 0;
  auto const mine = member->second;
  auto const room = co_await rooms_.load(nid);
  if (!room) co_return std::unexpected(room.error());
  auto const receipts = co_await receipts_.of(nid);
  if (!receipts) co_return std::unexpected(receipts.error());
  auto const counts = co_await notifications_.count(*room, mine, *receipts, user);
  if (!counts) co_return std::unexpected(counts.error());
  co_return counts->all().notifications;
}

/// Counts what was unread before anybody asked.
Task<Result<>> Badges::load(UserNid user) {
  auto const rooms = co_await rooms_.database().read(
      [user](db::Reader& reader) { return push_store::rooms_with_unread(reader, user); });
  if (!rooms) co_return std::unexpected(rooms.error());
  InRooms counted;
  for (auto const room : *rooms) {
    auto const count = co_await in_room(user, room);
    if (!count) co_return std::unexpected(count.error());
    if (*count > 0) counted[room] = *count;
  }
  of_users_.emplace(user, std::move(counted));
  co_return Result<>{};
}

Task<Result<std::int64_t>> Badges::refresh(UserNid user, RoomNid room) {
  if (!of_users_.contains(user)) {
    if (auto loaded = co_await load(user); !loaded) co_return fail(std::move(loaded));
  }
  auto const count = co_await in_room(user, room);
  if (!count) co_return count;
  auto& rooms = of_users_[user];
  if (*count > 0)
    rooms[room] = *count;
  else
    rooms.erase(room);
  co_return co_await sum(user);
}

Task<Result<std::int64_t>> Badges::sum(UserNid user) {
  if (!of_users_.contains(user)) {
    if (auto loaded = co_await load(user); !loaded) co_return fail(std::move(loaded));
  }
  auto const& rooms = of_users_[user];
  co_return std::accumulate(rooms.begin(), rooms.end(), std::int64_t{0},
                            [](std::int64_t sum, auto const& entry) { return sum + entry.second; });
}

Task<bool> Badges::has_read(UserNid user, EventPtr event) {
  auto const rooms = co_await rooms_.rooms_of(user);
  if (!rooms || !(*rooms)->contains(event->room)) co_return false;
  auto const member = (*rooms)->at(event->room);
  auto const receipts = co_await receipts_.of(event->room);
  if (!receipts) co_return false;
  auto const marks = ReadMarks::of(Receipts::of_user(**receipts, user), member);
  auto const content = parse_json_object(event->content);
  auto const thread = content ? thread_of(*content) : std::string_view();
  co_return marks.covers(*event, thread);
}

}  // namespace torg::matrix
