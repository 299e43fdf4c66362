#pragma once
#include "matrix/sync/receipts.hpp"
#include "matrix/sync/to_device.hpp"

#include <set>

namespace torg::matrix::sync_store {

[[nodiscard]] std::vector<Receipt> receipts(db::Reader& reader, RoomNid room);
void put_receipt(db::Transaction& transaction, RoomNid room, Receipt const& receipt);
/// Rooms of `user` where somebody's receipt moved after `after`.
[[nodiscard]] std::vector<RoomNid> rooms_with_receipts_since(db::Reader& reader, UserNid user,
                                                             Position after);
/// Messages of a room after `position`.
[[nodiscard]] std::int64_t messages_after(db::Reader& reader, RoomNid room, Position position,
                                          TypeNames const& types);

/// Rooms of `user` and whose membership of them changed after `after` and up to `to`; `type` is that of
/// membership events.
[[nodiscard]] std::vector<std::pair<RoomNid, std::string>> member_events(db::Reader& reader, UserNid user,
                                                                         std::int32_t type, Position after,
                                                                         Position to);

/// A user and a thread (MSC4306).
struct ThreadSubscription {
  RoomNid room;
  std::string root;
  bool subscribed = false;
  bool automatic = false;    ///< by a client on its own, because of something in the thread
  Position position;         ///< of this row, in the stream
  Position unsubscribed_at;  ///< when they unsubscribed last
};
void put_subscription(db::Transaction& transaction, UserNid user, ThreadSubscription const& subscription);
[[nodiscard]] std::optional<ThreadSubscription> subscription(db::Reader& reader, UserNid user, RoomNid room,
                                                             std::string const& root);
[[nodiscard]] std::set<std::pair<RoomNid, std::string>> subscribed_threads(db::Reader& reader, UserNid user);
/// Rows in (after, to], newest first.
[[nodiscard]] std::vector<ThreadSubscription> subscriptions(db::Reader& reader, UserNid user, Position after,
                                                            Position to, std::size_t limit);
[[nodiscard]] std::vector<std::pair<UserNid, Position>> newest_subscriptions(db::Reader& reader);

void put_to_device(db::Transaction& transaction, UserNid user, std::string const& device,
                   ToDeviceMessage const& message);
/// Remembers the newest 128 of a session. @return false when it has used this transaction id before
[[nodiscard]] bool remember_to_device(db::Transaction& transaction, std::int64_t sender,
                                      std::string const& transaction_id);
void forget_sender(db::Transaction& transaction, std::int64_t sender);
void drop_device(db::Transaction& transaction, UserNid user, std::string const& device);
void drop_to_device(db::Transaction& transaction, UserNid user, std::string const& device, Position up_to);
[[nodiscard]] std::vector<ToDeviceMessage> to_device(db::Reader& reader, UserNid user,
                                                     std::string const& device, Position after, Position to,
                                                     std::size_t limit);
[[nodiscard]] std::vector<std::pair<UserNid, Position>> newest_to_device(db::Reader& reader);

}  // namespace torg::matrix::sync_store
