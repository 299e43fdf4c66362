#pragma once
#include "matrix/room/service.hpp"

namespace torg::matrix {

/// Whom a message calls by name: what the default push rules highlight (`is_user_mention`,
/// `is_room_mention`).
struct Called {
  bool everyone = false;  ///< `@room`, by one who may
  std::vector<UserNid> users;
  [[nodiscard]] bool nobody() const { return !everyone && users.empty(); }
};

/// Reads `m.mentions` of a message as the default push rules do: notices call nobody, an edit those it names
/// anew, and what is encrypted can't be read. Pure but for the table of users.
/// @see https://spec.matrix.org/v1.19/client-server-api/#default-override-rules
[[nodiscard]] Called called_by(CachedEvent const& event, Room const& room,
                               identity::Identity const& identity);

/// How many unread messages call a user. Each message is looked at once per room, when somebody first has it
/// unread, and only those that call somebody are kept. On the executor only.
class Mentions {
 public:
  explicit Mentions(RoomService& rooms);

  /// Of the newest `unread` messages of a room, at most a thousand of them.
  Task<Result<std::int64_t>> count(std::shared_ptr<Room> room, UserNid user, std::int64_t unread);

  /// The same when it can be told without looking at messages, as for all but the first reader of one.
  [[nodiscard]] std::optional<std::int64_t> known(Room const& room, UserNid user, std::int64_t unread);

 private:
  struct Call {
    std::int64_t message = 0;  ///< its number in the room, from 1
    UserNid sender;
    Called called;
  };
  /// Messages with a number in (from, to] have been looked at.
  struct InRoom {
    std::int64_t from = 0, to = 0;
    std::vector<Call> calls;
    /// Of the messages after the number `after`.
    [[nodiscard]] std::int64_t count(UserNid user, std::int64_t after) const;
  };
  Task<Result<std::vector<Call>>> look(std::shared_ptr<Room> room, std::int64_t from, std::int64_t to);

  RoomService& rooms_;
  LruCache<RoomNid, InRoom> in_rooms_;
};

}  // namespace torg::matrix
