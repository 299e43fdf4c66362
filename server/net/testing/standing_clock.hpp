#pragma once
#include "runtime/runtime.hpp"

namespace torg::net::testing {

/// A clock that stands still until it is set; nothing else of a runtime.
class StandingClock final : public Runtime {
 public:
  SteadyTime time{};
  asio::any_io_executor executor() override { return {}; }
  Instant now() override { return {}; }
  SteadyTime steady_now() override { return time; }
  TimerId schedule(SteadyTime, Job) override { return {}; }
  void cancel(TimerId) override {}
  void fill_random(std::span<unsigned char>) override {}
  void offload(Job, Job) override {}
  void post(Job) override {}
};

}  // namespace torg::net::testing
