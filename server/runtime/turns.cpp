#include "runtime/turns.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace torg {

Task<Result<Turns::Turn>> Turns::take() {
  if (free_ > 0) {
    --free_;
    co_return Turn(*this);
  }
  if (waiting_.size() >= most_waiting_)
    co_return fail(ErrorCode::unavailable, "Too much is waiting already. Try again later.");
  co_await asio::async_initiate<asio::use_awaitable_t<asio::any_io_executor> const, void()>(
      [this](auto handler) { waiting_.emplace_back([h = std::move(handler)]() mutable { std::move(h)(); }); },
      asio::use_awaitable);
  co_return Turn(*this);
}

void Turns::give_back() {
  if (waiting_.empty()) {
    ++free_;
    return;
  }
  // The turn goes over to the first, who was promised it.
  auto next = std::move(waiting_.front());
  waiting_.pop_front();
  runtime_.post(std::move(next));
}

}  // namespace torg
