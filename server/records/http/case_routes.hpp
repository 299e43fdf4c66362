#pragma once
#include "records/http/common.hpp"

namespace torg::records {

/// `cases…`, part of `register_routes`.
[[nodiscard]] std::vector<net::Route> case_routes(HttpServices services);

}  // namespace torg::records
