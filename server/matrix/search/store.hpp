#pragma once
#include "matrix/room/room.hpp"

namespace torg::matrix::search_store {

/// Takes the next events, at most `limit`, into the index. Runs in the lane.
/// @return how many were looked at; fewer than `limit`: the index has caught up
[[nodiscard]] std::size_t index_next(db::Transaction& transaction, db::Database::Kind kind,
                                     std::size_t limit);

/// Whether the index can be in this language: `swedish`, `danish`, `norwegian` … as Snowball names it.
[[nodiscard]] bool is_language(std::string_view name);

/// Makes the index anew, empty, when it is in another language. Each word is found by its other forms in this
/// language and in English. @pre `is_language(name)`
void use_language(db::Transaction& transaction, db::Database::Kind kind, std::string const& name);

/// How many events have yet to be looked at.
[[nodiscard]] std::int64_t waiting(db::Reader& reader);

enum class Order : std::uint8_t { recent, rank };

/// One thing that must be in a text.
struct Wanted {
  enum class How : std::uint8_t {
    word,       ///< in any of its forms
    beginning,  ///< the same, or the beginning of a longer word
    phrase,     ///< these words in this order, as they stand
  };
  std::string text;
  How how = How::word;
};

struct Question {
  std::vector<Wanted> wanted;
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
