#pragma once
#include "db/database.hpp"

#include <span>
#include <string>
#include <vector>

// What disposal and weeding ask before they destroy anything: a request that is not answered, or was refused
// and can still be appealed, keeps what it concerns (R52).
namespace torg::records {

struct OpenRequest {
  AuthorityId authority;
  std::string number;  ///< `KS B 2026/17`
  RecordId record;     ///< 0: described in words, so it may concern anything the authority holds
};

namespace open_requests {

/// Those of one authority. A refusal keeps for `kAppealDays` after the answer.
inline constexpr int kAppealDays = 28;  // three weeks from service, and time for the post
[[nodiscard]] std::vector<OpenRequest> of(db::Reader& reader, AuthorityId authority, Instant now);
/// Whether one concerns this record, named or possibly meant.
[[nodiscard]] bool concerns(db::Reader& reader, AuthorityId authority, RecordId record, Instant now);

}  // namespace open_requests

[[nodiscard]] std::span<db::Migration const> requests_migrations();

}  // namespace torg::records
