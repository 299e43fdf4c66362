#pragma once
#include "matrix/room/store.hpp"

namespace torg::matrix::service_store {

/// How far a service has been told: a place in the order of events, and one in the server's stream for what
/// lies beside them.
struct Place {
  EventNid event;
  Position position;
  friend auto operator<=>(Place const&, Place const&) = default;
};
/// All that is kept of a service.
struct Cursor {
  Place done;
  std::int64_t transaction = 0;      ///< the newest one
  std::optional<Place> under_way{};  ///< where that ends, while it isn't answered
};

/// What interest is decided by.
struct Row {
  EventNid nid;
  RoomNid room;
  Position position;
  UserNid sender;
  std::int32_t type = 0;
  std::optional<std::string> state_key;
  EventNid replaces;
};

[[nodiscard]] std::optional<Cursor> cursor(db::Reader& reader, std::string const& service);
void put_cursor(db::Transaction& transaction, std::string const& service, Cursor const& cursor);
[[nodiscard]] EventNid newest_event(db::Reader& reader);
/// Events of all rooms in (after, to], in order, at most `limit`.
[[nodiscard]] std::vector<Row> rows_after(db::Reader& reader, EventNid after, EventNid to, std::size_t limit);
/// The rooms that each of these users has joined.
[[nodiscard]] std::vector<std::pair<RoomNid, UserNid>> joined(db::Reader& reader,
                                                              std::vector<UserNid> const& users);
/// Rooms where a receipt moved after `position`.
[[nodiscard]] std::vector<RoomNid> rooms_with_receipts_after(db::Reader& reader, Position position);

void list_room(db::Transaction& transaction, std::string const& network, RoomNid room, bool listed);
[[nodiscard]] std::vector<std::pair<std::string, RoomNid>> listed_rooms(db::Reader& reader);

}  // namespace torg::matrix::service_store
