#pragma once
#include "records/http/common.hpp"

namespace torg::records {

/// `records/day` and `records/days`
[[nodiscard]] std::vector<net::Route> day_routes(HttpServices services);

}  // namespace torg::records
