#pragma once
#include "matrix/room/room.hpp"

#include <unordered_set>

namespace torg::matrix {

/// What a room shows of itself to people who aren't in it: in the directory, in a space, before joining.
/// @see https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1room_summaryroomidoralias
struct RoomPreview {
  RoomNid room;
  std::string room_id;
  std::size_t joined_members = 0;
  std::string name, topic, canonical_alias, avatar_url, room_type, encryption,
      room_version;  ///< empty: not set
  std::string join_rule = "invite";
  std::string history_visibility = "shared";
  std::string guest_access = "forbidden";
  std::vector<std::string> allowed_room_ids;  ///< whose members may join by themselves

  /// Reads a state event with an empty key; other types than `kPreviewTypes` say nothing.
  void take(std::string_view type, std::string_view content, bool redacted);
  [[nodiscard]] bool is_world_readable() const { return history_visibility == "world_readable"; }
};

inline constexpr std::array<std::string_view, 9> kPreviewTypes{
    "m.room.create",          "m.room.name",       "m.room.topic",      "m.room.avatar",
    "m.room.canonical_alias", "m.room.encryption", "m.room.join_rules", "m.room.history_visibility",
    "m.room.guest_access"};

[[nodiscard]] RoomPreview preview_of(Room const& room);
/// `RoomSummary` of the specification; what isn't set is left out.
[[nodiscard]] json::object to_json(RoomPreview const& preview);

namespace store {

enum class Listing : std::uint8_t { unlisted, listed };
void list_room(db::Transaction& transaction, RoomNid room, Listing listing);
/// `to` is listed instead of `from`, if that was.
void move_listing(db::Transaction& transaction, RoomNid from, RoomNid to);
[[nodiscard]] Listing listing(db::Reader& reader, RoomNid room);
/// Says whether anybody may join a room without asking.
enum class Door : std::uint8_t { closed, open };
void set_door(db::Transaction& transaction, RoomNid room, Door door);
/// Who has joined a room that `user` has joined too, or one that anybody may join; `user` among them.
[[nodiscard]] std::unordered_set<UserNid> could_meet(db::Reader& reader, UserNid user);

/// All listed rooms, those with the most members first.
[[nodiscard]] std::vector<RoomPreview> listed_rooms(db::Reader& reader);

}  // namespace store
}  // namespace torg::matrix
