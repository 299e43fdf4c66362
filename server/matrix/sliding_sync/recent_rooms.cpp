#include "matrix/sliding_sync/recent_rooms.hpp"

#include "matrix/sliding_sync/store.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

constexpr std::string_view kMember = "m.room.member";

bool is_gone(Membership membership) {
  return membership == Membership::leave || membership == Membership::ban || membership == Membership::none;
}
bool lacks_end(RecentRoom const& room) {
  bool const needs = room.membership != Membership::join;
  return needs && (!room.by || (is_gone(room.membership) && room.gone == RecentRoom::Gone::unknown));
}

bool was_ever_joined(std::vector<EventPtr> const& memberships) {
  return std::ranges::any_of(memberships, [](EventPtr const& event) {
    auto const content = parse_json_object(event->content);
    return content && optional_string(*content, "membership") == "join";
  });
}

}  // namespace

RecencyOrders::RecencyOrders(RoomService& rooms) : rooms_(rooms), orders_(rooms.cache().orders()) {}

Task<Result<std::shared_ptr<RecentRooms>>> RecencyOrders::make(UserNid user) {
  auto recent = std::make_shared<RecentRooms>();
  // What is committed after this moment comes once more from the stream, which does no harm.
  recent->as_of = rooms_.stream().last();
  auto const rows = co_await rooms_.database().read(
      [user](db::Reader& reader) { return sliding_store::rooms_of(reader, user); });
  if (!rows) co_return std::unexpected(rows.error());
  for (auto const& row : *rows) {
    bool const joined = row.membership == Membership::join;
    RecentRoom room{.at = joined ? row.last_position : row.membership_position,
                    .room = row.room,
                    .membership = row.membership,
                    .by = row.by};
    if (is_gone(row.membership) && row.by == user) room.gone = RecentRoom::Gone::other;
    recent->rooms.push_back(room);
  }
  std::ranges::sort(recent->rooms, {}, [](RecentRoom const& room) { return std::pair(room.at, room.room); });
  orders_.put(user, recent, recent->rooms.capacity() * sizeof(RecentRoom));
  co_return recent;
}

void RecencyOrders::bring_forward(RecentRooms& recent, UserRooms const& rooms, UserNid user) const {
  struct Change {
    Position at;
    bool own = false;  ///< the user's membership is among it
  };
  std::map<RoomNid, Change> changes;
  auto const& stream = rooms_.stream();
  stream.each_after(recent.as_of, [&](StreamEntry const& entry) {
    if (entry.kind != StreamEntry::Kind::event || !entry.room) return;
    auto const member = rooms.find(entry.room);
    if (member == rooms.end()) return;
    bool const own = entry.user == user;
    if (!own && member->second.membership != Membership::join) return;
    auto& change = changes[entry.room];
    change.at = entry.position;
    change.own = change.own || own;
  });
  recent.as_of = stream.last();
  if (changes.empty()) return;
  std::vector<RecentRoom> moved;
  std::erase_if(recent.rooms, [&](RecentRoom const& room) {
    auto const change = changes.find(room.room);
    if (change == changes.end()) return false;
    if (change->second.own) return true;  // made anew below
    bool const moves = change->second.at > room.at;
    if (moves) (moved.emplace_back(room)).at = change->second.at;
    changes.erase(change);
    return moves;
  });
  for (auto const& [nid, change] : changes)
    moved.push_back({.at = change.at, .room = nid, .membership = rooms.at(nid).membership, .by = {}});
  auto const place = [](RecentRoom const& room) { return std::pair(room.at, room.room); };
  std::ranges::sort(moved, {}, place);
  std::vector<RecentRoom> merged;
  merged.reserve(recent.rooms.size() + moved.size());
  std::ranges::merge(recent.rooms, moved, std::back_inserter(merged), {}, place, place);
  recent.rooms = std::move(merged);
}

Task<Result<>> RecencyOrders::look_up_ends(std::shared_ptr<RecentRooms> recent, UserNid user) {
  std::vector<RecentRoom> unknown;
  std::ranges::copy_if(recent->rooms, std::back_inserter(unknown), lacks_end);
  auto const& user_id = rooms_.identity().user_id(user);
  auto const& types = rooms_.types();
  for (auto room : unknown) {
    auto const memberships = co_await rooms_.database().read([&](db::Reader& reader) {
      return store::state_history(reader, types, room.room, types.find(kMember), user_id);
    });
    if (!memberships) co_return std::unexpected(memberships.error());
    room.by = memberships->empty() ? user : memberships->back()->sender;
    bool const sent_away = room.by != user && was_ever_joined(*memberships);
    room.gone = sent_away ? RecentRoom::Gone::sent_away : RecentRoom::Gone::other;
    auto const place = std::ranges::find_if(recent->rooms, [&](RecentRoom const& other) {
      return other.room == room.room && other.at == room.at;
    });
    if (place != recent->rooms.end()) *place = room;
  }
  co_return Result<>{};
}

Task<Result<std::shared_ptr<RecentRooms const>>> RecencyOrders::of(UserNid user) {
  std::shared_ptr<RecentRooms> recent;
  for (;;) {
    if (auto const* found = orders_.find(user)) recent = *found;
    if (!recent || !rooms_.stream().covers(recent->as_of)) {
      auto made = co_await make(user);
      if (!made) co_return fail(std::move(made));
      recent = std::move(*made);
    }
    auto const rooms = co_await rooms_.rooms_of(user);
    if (!rooms) co_return std::unexpected(rooms.error());
    if (!rooms_.stream().covers(recent->as_of)) continue;  // a great deal happened meanwhile
    bring_forward(*recent, **rooms, user);
    orders_.resize(user, recent->rooms.capacity() * sizeof(RecentRoom));
    if (std::ranges::none_of(recent->rooms, lacks_end)) co_return recent;
    if (auto done = co_await look_up_ends(recent, user); !done) co_return fail(std::move(done));
  }
}

}  // namespace torg::matrix
