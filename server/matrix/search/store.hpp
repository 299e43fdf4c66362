#pragma once
#include "matrix/room/room.hpp"

namespace torg::matrix::search_store {

/// Takes the next events, at most `limit`, into the index. Runs in the lane.
/// @return how many were looked at; fewer than `limit`: the index has caught up
[[nodiscard]] std::size_t index_next(db::Transaction& transaction, db::Database::Kind kind,
                                     std::size_t limit);

/// How many events have yet to be looked at.
[[nodiscard]] std::int64_t waiting(db::Reader& reader);

enum class Order : std::uint8_t { recent, rank };

/// Words of a search as one database's query language has them; empty when nothing is left to look for.
/// The last word may be the beginning of one.
[[nodiscard]] std::string match_text(db::Database::Kind kind, std::vector<std::string> const& words);

struct Question {
  std::string match;  ///< by `match_text`
  std::vector<RoomNid> rooms;
  Order order = Order::recent;
  EventNid before;  ///< `recent` only: older than this
  std::size_t limit = 0;
};
struct Hit {
  EventNid event;
  RoomNid room;
  UserNid sender;
  std::int32_t type = 0;
  Position position;
  EventNid original;  ///< of an edit: what it edits; 0 otherwise
  Position original_position;
  std::int64_t rank = 0;  ///< millionths; 0 in `recent` order
};
/// In order, newest or best first. Nothing redacted is among them.
[[nodiscard]] std::vector<Hit> hits(db::Reader& reader, db::Database::Kind kind, Question const& question);

}  // namespace torg::matrix::search_store
