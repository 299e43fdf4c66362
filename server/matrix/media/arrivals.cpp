#include "matrix/media/arrivals.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace torg::matrix {

Task<> Arrivals::wait(std::string media_id, SteadyTime deadline) {
  co_await asio::async_initiate<asio::use_awaitable_t<asio::any_io_executor> const, void()>(
      [this, &media_id, deadline](auto handler) {
        Waiter waiter;
        waiter.resume = [h = std::move(handler)]() mutable { std::move(h)(); };
        waiter.timer = runtime_.schedule(deadline, [this, media_id] { wake(media_id); });
        waiting_[media_id].push_back(std::move(waiter));
      },
      asio::use_awaitable);
}

void Arrivals::wake(std::string const& media_id) {
  auto node = waiting_.extract(media_id);
  if (node.empty()) return;
  for (auto& waiter : node.mapped()) {
    runtime_.cancel(waiter.timer);
    runtime_.post(std::move(waiter.resume));
  }
}

void Arrivals::wake_all() {
  while (!waiting_.empty()) wake(std::string(waiting_.begin()->first));
}

}  // namespace torg::matrix
