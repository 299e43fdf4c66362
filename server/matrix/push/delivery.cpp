#include "matrix/push/delivery.hpp"

#include "base/log.hpp"

#include <algorithm>

#include <boost/url/parse.hpp>

namespace torg::matrix {
namespace {

using namespace std::chrono_literals;

/// Of a gateway that is down the oldest notes are let go: the newest, and how much is unread, are what
/// counts.
constexpr std::size_t kMostWaiting = 50;
constexpr std::size_t kMostInALetter = 500;
constexpr std::chrono::milliseconds kFirstPause = 1s;
constexpr std::chrono::milliseconds kLongestPause = 1h;
/// A note that couldn't be told for so long is no news.
constexpr std::chrono::milliseconds kPatience = 24h;
constexpr std::chrono::milliseconds kTimeout = 20s;
constexpr std::uint64_t kLargestAnswer = 64 * 1024;

}  // namespace

/// Who is locked out is told nothing.
bool PushDelivery::owner_is_locked() const {
  return services_.rooms.identity().users().is_locked(pusher_.owner);
}

void PushDelivery::add(PushNote note) {
  if (stopped_ || owner_is_locked()) return;
  bool const only_count = note.event == nullptr;
  bool const letters = pusher_.kind == PusherKind::email;
  if (letters && (only_count || !pusher_.confirmed || waiting_.size() >= kMostInALetter)) return;
  if (only_count && !waiting_.empty()) return;  // what waits will tell it
  if (!letters && waiting_.size() >= kMostWaiting) waiting_.erase(waiting_.begin() + (running_ ? 1 : 0));
  waiting_.push_back(std::move(note));
  if (running_) return;
  running_ = true;
  services_.group.spawn("push", run(shared_from_this()));
}

void PushDelivery::change(Pusher pusher) {
  auto const done = pusher_.done;
  pusher_ = std::move(pusher);
  pusher_.done = done;
  failing_since_.reset();
  pause_ = {};
}

void PushDelivery::stop() {
  stopped_ = true;
  auto& runtime = services_.rooms.runtime();
  if (auto const resume = resume_.lock(); resume && *resume) runtime.post(std::exchange(*resume, nullptr));
  runtime.cancel(std::exchange(timer_, {}));
}

std::optional<EventNid> PushDelivery::waits_behind() const {
  for (auto const& note : waiting_) {
    if (note.event) return EventNid(note.event->nid.value - 1);
  }
  return std::nullopt;
}

Task<> PushDelivery::run(std::shared_ptr<PushDelivery> self) {
  while (!self->waiting_.empty() && !self->stopped_) {
    auto outcome = Outcome::over;
    if (self->pusher_.kind == PusherKind::email)
      outcome = co_await self->send_letter();
    else
      outcome = co_await self->send(self->waiting_.front());
    if (outcome == Outcome::over || self->stopped_) break;
    if (outcome == Outcome::again) {
      co_await self->pause(self->pause_);
    } else {
      self->waiting_.pop_front();
    }
  }
  self->running_ = false;
}

Task<PushDelivery::Outcome> PushDelivery::send(PushNote note) {
  if (owner_is_locked()) co_return Outcome::done;
  std::shared_ptr<Room> room;
  if (note.event) {
    if (co_await services_.badges.has_read(pusher_.owner, note.event)) co_return Outcome::done;
    auto loaded = co_await services_.rooms.load(note.event->room);
    if (!loaded) co_return Outcome::done;  // it is gone, and nothing to be told of
    room = std::move(*loaded);
  }
  auto const unread = co_await services_.badges.sum(pusher_.owner);
  if (!unread) co_return Outcome::done;
  if (!note.event && *unread == told_unread_) co_return Outcome::done;
  auto const body =
      gateway_body(pusher_, note, room.get(), *unread, services_.content, services_.rooms.identity());
  auto const url = boost::urls::parse_uri(optional_string(pusher_.data, "url").value_or(""));
  if (!url) co_return Outcome::done;
  auto const answer = co_await services_.client.send({.method = net::Method::post,
                                                      .url = *url,
                                                      .headers = {{"content-type", "application/json"}},
                                                      .body = json::serialize(body),
                                                      .max_answer_bytes = kLargestAnswer,
                                                      .timeout = kTimeout});
  auto const outcome = judge(answer);
  if (outcome == Outcome::done) told_unread_ = *unread;
  co_return outcome;
}

PushDelivery::Outcome PushDelivery::judge(Result<net::ClientAnswer> const& answer) {
  if (stopped_) return Outcome::over;
  if (answer && answer->status == 200) {
    failing_since_.reset();
    pause_ = {};
    if (!is_rejected(answer->body, pusher_.pushkey)) return Outcome::done;
    services_.rejected(pusher_.nid);
    return Outcome::over;
  }
  auto const now = services_.rooms.runtime().steady_now();
  if (!failing_since_) {
    failing_since_ = now;
    log(LogLevel::warning, "a push gateway fails",
        {{"pusher", pusher_.nid},
         {"status", static_cast<std::int64_t>(answer ? answer->status : 0)},
         {"why", answer ? std::string() : answer.error().message}});
  }
  // Beginning with the next note, so that a gateway that is back is found.
  if (now - *failing_since_ > kPatience && waiting_.size() > 1) waiting_.pop_front();
  pause_ = std::clamp(pause_ * 2, kFirstPause, kLongestPause);
  return Outcome::again;
}

Task<> PushDelivery::pause(std::chrono::milliseconds duration) {
  auto& runtime = services_.rooms.runtime();
  co_await asio::async_initiate<decltype(asio::use_awaitable), void()>(
      [this, &runtime, duration](auto handler) {
        auto const resume =
            std::make_shared<Runtime::Job>([h = std::move(handler)]() mutable { std::move(h)(); });
        resume_ = resume;
        timer_ = runtime.schedule(runtime.steady_now() + duration, [resume] {
          if (*resume) std::exchange(*resume, nullptr)();
        });
      },
      asio::use_awaitable);
}

}  // namespace torg::matrix
