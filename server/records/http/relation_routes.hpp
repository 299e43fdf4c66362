#pragma once
#include "records/http/common.hpp"

namespace torg::records {

/// `relations…`
[[nodiscard]] std::vector<net::Route> relation_routes(HttpServices services);

}  // namespace torg::records
