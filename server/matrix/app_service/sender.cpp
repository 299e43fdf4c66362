#include "matrix/app_service/sender.hpp"

#include "base/log.hpp"
#include "matrix/sync/store.hpp"

#include <algorithm>

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace torg::matrix {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kShortestPause = 1s;
constexpr std::chrono::milliseconds kLongestPause = 5min;
/// Bridges answer when they have bridged everything.
constexpr std::chrono::milliseconds kTimeout = 60s;
/// A service that is told nothing for so many events has its place kept all the same: a start needn't look at
/// them again.
constexpr std::int64_t kKeepEvery = 10'000;

}  // namespace

Sender::Sender(Collector::Services services, Registration const& service, ServiceClient& client)
    : rooms_(services.rooms),
      runtime_(services.rooms.runtime()),
      service_(service),
      client_(client),
      collector_(services, service) {}

void Sender::stop() {
  stopping_ = true;
  wake_up();
}

void Sender::retry_now() {
  pause_ = {};
  wake_up();
}

void Sender::wake_up() {
  runtime_.cancel(timer_);
  timer_ = {};
  // Posted, so that all of a commit is published before it is looked at.
  if (auto job = std::exchange(wake_, nullptr)) runtime_.post(std::move(job));
}

Task<> Sender::wait(std::optional<std::chrono::milliseconds> longest) {
  if (stopping_) co_return;
  co_await asio::async_initiate<asio::use_awaitable_t<asio::any_io_executor> const, void()>(
      [this, longest](auto handler) {
        wake_ = [h = std::move(handler)]() mutable { std::move(h)(); };
        if (longest) timer_ = runtime_.schedule(runtime_.steady_now() + *longest, [this] { wake_up(); });
      },
      asio::use_awaitable);
}

/// After a failure: twice as long each time.
Task<> Sender::pause() {
  pause_ = std::clamp(pause_ * 2, kShortestPause, kLongestPause);
  auto const until = runtime_.steady_now() + pause_;
  pausing_ = true;
  while (!stopping_ && pause_ > 0ms && runtime_.steady_now() < until)
    co_await wait(until - runtime_.steady_now());
  pausing_ = false;
}

Task<Result<>> Sender::keep(std::vector<std::tuple<UserNid, std::string, Position>> delivered) {
  auto const done = co_await rooms_.database().write(
      [id = service_.id, cursor = cursor_, delivered](db::Transaction& transaction) -> Result<> {
        service_store::put_cursor(transaction, id, cursor);
        for (auto const& [user, device, position] : delivered)
          sync_store::drop_to_device(transaction, user, device, position);
        return {};
      });
  if (done) kept_ = cursor_.done.event;
  co_return done;
}

/// A service that was never here hears what happens from now on.
Task<bool> Sender::start() {
  auto const last = rooms_.stream().last();
  auto const stored = co_await rooms_.database().read([&](db::Reader& reader) {
    auto found = service_store::cursor(reader, service_.id);
    bool const is_new = !found;
    if (!found) found = service_store::Cursor{.done = {service_store::newest_event(reader), last}};
    return std::pair(*found, is_new);
  });
  if (!stored) co_return false;
  cursor_ = stored->first;
  if (stored->second && !co_await keep({})) co_return false;
  kept_ = cursor_.done.event;
  co_return (co_await collector_.ours().start_at(cursor_.done.event)).has_value();
}

Task<> Sender::run() {
  while (!stopping_ && !co_await start()) co_await pause();
  pause_ = {};
  while (!stopping_) {
    news_ = false;
    auto batch = co_await collector_.next(cursor_.done, cursor_.under_way);
    if (!batch) {
      log(LogLevel::warning, "an application service's news can't be read",
          {{"service", service_.id}, {"error", batch.error().detail}});
      co_await pause();
      continue;
    }
    bool const told = cursor_.under_way || !batch->body.empty();
    if (told && !co_await tell(std::move(*batch))) continue;
    if (!told) {
      cursor_.done = batch->to;
      if (cursor_.done.event.value - kept_.value >= kKeepEvery) (void)co_await keep({});  // again later
    }
    if (!told && !news_) co_await wait(std::nullopt);
  }
}

/// @return whether the service has it, and that is durable; else the server is stopping
Task<bool> Sender::tell(Batch batch) {
  if (!cursor_.under_way) {
    cursor_.under_way = batch.to;
    ++cursor_.transaction;
    while (!stopping_ && !co_await keep({})) co_await pause();
  }
  // Given out before, but nothing of it is left to tell: it was disposed of.
  if (!batch.body.empty() && !co_await deliver(std::move(batch.body))) co_return false;
  cursor_.done = *cursor_.under_way;
  cursor_.under_way.reset();
  while (!co_await keep(batch.delivered)) {
    if (stopping_) co_return false;
    co_await pause();
  }
  pause_ = {};
  co_return true;
}

Task<bool> Sender::deliver(std::string body) {
  auto const number = std::to_string(cursor_.transaction);
  while (!stopping_) {
    auto const answer = co_await client_.ask(service_, {.method = net::Method::put,
                                                        .path = "/_matrix/app/v1/transactions/" + number,
                                                        .legacy_path = "/transactions/" + number,
                                                        .body = body,
                                                        .timeout = kTimeout});
    if (answer && answer->status / 100 == 2) co_return true;
    // Said once for each time that it stays away.
    if (pause_ == 0ms) {
      log(LogLevel::warning, "an application service doesn't take its transaction",
          {{"service", service_.id},
           {"status", answer ? static_cast<std::int64_t>(answer->status) : 0},
           {"error", answer ? "" : answer.error().message}});
    }
    co_await pause();
  }
  co_return false;
}

}  // namespace torg::matrix
