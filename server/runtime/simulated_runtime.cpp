#include "runtime/simulated_runtime.hpp"

#include <algorithm>

#include <boost/asio/execution.hpp>

namespace torg {
namespace {

/// A Monday morning in Sweden; simulated days start there.
constexpr Instant kEpoch{std::chrono::milliseconds{1'794'816'000'000}};
constexpr std::uint64_t kSlowestOffload = 5;  ///< milliseconds

}  // namespace

/// What Asio needs of an executor: a job put in a list.
class SimulatedRuntime::Executor {
 public:
  explicit Executor(SimulatedRuntime& runtime) : runtime_(&runtime) {}

  [[nodiscard]] asio::execution_context& query(asio::execution::context_t) const noexcept {
    return runtime_->context_;
  }
  static constexpr asio::execution::blocking_t query(asio::execution::blocking_t) noexcept {
    return asio::execution::blocking.never;
  }
  template <class F>
  void execute(F job) const {
    runtime_->post(Job(std::move(job)));
  }
  friend bool operator==(Executor const&, Executor const&) noexcept = default;

 private:
  SimulatedRuntime* runtime_;
};

void SimulatedSchedule::note(std::uint64_t value) {
  constexpr std::uint64_t kFnvPrime = 1'099'511'628'211u;
  trace_ = (trace_ ^ value) * kFnvPrime;
}

bool SimulatedSchedule::take_due_timers() {
  auto next = SteadyTime::max();
  for (auto* computer : computers_) {
    if (!computer->timers_.empty()) next = std::min(next, computer->timers_.next_due());
  }
  if (next == SteadyTime::max()) return false;
  now_ = std::max(now_, next);
  for (auto* computer : computers_) {
    while (auto job = computer->timers_.take_due(now_)) computer->ready_.push_back(std::move(job));
  }
  return true;
}

bool SimulatedSchedule::step() {
  std::size_t ready = 0;
  auto const count = [&] {
    ready = 0;
    for (auto const* computer : computers_) ready += computer->ready_.size();
  };
  count();
  if (ready == 0) {
    if (!take_due_timers()) return false;
    count();
  }
  auto chosen = draw() % ready;
  for (auto* computer : computers_) {
    auto& jobs = computer->ready_;
    if (chosen >= jobs.size()) {
      chosen -= jobs.size();
      continue;
    }
    auto job = std::move(jobs[chosen]);
    jobs.erase(jobs.begin() + static_cast<std::ptrdiff_t>(chosen));
    ++steps_;
    note(static_cast<std::uint64_t>(now_.time_since_epoch().count()));
    note(computer->number_);
    note(ready);
    job();
    break;
  }
  return true;
}

SimulatedRuntime::SimulatedRuntime(SimulatedSchedule& schedule, unsigned number)
    : schedule_(schedule), number_(number), random_(schedule.draw()) {
  schedule_.computers_.push_back(this);
}

SimulatedRuntime::~SimulatedRuntime() {
  drop();
  std::erase(schedule_.computers_, this);
}

asio::any_io_executor SimulatedRuntime::executor() { return Executor(*this); }

Instant SimulatedRuntime::now() { return kEpoch + schedule_.now().time_since_epoch(); }

void SimulatedRuntime::fill_random(std::span<unsigned char> out) {
  for (auto& byte : out) byte = static_cast<unsigned char>(random_());
}

void SimulatedRuntime::offload(Job work, Job done) {
  auto const delay = std::chrono::milliseconds{schedule_.draw_up_to(kSlowestOffload)};
  schedule(schedule_.now() + delay, [this, work = std::move(work), done = std::move(done)]() mutable {
    work();
    post(std::move(done));
  });
}

void SimulatedRuntime::drop() {
  // Destroying a suspended coroutine posts the end of its frame: in rounds, and never inside the container.
  while (!ready_.empty() || !timers_.empty()) {
    auto const jobs = std::exchange(ready_, {});
    auto const timers = timers_.release();
  }
}

}  // namespace torg
