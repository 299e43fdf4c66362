#pragma once
#include "matrix/room/service.hpp"

namespace torg::matrix {

/// A message from one device to another, outside rooms.
struct ToDeviceMessage {
  Position position;
  std::string sender;
  std::string type;
  std::string content;  ///< JSON text of an object
};

/// Appends messages as clients get them, comma-separated.
void append_to_device(std::string& out, std::vector<ToDeviceMessage> const& messages);

/// Messages that wait for a device until it has synced past them.
/// @see https://spec.matrix.org/v1.19/client-server-api/#send-to-device-messaging
class ToDevice {
 public:
  /// What one sync hands out at most; a longer queue ends the answer at the last one's position.
  static constexpr std::size_t kCap = 100;

  explicit ToDevice(RoomService& rooms);

  /// `messages`: user id → device id or `*` → content; those to devices that don't exist are passed over. A
  /// repeated `transaction_id` of a session sends nothing.
  Task<Result<>> send(identity::Requester from, std::string type, std::string transaction_id,
                      json::object messages);
  /// What waits for a device after `after`, at most `kCap`, oldest first; all of it stays.
  Task<Result<std::vector<ToDeviceMessage>>> waiting(UserNid user, DeviceId device, Position after);
  /// At most `kCap`, oldest first; and forgets what the device has had before `after`.
  Task<Result<std::vector<ToDeviceMessage>>> take(identity::Requester requester, Position after, Position to);
  /// What waits for the requester's device in (after, to], at most `limit` and `kCap`, oldest first. All of
  /// it stays until it is acknowledged.
  Task<Result<std::vector<ToDeviceMessage>>> page(identity::Requester requester, Position after, Position to,
                                                  std::size_t limit);
  /// The requester's device has everything up to a position: that is forgotten.
  Task<Result<>> acknowledge(identity::Requester requester, Position up_to);

 private:
  Task<Result<Position>> newest_for(UserNid user);

  RoomService& rooms_;
  std::map<UserNid, Position>
      newest_;  ///< per recipient since start; tells that there is nothing without asking
  bool all_known_ = false;
  std::map<std::pair<UserNid, std::string>, Position>
      dropped_;  ///< up to where a device's messages were removed
};

}  // namespace torg::matrix
