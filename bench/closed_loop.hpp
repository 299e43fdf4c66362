#pragma once
#include "measure.hpp"
#include "scenarios.hpp"

#include <string>
#include <vector>

namespace bench {

/// What one measurement found; printed as a line of JSON.
struct Finding {
  std::string name;
  Meter server;
  Meter load;
  std::vector<double> latencies_ms;

  Finding(std::string called, pid_t process);
  void print(std::size_t count);
};

/// Makes the request that a connection sends next.
using NextRequest = std::function<std::string(std::size_t slot)>;

/// Keeps every connection busy with `next`, for `most` requests or, when that is `SIZE_MAX`, for the target's
/// time; then prints the finding.
void closed_loop(Target const& target, Finding& finding, std::size_t connections, std::size_t most,
                 NextRequest const& next);

/// @throws std::runtime_error for any status but 200
void expect_ok(Reply const& reply);
[[nodiscard]] std::int64_t now_us();
/// Unique over all runs against one data directory.
[[nodiscard]] std::string txn_prefix();

}  // namespace bench
