#pragma once
#include "net/http.hpp"
#include "records/assessment/line.hpp"

namespace torg::records {

/// What the routes of assessment use; all outlive the router.
struct AssessmentHttp {
  AssessmentService& assessment;
  governance::GovernanceService& governance;
  identity::Identity const& identity;
  matrix::Rooms& rooms;
  Runtime& runtime;
  DraftsOfLines drafts_of_lines;  ///< may be empty: then lines have no draft
  /// Lines that come from elsewhere, as requests for records and closing reviews; may be empty.
  std::function<Task<Result<json::array>>(std::vector<AuthorityId>)> other_lines;
};

/// `rooms/{roomId}/items…`, `rooms/{roomId}/overview`, `queue` (docs/api-records.md).
[[nodiscard]] std::vector<net::Route> assessment_routes(AssessmentHttp services);

/// An error as `net::error_response` writes it, with `why` in both languages when a rule refused.
[[nodiscard]] net::Response refusal_answer(RuleRefusal const& refusal);

}  // namespace torg::records
