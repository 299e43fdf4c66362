#include "matrix/room/sticky.hpp"

#include <algorithm>

namespace torg::matrix {

std::int64_t StickyEvents::end_of(CachedEvent const& event, std::int64_t received_ms) {
  // A time stamp in the future must not make it sticky for longer.
  return std::min(event.origin_server_ts, received_ms) + std::min(*event.sticky_ms, kLongestMs);
}

void StickyEvents::add(CachedEvent const& event, std::int64_t now_ms) {
  add(event.room, {event.nid, event.position, end_of(event, now_ms)}, now_ms);
}

void StickyEvents::add(RoomNid room, Entry entry, std::int64_t now_ms) {
  if (entry.ends_ms <= now_ms) return;
  auto& entries = in_rooms_[room];
  std::erase_if(entries, [now_ms](Entry const& each) { return each.ends_ms <= now_ms; });
  entries.push_back(entry);
  if (entries.size() > kMostInRoom) entries.pop_front();
}

std::vector<StickyEvents::Entry> StickyEvents::between(RoomNid room, Position after, Position to,
                                                       std::int64_t now_ms) {
  auto const found = in_rooms_.find(room);
  if (found == in_rooms_.end()) return {};
  std::erase_if(found->second, [now_ms](Entry const& each) { return each.ends_ms <= now_ms; });
  std::vector<Entry> entries;
  for (auto const& each : found->second) {
    if (each.position > after && each.position <= to) entries.push_back(each);
  }
  if (found->second.empty()) in_rooms_.erase(found);
  return entries;
}

}  // namespace torg::matrix
