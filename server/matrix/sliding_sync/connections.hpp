#pragma once
#include "matrix/room/service.hpp"
#include "matrix/sliding_sync/connection.hpp"

namespace torg::matrix {

/// All connections of all devices, under a budget of memory. A client whose connection is gone is told so
/// (`M_UNKNOWN_POS`) and starts anew: after a restart of the server, after its device was signed out, or
/// when it hasn't asked for so long that others needed the room.
class Connections {
 public:
  explicit Connections(RoomService& rooms);

  /// The connections of one device. Whoever holds it keeps them from being forgotten.
  struct OfDevice {
    struct Named {
      std::string name;
      std::shared_ptr<Connection> connection;
    };
    std::vector<Named> newest_first;
  };
  struct Held {
    std::shared_ptr<OfDevice> device;
    std::shared_ptr<Connection> connection;
  };
  /// The device's connection of this name; made when there is none. Of many the one used longest ago goes.
  [[nodiscard]] Held open(std::int64_t device_key, std::string const& name);
  /// The connection has grown or shrunk.
  void measure(std::int64_t device_key);
  /// A name that no other connection has, for its positions.
  [[nodiscard]] std::string random_name();

 private:
  RoomService& rooms_;
  LruCache<std::int64_t, std::shared_ptr<OfDevice>> by_device_;
};

}  // namespace torg::matrix
