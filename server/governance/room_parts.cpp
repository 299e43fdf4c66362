#include "governance/room_parts.hpp"

#include <algorithm>

namespace torg::governance {
namespace {

auto find_member(auto& members, UserNid member) {
  return std::ranges::lower_bound(members, member, {}, [](auto const& pair) { return pair.first; });
}

}  // namespace

void RoomParts::count(Room& room, AuthorityId authority, std::int64_t change) {
  auto& number = room.counts[authority];
  number += change;
  if (number == 0) room.counts.erase(authority);
}

void RoomParts::put(RoomNid room_nid, UserNid member, AuthorityId authority) {
  auto& room = rooms_[room_nid];
  auto const place = find_member(room.members, member);
  if (place != room.members.end() && place->first == member) {
    count(room, place->second, -1);
    place->second = authority;
  } else {
    room.members.insert(place, {member, authority});
  }
  count(room, authority, 1);
}

void RoomParts::remove(RoomNid room_nid, UserNid member) {
  auto const found = rooms_.find(room_nid);
  if (found == rooms_.end()) return;
  auto& room = found->second;
  auto const place = find_member(room.members, member);
  if (place == room.members.end() || place->first != member) return;
  count(room, place->second, -1);
  room.members.erase(place);
  if (room.members.empty()) rooms_.erase(found);
}

void RoomParts::move(UserNid member, AuthorityId authority) {
  for (auto& [nid, room] : rooms_) {
    auto const place = find_member(room.members, member);
    if (place == room.members.end() || place->first != member) continue;
    count(room, place->second, -1);
    place->second = authority;
    count(room, authority, 1);
  }
}

RoomParts::TakingPart RoomParts::taking_part(RoomNid room) const {
  TakingPart result;
  auto const found = rooms_.find(room);
  if (found == rooms_.end()) return result;
  for (auto const& [authority, members] : found->second.counts) {
    if (authority)
      result.authorities.push_back(authority);
    else
      result.outsiders = true;
  }
  return result;
}

bool RoomParts::takes_part(RoomNid room, AuthorityId authority) const {
  auto const found = rooms_.find(room);
  return found != rooms_.end() && found->second.counts.contains(authority);
}

bool RoomParts::is_in(RoomNid room, UserNid member) const {
  auto const found = rooms_.find(room);
  if (found == rooms_.end()) return false;
  auto const place = find_member(found->second.members, member);
  return place != found->second.members.end() && place->first == member;
}

}  // namespace torg::governance
