#pragma once
#include "runtime/real_runtime.hpp"

#include <exception>
#include <optional>
#include <utility>

#include <boost/asio/co_spawn.hpp>

namespace torg {

/// For tests: runs the loop until `task` has ended and gives back its value, or throws what it threw. Other
/// work on the runtime goes on meanwhile. May be called again and again.
template <class T>
T run(RealRuntime& runtime, Task<T> task) {
  std::optional<T> value;
  std::exception_ptr failure;
  auto const store = [](Task<T> inner, std::optional<T>& out) -> Task<> {
    out.emplace(co_await std::move(inner));
  };
  asio::co_spawn(runtime.executor(), store(std::move(task), value), [&](std::exception_ptr thrown) {
    failure = std::move(thrown);
    runtime.stop();
  });
  runtime.run();
  if (failure) std::rethrow_exception(failure);
  return std::move(*value);
}

inline void run(RealRuntime& runtime, Task<> task) {
  auto const wrap = [](Task<> inner) -> Task<bool> {
    co_await std::move(inner);
    co_return true;
  };
  run<bool>(runtime, wrap(std::move(task)));
}

}  // namespace torg
