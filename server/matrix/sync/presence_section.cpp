// What the reader is told of who is there.
#include "matrix/sync/reader.hpp"
#include "matrix/sync/sync.hpp"

namespace torg::matrix {

/// Those whom the reader meets for the first time: who came into one of their rooms, and who was in a room
/// that they came into.
Task<std::set<UserNid>> SyncService::newly_met(Reader const& reader, UserRooms const& rooms) {
  std::set<UserNid> met;
  std::set<RoomNid> entered;
  rooms_.stream().each_after(reader.after(), [&](StreamEntry const& entry) {
    if (entry.kind != StreamEntry::Kind::event || !entry.user || entry.position > reader.to.position) return;
    if (entry.user == reader.requester.user)
      entered.insert(entry.room);
    else if (rooms.contains(entry.room))
      met.insert(entry.user);
  });
  for (auto const nid : entered) {
    if (rooms_.joined_count_in_memory(nid).value_or(0) > Presence::kLargestRoom) continue;
    // A room that can't be read is missed in its own section, loudly.
    if (auto const room = co_await rooms_.load(nid)) {
      for (auto const user : (*room)->joined_members()) met.insert(user);
    }
  }
  co_return met;
}

Task<std::string> SyncService::presence_section(Reader& reader, UserRooms const& rooms, bool& something) {
  bool const all = reader.initial() || !rooms_.stream().covers(reader.after());
  auto users = all ? std::set<UserNid>() : co_await newly_met(reader, rooms);
  std::erase_if(users, [&](UserNid user) { return presence_.state(user) == Presence::State::offline; });
  presence_.each_changed(all ? 0 : reader.after_volatile(), [&](UserNid user) {
    // Who begins needs to be told of those who are there.
    if (!all || presence_.state(user) != Presence::State::offline) users.insert(user);
  });
  std::string out;
  auto const& filter = reader.request.filter.presence;
  for (auto const user : users) {
    auto const& user_id = rooms_.identity().user_id(user);
    auto const reads = reader.requester.user;
    if (user == reads || !filter.allows_type("m.presence") || !filter.allows_sender(user_id)) continue;
    if (!presence_.shares(user, rooms)) continue;
    out += out.empty() ? R"(,"presence":{"events":[)" : ",";
    out += json::serialize(
        json::object{{"type", "m.presence"}, {"sender", user_id}, {"content", presence_.content(user)}});
  }
  if (out.empty()) co_return out;
  something = true;
  co_return out + "]}";
}

}  // namespace torg::matrix
