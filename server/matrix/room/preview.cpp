// Rooms as they look from outside, and the directory of those that want to be found.
#include "matrix/room/preview.hpp"

#include "base/json.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

/// What a redaction leaves of these says all that is read here.
bool survives_redaction(std::string_view type) {
  return type == "m.room.create" || type == "m.room.join_rules" || type == "m.room.history_visibility";
}

/// @see https://spec.matrix.org/v1.19/client-server-api/#mroomjoin_rules
std::vector<std::string> allowed_rooms(json::object const& join_rules) {
  std::vector<std::string> allowed;
  auto const* conditions = optional_array(join_rules, "allow");
  if (conditions == nullptr) return allowed;
  for (auto const& condition : *conditions) {
    if (!condition.is_object()) continue;
    auto const& of = condition.get_object();
    auto const room = optional_string(of, "room_id");
    if (optional_string(of, "type") == "m.room_membership" && room) allowed.emplace_back(*room);
  }
  return allowed;
}

}  // namespace

void RoomPreview::take(std::string_view type, std::string_view text, bool redacted) {
  if (redacted && !survives_redaction(type)) return;
  auto const parsed = parse_json_object(text);
  if (!parsed) return;
  auto const read = [&](std::string_view key, std::string& into) {
    if (auto const value = optional_string(*parsed, key)) into = *value;
  };
  if (type == "m.room.create") {
    read("type", room_type);
    read("room_version", room_version);
  } else if (type == "m.room.join_rules") {
    read("join_rule", join_rule);
    if (join_rule == "restricted" || join_rule == "knock_restricted")
      allowed_room_ids = allowed_rooms(*parsed);
  }
  if (type == "m.room.name") read("name", name);
  if (type == "m.room.topic") read("topic", topic);
  if (type == "m.room.avatar") read("url", avatar_url);
  if (type == "m.room.canonical_alias") read("alias", canonical_alias);
  if (type == "m.room.encryption") read("algorithm", encryption);
  if (type == "m.room.history_visibility") read("history_visibility", history_visibility);
  if (type == "m.room.guest_access") read("guest_access", guest_access);
}

RoomPreview preview_of(Room const& room) {
  RoomPreview preview;
  preview.room = room.nid();
  preview.room_id = room.id().value;
  preview.joined_members = room.joined_count();
  for (auto const type : kPreviewTypes) {
    if (auto const* event = room.state(type, ""))
      preview.take(type, (*event)->content, static_cast<bool>((*event)->redacted_by));
  }
  return preview;
}

json::object to_json(RoomPreview const& preview) {
  json::object out{{"room_id", preview.room_id},
                   {"num_joined_members", preview.joined_members},
                   {"world_readable", preview.is_world_readable()},
                   {"guest_can_join", preview.guest_access == "can_join"},
                   {"join_rule", preview.join_rule}};
  for (auto const& [key, value] : {std::pair{"name", &preview.name},
                                   {"topic", &preview.topic},
                                   {"canonical_alias", &preview.canonical_alias},
                                   {"avatar_url", &preview.avatar_url},
                                   {"room_type", &preview.room_type},
                                   {"encryption", &preview.encryption},
                                   {"room_version", &preview.room_version}}) {
    if (!value->empty()) out[key] = *value;
  }
  if (!preview.allowed_room_ids.empty()) out["allowed_room_ids"] = json::value_from(preview.allowed_room_ids);
  return out;
}

namespace store {
namespace {

constexpr db::Statement kList{"INSERT INTO listed_room (room) VALUES ($1) ON CONFLICT DO NOTHING"};
constexpr db::Statement kUnlist{"DELETE FROM listed_room WHERE room = $1"};
constexpr db::Statement kMove{"UPDATE listed_room SET room = $1 WHERE room = $2"};
constexpr db::Statement kListing{"SELECT 1 FROM listed_room WHERE room = $1"};
constexpr db::Statement kOpen{"INSERT INTO open_room (room) VALUES ($1) ON CONFLICT DO NOTHING"};
constexpr db::Statement kClose{"DELETE FROM open_room WHERE room = $1"};
constexpr db::Statement kCouldMeet{
    "SELECT DISTINCT member FROM membership WHERE membership = $1 AND room IN ("
    "SELECT room FROM membership WHERE member = $2 AND membership = $3 UNION SELECT room FROM open_room)"};
constexpr db::Statement kListedRooms{
    "SELECT r.nid, r.room_id, (SELECT COUNT(*) FROM membership m WHERE m.room = r.nid AND m.membership = $1) "
    "FROM listed_room l JOIN room r ON r.nid = l.room"};
// The types are those of `kPreviewTypes`.
constexpr db::Statement kListedState{
    "SELECT s.room, t.name, c.content, e.redacted_by FROM listed_room l "
    "JOIN room_state s ON s.room = l.room JOIN event_type t ON t.nid = s.type "
    "JOIN event e ON e.nid = s.event JOIN event_content c ON c.nid = s.event "
    "WHERE s.state_key = '' AND t.name IN ('m.room.create', 'm.room.name', 'm.room.topic', 'm.room.avatar', "
    "'m.room.canonical_alias', 'm.room.encryption', 'm.room.join_rules', 'm.room.history_visibility', "
    "'m.room.guest_access')"};

}  // namespace

void list_room(db::Transaction& transaction, RoomNid room, Listing listing) {
  transaction.execute(listing == Listing::listed ? kList : kUnlist, {room});
}

void move_listing(db::Transaction& transaction, RoomNid from, RoomNid to) {
  transaction.execute(kMove, {to, from});
}

Listing listing(db::Reader& reader, RoomNid room) {
  auto const found = reader.query_one(kListing, {room}, [](db::Row const&) { return true; });
  return found ? Listing::listed : Listing::unlisted;
}

void set_door(db::Transaction& transaction, RoomNid room, Door door) {
  transaction.execute(door == Door::open ? kOpen : kClose, {room});
}

std::unordered_set<UserNid> could_meet(db::Reader& reader, UserNid user) {
  std::unordered_set<UserNid> met;
  auto const joined = static_cast<std::int64_t>(Membership::join);
  reader.query(kCouldMeet, {joined, user, joined},
               [&](db::Row const& row) { met.insert(row.number<UserNid>(0)); });
  return met;
}

std::vector<RoomPreview> listed_rooms(db::Reader& reader) {
  std::map<RoomNid, RoomPreview> by_room;
  reader.query(kListedRooms, {static_cast<std::int64_t>(Membership::join)}, [&](db::Row const& row) {
    auto& preview = by_room[row.number<RoomNid>(0)];
    preview.room = row.number<RoomNid>(0);
    preview.room_id = row.string(1);
    preview.joined_members = static_cast<std::size_t>(row.integer(2));
  });
  reader.query(kListedState, {}, [&](db::Row const& row) {
    if (auto const found = by_room.find(row.number<RoomNid>(0)); found != by_room.end())
      found->second.take(row.string(1), row.bytes(2), !row.is_null(3));
  });
  std::vector<RoomPreview> rooms;
  for (auto& [nid, preview] : by_room) rooms.push_back(std::move(preview));
  std::ranges::sort(rooms, [](RoomPreview const& a, RoomPreview const& b) {
    return std::tuple(b.joined_members, a.room) < std::tuple(a.joined_members, b.room);
  });
  return rooms;
}

}  // namespace store
}  // namespace torg::matrix
