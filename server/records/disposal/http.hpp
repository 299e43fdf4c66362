#pragma once
#include "net/http.hpp"
#include "records/disposal/disposal.hpp"
#include "records/disposal/weeding.hpp"

namespace torg::records {

/// What the archivist's routes use; all outlive the router.
struct DisposalHttp {
  Weeding& weeding;
  DisposalService& disposals;
  governance::GovernanceService& governance;
  identity::Identity const& identity;
  matrix::Rooms& rooms;
  db::Database& database;
  Runtime& runtime;
};

/// `weeding…`, `disposals…`, `holds…` (docs/api-records.md).
[[nodiscard]] std::vector<net::Route> disposal_routes(DisposalHttp services);
/// `weeding…` and `disposals…` and `holds…` apart, as the files lie.
[[nodiscard]] std::vector<net::Route> weeding_routes(DisposalHttp services);
[[nodiscard]] std::vector<net::Route> hold_routes(DisposalHttp services);

/// `{room_id, room_name}`; empty texts when the room is gone.
[[nodiscard]] Task<json::object> room_json(matrix::Rooms& rooms, RoomNid room);

}  // namespace torg::records
