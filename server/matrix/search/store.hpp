#pragma once
#include "matrix/room/room.hpp"

namespace torg::matrix::search_store {

/// Takes the next events, at most `limit`, into the index. Runs in the lane.
/// @return how many were looked at; fewer than `limit`: the index has caught up
[[nodiscard]] std::size_t index_next(db::Transaction& transaction, db::Database::Kind kind,
                                     std::size_t limit);

enum class Order : std::uint8_t { recent, rank };

/// What must be in a text. All forms of a word are looked for: "hundar" finds "hundarna".
struct Term {
  enum class Kind : std::uint8_t { word, beginning, phrase };  ///< `beginning`: a word, or how one begins
  std::string text;
  Kind kind = Kind::word;
};

struct Question {
  std::vector<Term> terms;
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
/// In order, newest or best first (the best of the newest thousand). Nothing redacted is among them.
[[nodiscard]] std::vector<Hit> hits(db::Reader& reader, db::Database::Kind kind, Question const& question);

}  // namespace torg::matrix::search_store
