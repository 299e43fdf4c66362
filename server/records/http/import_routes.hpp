#pragma once
#include "records/http/common.hpp"
#include "records/import/importer.hpp"
#include "records/rendition/renderer.hpp"

namespace torg::records {

/// `imports`, `tables`
[[nodiscard]] std::vector<net::Route> import_routes(RegisterHttp services, Importer& importer,
                                                    Renderer& renderer);

}  // namespace torg::records
