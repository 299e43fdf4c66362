#pragma once
#include "matrix/room/room.hpp"
#include "matrix/room/type_names.hpp"

namespace torg::matrix {

/// One event on its way into the store, complete but for its position. Copied into the lane.
struct EventRow {
  EventNid nid;
  StoredId id;
  RoomNid room;
  EventNid expected_head;  ///< what the room's head must be, or the write is a `conflict`
  std::int64_t depth = 0;
  std::int64_t messages = 0;
  UserNid sender;
  std::int32_t type = 0;
  std::string type_name;  ///< set while the type's number is not known to be stored
  std::optional<std::string> state_key;
  std::int64_t origin_server_ts = 0;
  crypto::Sha256 content_hash{};
  std::vector<EventNid> prev, auth;
  EventNid replaces;
  EventNid redacts;
  EventNid relates_to;
  bool is_thread_reply = false;  ///< to `relates_to`
  std::string content;
  std::int64_t wrote = 0;   ///< a message of the main timeline: same as `messages`
  std::int64_t joined = 0;  ///< a new join: same as `messages`
  UserNid member;           ///< with `membership`: whose membership this event sets
  Membership membership = Membership::none;
  std::int64_t session = 0;  ///< with `transaction_id` and `slot`
  int slot = 0;
  std::string transaction_id;
  std::optional<std::int64_t> sticky_ms;
  std::string delay_id;
};

namespace store {

// Writes; run in the lane.
void insert_room(db::Transaction& transaction, RoomNid nid, RoomId const& id, RoomVersion version);
/// @return the event's position, or `conflict` when the room has another head by now
[[nodiscard]] Result<Position> insert_event(db::Transaction& transaction, EventRow const& row);
void put_alias(db::Transaction& transaction, std::string const& alias, RoomNid room, UserNid creator);
void move_aliases(db::Transaction& transaction, RoomNid from, RoomNid to);
[[nodiscard]] bool remove_alias(db::Transaction& transaction, std::string const& alias);

/// Marks a room that `user` has left as forgotten. @return false when they are still in it, or never were
[[nodiscard]] bool forget_left_room(db::Transaction& transaction, RoomNid room, UserNid user);

// Reads.
/// Sticky events that were sent after the instant `ts` (milliseconds), in order of position.
struct StickyRow {
  EventNid nid;
  RoomNid room;
  Position position;
  std::int64_t origin_server_ts = 0;
  std::int64_t sticky_ms = 0;
};
[[nodiscard]] std::vector<StickyRow> sticky_events_since(db::Reader& reader, std::int64_t ts);
struct Largest {
  EventNid event;
  RoomNid room;
};
[[nodiscard]] Largest largest_numbers(db::Reader& reader);
[[nodiscard]] std::optional<RoomNid> find_room(db::Reader& reader, std::string_view room_id);
[[nodiscard]] std::optional<RoomId> room_id(db::Reader& reader, RoomNid room);
struct Alias {
  RoomNid room;
  UserNid creator;
};
[[nodiscard]] std::optional<Alias> find_alias(db::Reader& reader, std::string_view alias);
[[nodiscard]] std::vector<std::string> aliases(db::Reader& reader, RoomNid room);
/// What a room actor is made of.
struct StoredRoom {
  RoomId id;
  RoomVersion version = RoomVersion::v12;
  Room::Head head;
  Position last_position;
  std::vector<EventPtr> state;
  std::vector<EventPtr> newest;  ///< newest first
};
/// None when there is no such room. `timeline` bounds `newest`.
[[nodiscard]] std::optional<StoredRoom> load_room(db::Reader& reader, TypeNames const& types, RoomNid room,
                                                  std::size_t timeline);
[[nodiscard]] EventPtr event(db::Reader& reader, TypeNames const& types, EventNid nid);
[[nodiscard]] EventPtr event(db::Reader& reader, TypeNames const& types, EventLookup const& id);
/// The newest events of all rooms with a number above `after`, oldest first, `limit` of them at most.
[[nodiscard]] std::vector<EventPtr> newest_events(db::Reader& reader, TypeNames const& types, EventNid after,
                                                  std::size_t limit);
/// The number of the event, 0 when the room has none with this id.
[[nodiscard]] EventNid find_event(db::Reader& reader, RoomNid room, EventLookup const& id);
/// Up to `limit` events before or after a position (exclusive), nearest first.
[[nodiscard]] std::vector<EventPtr> events_before(db::Reader& reader, TypeNames const& types, RoomNid room,
                                                  Position before, std::size_t limit);
[[nodiscard]] std::vector<EventPtr> events_after(db::Reader& reader, TypeNames const& types, RoomNid room,
                                                 Position after, Position to, std::size_t limit);
/// Up to `limit` events that lie behind the instant `ts` (milliseconds), the nearest first; among those of
/// one instant, those behind `position`.
enum class TimeDirection : std::uint8_t { earlier, later };
[[nodiscard]] std::vector<EventPtr> events_by_time(db::Reader& reader, TypeNames const& types, RoomNid room,
                                                   TimeDirection direction, std::int64_t ts,
                                                   Position position, std::size_t limit);
/// Events that point at `target`, oldest first; with `depth` above 1 also those that point at these.
[[nodiscard]] std::vector<EventPtr> relations(db::Reader& reader, TypeNames const& types, EventNid target,
                                              int depth = 1);
/// Those of one sender and type that point at `target` and are not redacted.
[[nodiscard]] std::vector<EventPtr> relations_by(db::Reader& reader, TypeNames const& types, EventNid target,
                                                 UserNid sender, std::int32_t type);
/// Edits of what `room` said from `first` to `last`, by the same senders, oldest first; redacted ones left
/// out.
[[nodiscard]] std::vector<EventPtr> edits(db::Reader& reader, TypeNames const& types, RoomNid room,
                                          Position first, Position last);
/// The state event of this key that was current at `at` (inclusive); null when there was none.
[[nodiscard]] EventPtr state_at(db::Reader& reader, TypeNames const& types, RoomNid room, std::int32_t type,
                                std::string_view state_key, Position at);
/// The whole state at `at` (inclusive).
[[nodiscard]] std::vector<EventPtr> whole_state_at(db::Reader& reader, TypeNames const& types, RoomNid room,
                                                   Position at);
/// All values one state key had, oldest first.
[[nodiscard]] std::vector<EventPtr> state_history(db::Reader& reader, TypeNames const& types, RoomNid room,
                                                  std::int32_t type, std::string_view state_key);

struct MemberOf {
  RoomNid room;
  Membership membership;    ///< `none`: left and forgotten
  Position position;        ///< of the membership event
  std::int64_t wrote = 0;   ///< how many messages the room had when the member last wrote outside of threads
  std::int64_t joined = 0;  ///< and when they joined
};
[[nodiscard]] std::vector<MemberOf> rooms_of(db::Reader& reader, UserNid user);
/// Rooms of `user` with something newer than `after`.
[[nodiscard]] std::vector<RoomNid> rooms_changed_since(db::Reader& reader, UserNid user, Position after);

struct SentTransaction {
  int slot;
  std::string transaction_id;
  EventNid event;
};
/// The session has ended: nobody repeats its requests.
void forget_sent(db::Transaction& transaction, std::int64_t session);
[[nodiscard]] std::vector<SentTransaction> sent_transactions(db::Reader& reader, std::int64_t session);
[[nodiscard]] std::vector<StoredId> event_ids(db::Reader& reader, std::vector<EventNid> const& nids);

/// What `pdu_bytes` needs beside the cached event.
struct GraphLinks {
  crypto::Sha256 content_hash{};
  std::vector<EventNid> prev, auth;
};
[[nodiscard]] std::optional<GraphLinks> graph_links(db::Reader& reader, EventNid nid);

}  // namespace store
}  // namespace torg::matrix
