#include "runtime/real_runtime.hpp"

#include "runtime/timer_queue.hpp"

#include <sys/random.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

namespace torg {
namespace {

/// How late a timer may fire: wake-ups within one such span share one system timer.
constexpr auto kGrain = std::chrono::milliseconds{20};

}  // namespace

struct RealRuntime::Impl {
  explicit Impl(unsigned threads) : alarm(context), pool(threads) {}

  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work = asio::make_work_guard(context);
  TimerQueue timers;
  asio::steady_timer alarm;
  SteadyTime armed_for = SteadyTime::max();
  asio::thread_pool pool;

  void arm(SteadyTime now) {
    if (timers.empty() || armed_for <= timers.next_due() + kGrain) return;
    armed_for = timers.next_due();
    alarm.expires_after(std::max(armed_for - now, std::chrono::milliseconds{1}));
    alarm.async_wait([this](boost::system::error_code error) {
      if (error) return;
      armed_for = SteadyTime::max();
      auto const fired = steady();
      while (auto job = timers.take_due(fired)) job();
      arm(fired);
    });
  }

  static SteadyTime steady() {
    return SteadyTime{std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now().time_since_epoch())};
  }
};

RealRuntime::RealRuntime(unsigned offload_threads) : impl_(std::make_unique<Impl>(offload_threads)) {}

RealRuntime::~RealRuntime() {
  impl_->pool.join();
  auto const dropped = impl_->timers.release();
}

asio::any_io_executor RealRuntime::executor() { return impl_->context.get_executor(); }

Instant RealRuntime::now() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

SteadyTime RealRuntime::steady_now() { return Impl::steady(); }

Runtime::TimerId RealRuntime::schedule(SteadyTime due, Job job) {
  auto const id = impl_->timers.add(due, std::move(job));
  impl_->arm(steady_now());
  return id;
}

void RealRuntime::cancel(TimerId timer) { impl_->timers.remove(timer); }

void RealRuntime::fill_random(std::span<unsigned char> out) {
  while (!out.empty()) {
    auto const got = ::getrandom(out.data(), out.size(), 0);
    if (got > 0) out = out.subspan(static_cast<std::size_t>(got));
  }
}

void RealRuntime::offload(Job work, Job done) {
  asio::post(impl_->pool, [this, work = std::move(work), done = std::move(done)]() mutable {
    work();
    asio::post(impl_->context, std::move(done));
  });
}

void RealRuntime::post(Job job) { asio::post(impl_->context, std::move(job)); }
void RealRuntime::run() {
  impl_->context.restart();
  impl_->context.run();
}
void RealRuntime::stop() { impl_->context.stop(); }
void RealRuntime::run_one() {
  if (impl_->context.stopped()) impl_->context.restart();
  impl_->context.run_one();
}
void RealRuntime::poll() { impl_->context.poll(); }

}  // namespace torg
