#pragma once
#include "runtime/runtime.hpp"

#include <memory>

namespace torg {

/// The real world: one thread runs all server state, `offload_threads` others do blocking work.
class RealRuntime final : public Runtime {
 public:
  explicit RealRuntime(unsigned offload_threads);
  ~RealRuntime() override;

  asio::any_io_executor executor() override;
  Instant now() override;
  SteadyTime steady_now() override;
  TimerId schedule(SteadyTime due, Job job) override;
  void cancel(TimerId timer) override;
  void fill_random(std::span<unsigned char> out) override;
  void offload(Job work, Job done) override;
  void post(Job job) override;

  /// Runs until `stop`; the calling thread becomes the server's thread. May be run again after a stop; a
  /// `stop` from before `run` has no effect, so post it.
  void run();
  void stop();
  /// Waits for one job and runs it.
  void run_one();
  /// Runs what is ready and returns; for tests that step the loop themselves.
  void poll();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace torg
