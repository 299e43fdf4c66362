#pragma once
#include "matrix/delayed/delayed_events.hpp"
#include "matrix/sliding_sync/sliding_sync.hpp"
#include "matrix/sync/thread_subscriptions.hpp"
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
  Presence& presence;
  DelayedEvents& delayed;
  SlidingSync& sliding_sync;
  Notifications& notifications;
  ThreadSubscriptions& subscriptions;
};

/// Sends an event as a client's request to send it does, once it is known to be in the room.
[[nodiscard]] Task<Result<EventId>> submit(ClientApi& api, SendEvent event);

[[nodiscard]] std::vector<net::Route> room_routes(ClientApi& api);       ///< create, membership, send, redact
[[nodiscard]] std::vector<net::Route> delayed_routes(ClientApi& api);    ///< events that are sent later
[[nodiscard]] std::vector<net::Route> alias_routes(ClientApi& api);      ///< names of rooms
[[nodiscard]] std::vector<net::Route> message_routes(ClientApi& api);    ///< pages of history, context
[[nodiscard]] std::vector<net::Route> event_routes(ClientApi& api);      ///< single events, state
[[nodiscard]] std::vector<net::Route> member_routes(ClientApi& api);     ///< who is in a room
[[nodiscard]] std::vector<net::Route> relation_routes(ClientApi& api);   ///< what points at an event, threads
[[nodiscard]] std::vector<net::Route> directory_routes(ClientApi& api);  ///< listed rooms
[[nodiscard]] std::vector<net::Route> preview_routes(ClientApi& api);    ///< spaces, rooms from outside
[[nodiscard]] std::vector<net::Route> knock_routes(ClientApi& api);      ///< asking to be let in
[[nodiscard]] std::vector<net::Route> presence_routes(ClientApi& api);   ///< who is there
[[nodiscard]] std::vector<net::Route> mutual_routes(ClientApi& api);     ///< rooms that two people share
[[nodiscard]] std::vector<net::Route> report_routes(ClientApi& api);     ///< telling the administrators
[[nodiscard]] std::vector<net::Route> sync_routes(ClientApi& api);       ///< sync, typing, receipts
[[nodiscard]] std::vector<net::Route> event_stream_routes(ClientApi& api);  ///< older forms of sync
[[nodiscard]] std::vector<net::Route> initial_sync_routes(ClientApi& api);  ///< and where they begin
[[nodiscard]] std::vector<net::Route> sliding_sync_routes(ClientApi& api);
[[nodiscard]] std::vector<net::Route> thread_subscription_routes(ClientApi& api);
[[nodiscard]] std::vector<net::Route> device_routes(
    ClientApi& api);  ///< device list changes, to-device messages, dehydrated devices

}  // namespace torg::matrix
