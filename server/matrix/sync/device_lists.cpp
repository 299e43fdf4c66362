// Who shares a room with the reader is compared at two moments: `after`, looked up in the history of the
// rooms in which somebody moved since, and now, from memory. Whoever didn't move, in rooms where the reader
// didn't move, shares what they shared before, so only the moves cost anything.
#include "matrix/sync/device_lists.hpp"

#include "matrix/sync/store.hpp"

#include <algorithm>
#include <set>

namespace torg::matrix {
namespace {

constexpr std::string_view kMember = "m.room.member";

void make_set(std::vector<UserNid>& users) {
  std::ranges::sort(users);
  users.erase(std::ranges::unique(users).begin(), users.end());
}

bool says_join(EventPtr const& event) {
  if (!event) return false;
  auto const content = parse_json_object(event->content);
  return content && optional_string(*content, "membership") == "join";
}

}  // namespace

Task<Result<std::vector<DeviceLists::Move>>> DeviceLists::moves(UserNid reader, Position after, Position to) {
  std::vector<Move> found;
  auto const& stream = rooms_.stream();
  auto const rooms = co_await rooms_.rooms_of(reader);
  if (!rooms) co_return std::unexpected(rooms.error());
  if (stream.covers(after)) {
    std::set<RoomNid> own;  // the reader's rooms may miss one that they left and forgot since
    auto const each_move = [&](auto&& use) {
      stream.each_after(after, [&](StreamEntry const& entry) {
        bool const is_move = entry.kind == StreamEntry::Kind::event && entry.user && entry.position <= to;
        if (is_move) use(Move{entry.room, entry.user});
      });
    };
    each_move([&](Move move) {
      if (move.user == reader) own.insert(move.room);
    });
    each_move([&](Move move) {
      if ((*rooms)->contains(move.room) || own.contains(move.room)) found.push_back(move);
    });
  } else {
    auto const type = rooms_.types().find(kMember);
    auto stored = co_await rooms_.database().read(
        [=](db::Reader& r) { return sync_store::member_events(r, reader, type, after, to); });
    if (!stored) co_return std::unexpected(stored.error());
    for (auto const& [room, user_id] : *stored) {
      if (auto const user = rooms_.identity().find(user_id)) found.push_back({room, user});
    }
  }
  std::ranges::sort(found);
  found.erase(std::ranges::unique(found).begin(), found.end());
  co_return found;
}

Task<Result<DeviceLists::Joined>> DeviceLists::joined_at(std::vector<Move> moves, UserNid reader,
                                                         Position at) {
  std::set<Move> asked(moves.begin(), moves.end());
  for (auto const& move : moves) asked.insert({move.room, reader});
  std::vector<std::pair<Move, std::string>> questions;
  for (auto const& move : asked) questions.emplace_back(move, rooms_.identity().user_id(move.user));
  auto const& types = rooms_.types();
  co_return co_await rooms_.database().read([&types, questions, at](db::Reader& r) {
    auto const type = types.find(kMember);
    Joined joined;
    for (auto const& [move, user_id] : questions)
      joined[move] = says_join(store::state_at(r, types, move.room, type, user_id, at));
    return joined;
  });
}

void DeviceLists::look_at_room(Room const& room, UserNid reader, Position after, Joined const& was,
                               Found& found) const {
  bool const reader_was = was.at({room.nid(), reader});
  bool const reader_is = room.is_joined(reader);
  if (reader_is && !reader_was) std::ranges::copy(room.joined_members(), std::back_inserter(found.met));
  if (reader_was && !reader_is) {
    for (auto const user : room.joined_members()) {
      auto const* event = room.state(kMember, rooms_.identity().user_id(user));
      // Who moved since is among the moves.
      if (event != nullptr && (*event)->position && (*event)->position <= after) found.parted.push_back(user);
    }
  }
  for (auto move = was.lower_bound({room.nid(), UserNid()}); move != was.end(); ++move) {
    auto const& [where, user_was] = *move;
    if (where.room != room.nid()) break;
    bool const user_is = room.is_joined(where.user);
    if (reader_is && user_is && !user_was) found.met.push_back(where.user);
    if (reader_was && user_was && !(reader_is && user_is)) found.parted.push_back(where.user);
  }
}

Task<Result<DeviceLists::Found>> DeviceLists::meetings(UserNid reader, Position after, Position to) {
  Found found;
  auto const moved = co_await moves(reader, after, to);
  if (!moved) co_return std::unexpected(moved.error());
  if (moved->empty()) co_return found;
  auto const was = co_await joined_at(*moved, reader, after);
  if (!was) co_return std::unexpected(was.error());
  RoomNid last;
  for (auto const& move : *moved) {
    if (move.room == last) continue;
    last = move.room;
    auto const room = co_await rooms_.load(move.room);
    if (!room) co_return std::unexpected(room.error());
    look_at_room(**room, reader, after, *was, found);
  }
  co_return found;
}

std::vector<UserNid> DeviceLists::touched(Position after, Position to) const {
  auto const& stream = rooms_.stream();
  if (!stream.covers(after)) return rooms_.identity().device_keys().changed_since(after);
  std::vector<UserNid> users;
  stream.each_after(after, [&](StreamEntry const& entry) {
    bool const in_range = entry.kind == StreamEntry::Kind::device_list && entry.position <= to;
    if (in_range) users.push_back(entry.user);
  });
  make_set(users);
  return users;
}

Task<Result<>> DeviceLists::remove_neighbours(UserNid reader, std::vector<UserNid>& users) {
  auto const rooms = co_await rooms_.rooms_of(reader);
  if (!rooms) co_return std::unexpected(rooms.error());
  std::vector<RoomNid> joined;
  for (auto const& [room, member] : **rooms) {
    if (member.membership == Membership::join) joined.push_back(room);
  }
  for (auto const nid : joined) {
    if (users.empty()) break;
    auto const room = co_await rooms_.load(nid);
    if (!room) co_return std::unexpected(room.error());
    std::erase_if(users, [&](UserNid user) { return (*room)->is_joined(user); });
  }
  co_return Result<>{};
}

/// Whether nobody moved or changed a device, so that there is nothing to compare: after most messages.
bool DeviceLists::nothing_happened(Position after) const {
  auto const& stream = rooms_.stream();
  if (!stream.covers(after)) return false;
  bool nothing = true;
  stream.each_after(after, [&](StreamEntry const& entry) {
    bool const is_move = entry.kind == StreamEntry::Kind::event && entry.user;
    nothing = nothing && !is_move && entry.kind != StreamEntry::Kind::device_list;
  });
  return nothing;
}

Task<Result<DeviceListChanges>> DeviceLists::between(UserNid reader, Position after, Position to) {
  if (nothing_happened(after)) co_return DeviceListChanges{};
  auto found = co_await meetings(reader, after, to);
  if (!found) co_return std::unexpected(found.error());
  DeviceListChanges changes{.changed = std::move(found->met), .left = std::move(found->parted)};
  std::erase(changes.changed, reader);  // meets nobody new in themself
  for (auto const user : touched(after, to)) {
    if (user == reader || co_await rooms_.share_a_room(user, reader)) changes.changed.push_back(user);
  }
  make_set(changes.changed);
  make_set(changes.left);
  std::erase(changes.left, reader);
  if (auto removed = co_await remove_neighbours(reader, changes.left); !removed)
    co_return std::unexpected(removed.error());
  co_return changes;
}

json::object device_lists_body(identity::Identity const& identity, DeviceListChanges const& changes) {
  auto const ids = [&](std::vector<UserNid> const& users) {
    json::array list;
    for (auto const user : users) list.emplace_back(identity.user_id(user));
    return list;
  };
  return {{"changed", ids(changes.changed)}, {"left", ids(changes.left)}};
}

}  // namespace torg::matrix
