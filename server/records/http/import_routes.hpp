#pragma once
#include "records/http/common.hpp"
#include "records/import/importer.hpp"

namespace torg::records {

/// `imports`
[[nodiscard]] std::vector<net::Route> import_routes(RegisterHttp services, Importer& importer);

}  // namespace torg::records
