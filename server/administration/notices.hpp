#pragma once
#include "administration/acts.hpp"
#include "runtime/turns.hpp"

#include <map>

namespace torg::administration {

/// What the server tells people: one room for each of them, made by a user of the server's own at the first
/// notice. People can leave it once they have joined, but not decline it; they can't write in it.
/// @see https://spec.matrix.org/v1.19/client-server-api/#server-notices
class Notices {
 public:
  struct Sender {
    std::string localpart;    ///< of the user who sends them; empty: there are no notices
    std::string displayname;  ///< and of the rooms
  };
  Notices(Services services, Sender sender)
      : services_(services), sender_(std::move(sender)), turns_(services.runtime, 1, kMostWaiting) {}

  static constexpr std::size_t kMostWaiting = 10'000;

  void load();

  struct Notice {
    UserNid to;
    std::string type = "m.room.message";
    std::optional<std::string> state_key{};
    json::object content{};
    std::int64_t device_key = 0;  ///< with `transaction_id`: sent again, the same event comes back
    std::string transaction_id{};
  };
  /// `bad_request` where there are no notices, or the name of their sender is a person's; `unavailable` when
  /// very many wait already.
  [[nodiscard]] Task<Result<EventId>> send(Act act, Notice notice);

  /// For the policy of rooms: whether `user` may not decline being invited to `room`.
  [[nodiscard]] bool is_notice_room(RoomNid room, UserNid user) const;

 private:
  [[nodiscard]] Task<Result<UserNid>> sender();
  [[nodiscard]] Task<Result<RoomNid>> room_of(UserNid sender, UserNid user);
  [[nodiscard]] Task<Result<RoomNid>> make_room(UserNid sender, UserNid user);
  [[nodiscard]] Task<Result<>> invite(RoomNid room, UserNid sender, UserNid user);

  Services services_;
  Sender sender_;
  std::map<UserNid, RoomNid> rooms_;
  Turns turns_;  ///< one at a time, so that nobody gets two rooms
};

}  // namespace torg::administration
