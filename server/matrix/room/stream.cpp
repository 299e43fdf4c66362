#include "matrix/room/stream.hpp"

#include <algorithm>

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace torg::matrix {
namespace {

/// About 2 MiB; a token older than this is answered from the store.
constexpr std::size_t kEntriesInMemory = 32'768;

}  // namespace

void Stream::append(StreamEntry entry) {
  last_ = entry.position;
  if (on_news_) on_news_();
  entries_.push_back(std::move(entry));
  if (entries_.size() > kEntriesInMemory) {
    start_ = entries_.front().position;
    entries_.pop_front();
  }
}

Task<> Stream::wait(UserNid user, SteadyTime deadline) {
  // The waiter owns the suspended coroutine, which must not own the waiter too: neither would ever end.
  co_await asio::async_initiate<asio::use_awaitable_t<asio::any_io_executor> const, void()>(
      [this, user, deadline](auto handler) {
        auto waiter = std::make_shared<Waiter>();
        waiter->resume = [h = std::move(handler)]() mutable { std::move(h)(); };
        waiter->timer = runtime_.schedule(deadline, [this, user] { wake(user); });
        waiting_[user].push_back(std::move(waiter));
      },
      asio::use_awaitable);
}

Task<> Stream::wait_at(RoomNid room, UserNid user, SteadyTime deadline) {
  auto const place = at_rooms_.emplace(room, user);
  co_await wait(user, deadline);
  at_rooms_.erase(place);
}

void Stream::release(Waiter& waiter) {
  runtime_.cancel(waiter.timer);
  // Posted, so that all of a batch is published before the first reader looks.
  runtime_.post(std::move(waiter.resume));
}

void Stream::wake(UserNid user) {
  auto node = waiting_.extract(user);
  if (node.empty()) return;
  for (auto const& waiter : node.mapped()) release(*waiter);
}

void Stream::wake_members(Room const& room) {
  auto const [first, last] = at_rooms_.equal_range(room.nid());
  for (auto visitor = first; visitor != last; ++visitor) wake(visitor->second);
  if (room.joined_count() < waiting_.size()) {
    for (auto const member : room.joined_members()) wake(member);
    return;
  }
  std::vector<UserNid> concerned;
  for (auto const& [user, waiters] : waiting_) {
    if (room.is_joined(user)) concerned.push_back(user);
  }
  std::ranges::sort(concerned);
  for (auto const user : concerned) wake(user);
}

void Stream::wake_all() {
  std::vector<UserNid> everyone;
  for (auto const& [user, waiters] : waiting_) everyone.push_back(user);
  std::ranges::sort(everyone);
  for (auto const user : everyone) wake(user);
}

}  // namespace torg::matrix
