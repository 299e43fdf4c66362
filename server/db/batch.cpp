// The commit lane's transactions.
//
// All writes of a batch run in one transaction. When one fails – its work returned an error, a rule of the
// schema refused a row, its SQL is broken – the transaction is rolled back, the writes before it run again
// and are committed, it runs alone, and the rest goes on as a batch. So each write runs at most three times,
// however many fail. When the commit itself fails for lack of space, each write tries alone: a large one must
// not take the small ones with it.
#include "db/batch.hpp"

namespace torg::db {
namespace {

/// One write inside the transaction that is open on `connection`.
class LaneTransaction final : public Transaction {
 public:
  LaneTransaction(Connection& connection, Position& position, std::vector<Runtime::Job>& jobs)
      : connection_(connection), position_(position), jobs_(jobs) {}

  Position next_position() override { return Position(++position_.value); }
  void on_commit(Runtime::Job job) override { jobs_.push_back(std::move(job)); }

  /// A statement that failed spoils the write even when the work went on: PostgreSQL would not let it.
  void throw_if_spoilt() const {
    if (spoilt_) std::rethrow_exception(spoilt_);
  }

 protected:
  std::int64_t run(Statement const& statement, std::span<Value const> values, OnRow const& on_row) override {
    throw_if_spoilt();
    try {
      return connection_.run(statement, values, on_row);
    } catch (Failure const&) {
      spoilt_ = std::current_exception();
      throw;
    }
  }

 private:
  Connection& connection_;
  Position& position_;
  std::vector<Runtime::Job>& jobs_;
  std::exception_ptr spoilt_;
};

enum class Ran : std::uint8_t { well, badly };

/// Forgets what an attempt left that was rolled back.
void reset(BatchedWrite& write) {
  write.on_commit.clear();
  write.position = {};
  write.failure.reset();
}

void set_failure(BatchedWrite& write, Failure const& failure) {
  reset(write);
  write.failure = to_error(failure);
}

/// Runs one write in the open transaction.
Ran run_one(Connection& connection, BatchedWrite& write, Position& position) {
  reset(write);
  LaneTransaction transaction(connection, position, write.on_commit);
  try {
    auto const kept = write.write->run(transaction);
    transaction.throw_if_spoilt();
    if (!kept) return Ran::badly;
    write.position = position;
    return Ran::well;
  } catch (Unreachable const&) {
    throw;
  } catch (Failure const& failure) {
    set_failure(write, failure);
  } catch (std::exception const& e) {
    set_failure(write, Failure(ErrorCode::internal, e.what()));
  }
  return Ran::badly;
}

/// @return how many ran well before the first that did not; all of them: they are durable. Otherwise nothing
/// is.
std::size_t run_together(Connection& connection, std::span<BatchedWrite> writes) {
  auto position = connection.begin_write();
  for (std::size_t i = 0; i < writes.size(); ++i) {
    if (run_one(connection, writes[i], position) == Ran::well) continue;
    connection.rollback();
    for (auto& write : writes.first(i)) reset(write);
    writes[i].on_commit.clear();
    return i;
  }
  connection.commit_write(position);
  return writes.size();
}

void run_singly(Connection& connection, BatchedWrite& write) {
  try {
    run_together(connection, {&write, 1});
  } catch (Failure const& failure) {
    connection.rollback();
    set_failure(write, failure);
  }
}

/// Same as `run_together`, with failures of the transaction itself settled.
std::size_t run_group(Connection& connection, std::span<BatchedWrite> writes) {
  try {
    return run_together(connection, writes);
  } catch (Unreachable const& failure) {
    connection.rollback();
    for (auto& write : writes) set_failure(write, failure);
  } catch (Failure const&) {
    connection.rollback();
    for (auto& write : writes) run_singly(connection, write);
  }
  return writes.size();
}

}  // namespace

void run_batch(Connection& connection, std::span<BatchedWrite> writes) {
  while (!writes.empty()) {
    auto const good = run_group(connection, writes);
    if (good == writes.size()) return;
    if (good > 0) {
      auto const before = writes.first(good);
      if (run_group(connection, before) != good)
        for (auto& write : before) run_singly(connection, write);
      run_singly(connection, writes[good]);
    }
    writes = writes.subspan(good + 1);
  }
}

void run_alone(Connection& connection, std::function<void(Transaction&)> const& work, BatchedWrite& outcome) {
  try {
    auto position = connection.begin_write();
    LaneTransaction transaction(connection, position, outcome.on_commit);
    work(transaction);
    transaction.throw_if_spoilt();
    connection.commit_write(position);
    outcome.position = position;
  } catch (...) {
    connection.rollback();
    throw;
  }
}

}  // namespace torg::db
