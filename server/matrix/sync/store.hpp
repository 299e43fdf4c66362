#pragma once
#include "matrix/sync/receipts.hpp"
#include "matrix/sync/to_device.hpp"

namespace torg::matrix::sync_store {

[[nodiscard]] std::vector<Receipt> receipts(db::Reader& reader, RoomNid room);
void put_receipt(db::Transaction& transaction, RoomNid room, Receipt const& receipt);
/// Rooms of `user` where somebody's receipt moved after `after`.
[[nodiscard]] std::vector<RoomNid> rooms_with_receipts_since(db::Reader& reader, UserNid user,
                                                             Position after);
/// Messages of a room after `position`.
[[nodiscard]] std::int64_t messages_after(db::Reader& reader, RoomNid room, Position position,
                                          TypeNames const& types);

void put_to_device(db::Transaction& transaction, UserNid user, std::string const& device,
                   ToDeviceMessage const& message);
/// Remembers the newest 128 of a session. @return false when it has used this transaction id before
[[nodiscard]] bool remember_to_device(db::Transaction& transaction, std::int64_t session,
                                      std::string const& transaction_id);
void forget_session(db::Transaction& transaction, std::int64_t session);
void drop_device(db::Transaction& transaction, UserNid user, std::string const& device);
void drop_to_device(db::Transaction& transaction, UserNid user, std::string const& device, Position up_to);
[[nodiscard]] std::vector<ToDeviceMessage> to_device(db::Reader& reader, UserNid user,
                                                     std::string const& device, Position after, Position to,
                                                     std::size_t limit);
[[nodiscard]] std::vector<std::pair<UserNid, Position>> newest_to_device(db::Reader& reader);

}  // namespace torg::matrix::sync_store
