#pragma once
#include "records/http/common.hpp"

namespace torg::records {

/// `records/search` and `searches…`
[[nodiscard]] std::vector<net::Route> search_routes(HttpServices services);

/// What a request for a search asks, with what this person may read: `invalid_param`, `not_found` for an
/// authority there isn't, `forbidden` for one without a role who names none.
[[nodiscard]] Result<StaffQuery> parse_staff_query(HttpServices const& services, UserNid user,
                                                   net::Request const& request);
/// A record that was found: whole, or what anyone may see of it (`masked`).
[[nodiscard]] json::object hit_json(StaffHit const& hit, RecordNames const& names);

}  // namespace torg::records
