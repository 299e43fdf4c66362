#pragma once
#include "db/connection.hpp"

#include <vector>

namespace torg::db {

/// One write and how it ended. Nothing here is touched by two threads at a time.
struct BatchedWrite {
  std::unique_ptr<Database::Pending> write;
  std::vector<Runtime::Job> on_commit = {};
  Position position = {};             ///< the stream's last position after this write
  std::optional<Error> failure = {};  ///< set when the database failed; a work's own `Error` stays in `write`
};

/// Runs the writes in order, as few transactions as possible: one, when none fails. A write that fails is
/// rolled back alone; those before and after it are committed without it. A lost connection fails all that
/// were under way.
void run_batch(Connection& connection, std::span<BatchedWrite> writes);

/// Runs `work` in a transaction of its own. Throws what `work` throws, and `Failure`, after rolling back.
void run_alone(Connection& connection, std::function<void(Transaction&)> const& work, BatchedWrite& outcome);

}  // namespace torg::db
