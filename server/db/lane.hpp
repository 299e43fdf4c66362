#pragma once
#include "db/batch.hpp"

#include <thread>

namespace torg::db {

/// Gathers writes, commits what has gathered in one transaction, and hands each batch back to the executor as
/// one job that, write by write in order of submission, runs its `on_commit` jobs and completes it. A lone
/// writer commits at once. Created, used and destroyed on the executor, but for `exclusively`.
class Lane {
 public:
  /// `connection` belongs to the lane; its schema has the lane's row.
  Lane(Runtime& runtime, std::unique_ptr<Connection> connection, LaneThread thread);
  /// Waits for the batch under way; what is not completed is dropped without an answer.
  ~Lane();
  Lane(Lane const&) = delete;
  Lane& operator=(Lane const&) = delete;

  /// Answers `unavailable` when 16,384 writes wait already.
  void submit(std::unique_ptr<Database::Pending> write);
  [[nodiscard]] Position last_position() const;

  /// Runs `work` at once on the calling thread, between batches. Any thread may call it.
  void exclusively(std::function<void(Connection&)> const& work);
  /// `Database::write_now`. On the executor.
  void write_now(std::function<void(Transaction&)> const& work);
  /// Reads the stream's last position from the database; called once, before the first write.
  void load_position();

 private:
  struct Core;
  std::shared_ptr<Core> core_;
  std::thread thread_;
};

}  // namespace torg::db
