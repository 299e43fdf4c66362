#pragma once
#include "matrix/sync/sync.hpp"
#include "net/http.hpp"

namespace torg::matrix {

/// The Client-Server API of rooms and sync: thin handlers that parse, ask a service and render. What is not
/// in these tables is answered `M_UNRECOGNIZED` by the router.
/// @see https://spec.matrix.org/v1.19/client-server-api/
struct ClientApi {
  RoomService& rooms;
  SyncService& sync;
  Typing& typing;
  Receipts& receipts;
  ToDevice& to_device;
};

[[nodiscard]] std::vector<net::Route> room_routes(
    ClientApi& api);  ///< create, membership, send, state, redact, aliases
[[nodiscard]] std::vector<net::Route> history_routes(
    ClientApi& api);  ///< messages, context, event, members, relations
[[nodiscard]] std::vector<net::Route> device_routes(
    ClientApi& api);  ///< device list changes, to-device messages, dehydrated devices
[[nodiscard]] std::vector<net::Route> sync_routes(ClientApi& api);  ///< sync, typing, receipts

}  // namespace torg::matrix
