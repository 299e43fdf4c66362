#include "db/lane.hpp"

#include "base/log.hpp"

#include <condition_variable>
#include <mutex>

namespace torg::db {
namespace {

constexpr std::size_t kMaxWaiting = 16'384;
constexpr std::size_t kMaxBatch = 1'024;  ///< bounds what one commit may delay and how far the log grows

using Batch = std::vector<BatchedWrite>;

void run_job(Runtime::Job& job) {
  try {
    job();
  } catch (std::exception const& e) {
    log(LogLevel::error, "a job after a commit failed", {{"why", e.what()}});
  }
}

}  // namespace

struct Lane::Core : std::enable_shared_from_this<Lane::Core> {
  Core(Runtime& r, std::unique_ptr<Connection> c) : runtime(r), connection(std::move(c)) {}

  Runtime& runtime;
  std::mutex connection_mutex;
  std::unique_ptr<Connection> connection;

  std::mutex mutex;
  std::condition_variable wake;
  std::vector<std::unique_ptr<Database::Pending>> waiting;
  bool closed = false;

  // On the executor only.
  Position last;
  bool offloaded = false;

  Batch take() {
    Batch batch;
    auto const count = std::min(waiting.size(), kMaxBatch);
    batch.reserve(count);
    auto const end = waiting.begin() + static_cast<std::ptrdiff_t>(count);
    for (auto it = waiting.begin(); it != end; ++it) batch.push_back({std::move(*it)});
    waiting.erase(waiting.begin(), end);
    return batch;
  }

  void commit(Batch& batch) {
    std::lock_guard const lock(connection_mutex);
    run_batch(*connection, batch);
  }

  bool is_closed() {
    std::lock_guard const lock(mutex);
    return closed;
  }

  void settle(BatchedWrite& write) {
    last = std::max(last, write.position);
    for (auto& job : write.on_commit) run_job(job);
    write.on_commit.clear();
  }

  void complete(Batch& batch) {
    for (auto& write : batch) {
      if (is_closed()) return;
      settle(write);
      write.write->complete(std::move(write.failure));
    }
  }

  void run_thread() {
    for (;;) {
      std::unique_lock lock(mutex);
      wake.wait(lock, [this] { return closed || !waiting.empty(); });
      if (closed) return;
      auto batch = take();
      lock.unlock();
      commit(batch);
      runtime.post([self = shared_from_this(), done = std::move(batch)]() mutable { self->complete(done); });
    }
  }

  void offload_batch() {
    offloaded = true;
    auto batch = std::make_shared<Batch>();
    runtime.offload(
        [self = shared_from_this(), batch] {
          {
            std::lock_guard const lock(self->mutex);
            if (self->closed) return;
            *batch = self->take();
          }
          self->commit(*batch);
        },
        [self = shared_from_this(), batch] {
          self->offloaded = false;
          auto done = std::move(*batch);  // whoever is not resumed dies here, not on the pool's thread
          self->complete(done);
          if (!self->offloaded && !self->is_closed() && !self->waiting.empty()) self->offload_batch();
        });
  }

  void refuse(std::unique_ptr<Database::Pending> write) {
    runtime.post([self = shared_from_this(), w = std::move(write)] {
      if (self->is_closed()) return;
      w->complete(Error{ErrorCode::unavailable, "The server has too much to do right now. Try again later.",
                        "the commit lane is full"});
    });
  }
};

Lane::Lane(Runtime& runtime, std::unique_ptr<Connection> connection, LaneThread thread)
    : core_(std::make_shared<Core>(runtime, std::move(connection))) {
  if (thread == LaneThread::own) thread_ = std::thread([core = core_.get()] { core->run_thread(); });
}

Lane::~Lane() {
  std::vector<std::unique_ptr<Database::Pending>> dropped;
  {
    std::lock_guard const lock(core_->mutex);
    core_->closed = true;
    dropped.swap(core_->waiting);
  }
  core_->wake.notify_one();
  if (thread_.joinable()) thread_.join();
  std::lock_guard const lock(core_->connection_mutex);
  core_->connection.reset();
}

void Lane::submit(std::unique_ptr<Database::Pending> write) {
  {
    std::lock_guard const lock(core_->mutex);
    if (core_->waiting.size() < kMaxWaiting) core_->waiting.push_back(std::move(write));
  }
  if (write) return core_->refuse(std::move(write));
  if (thread_.joinable())
    core_->wake.notify_one();
  else if (!core_->offloaded)
    core_->offload_batch();
}

Position Lane::last_position() const { return core_->last; }

void Lane::exclusively(std::function<void(Connection&)> const& work) {
  std::lock_guard const lock(core_->connection_mutex);
  work(*core_->connection);
}

void Lane::write_now(std::function<void(Transaction&)> const& work) {
  BatchedWrite outcome{nullptr};
  exclusively([&](Connection& connection) { run_alone(connection, work, outcome); });
  core_->settle(outcome);
}

void Lane::load_position() {
  exclusively([this](Connection& connection) {
    core_->last = connection.begin_write();
    connection.rollback();
  });
}

}  // namespace torg::db
