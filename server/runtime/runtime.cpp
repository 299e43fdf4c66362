#include "runtime/runtime.hpp"

namespace torg {

Task<> sleep_for(Runtime& runtime, std::chrono::milliseconds duration) {
  co_await asio::async_initiate<decltype(asio::use_awaitable), void()>(
      [&runtime, duration](auto handler) {
        runtime.schedule(runtime.steady_now() + duration,
                         [h = std::move(handler)]() mutable { std::move(h)(); });
      },
      asio::use_awaitable);
}

}  // namespace torg
