#pragma once
#include "records/http/common.hpp"

namespace torg::records {

/// `authorities/{code}/series`
[[nodiscard]] std::vector<net::Route> series_routes(HttpServices services);

}  // namespace torg::records
