// Part of runtime.hpp.
#include <exception>
#include <optional>

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace torg {

template <class F>
auto run_offloaded(Runtime& runtime, F work) -> Task<std::invoke_result_t<F>> {
  using T = std::invoke_result_t<F>;
  struct Shared {
    F work;
    std::optional<T> value;
    std::exception_ptr failure;
  };
  auto shared = std::make_shared<Shared>(Shared{std::move(work), std::nullopt, nullptr});
  co_await asio::async_initiate<decltype(asio::use_awaitable), void()>(
      [&runtime, shared](auto handler) {
        runtime.offload(
            [shared] {
              try {
                shared->value.emplace(shared->work());
              } catch (...) {
                shared->failure = std::current_exception();
              }
            },
            [h = std::move(handler)]() mutable { std::move(h)(); });
      },
      asio::use_awaitable);
  if (shared->failure) std::rethrow_exception(shared->failure);
  co_return std::move(*shared->value);
}

}  // namespace torg
