#pragma once
#include "records/assessment/http.hpp"

#include <memory>

namespace torg::records {

/// `GET queue`: a page of what waits at the desks of a registrar.
[[nodiscard]] net::Route queue_route(std::shared_ptr<AssessmentHttp const> services);
/// `POST queue/assess`: many items, one decision (docs/api-records.md).
[[nodiscard]] net::Route bulk_route(std::shared_ptr<AssessmentHttp const> services);

}  // namespace torg::records
