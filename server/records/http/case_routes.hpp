#pragma once
#include "records/http/common.hpp"

namespace torg::records {

/// `cases…`
[[nodiscard]] std::vector<net::Route> case_routes(HttpServices services);
/// `cases/{id}/review`
[[nodiscard]] std::vector<net::Route> review_routes(HttpServices services);

/// What a review says of each event id; `invalid_param`, `not_found`.
[[nodiscard]] Task<Result<ReviewVerdicts>> review_verdicts(HttpServices services, json::object review);

}  // namespace torg::records
