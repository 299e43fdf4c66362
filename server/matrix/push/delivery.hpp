#pragma once
#include "matrix/push/badges.hpp"
#include "matrix/push/gateway.hpp"
#include "matrix/push/letters.hpp"
#include "net/client.hpp"
#include "runtime/task_group.hpp"

#include <deque>

namespace torg::matrix {

/// What deliveries work with. All of it outlives them.
struct DeliveryServices {
  RoomService& rooms;
  Badges& badges;
  net::HttpClient& client;
  Letters& letters;
  PushContent content;
  TaskGroup& group;
  /// The gateway knows the pushkey no longer.
  std::function<void(std::int64_t pusher)> rejected;
};

/// Sends one pusher's notes to its gateway, in order, one at a time; tries again later and later while the
/// gateway fails.
class PushDelivery : public std::enable_shared_from_this<PushDelivery> {
 public:
  PushDelivery(DeliveryServices& services, Pusher pusher) : services_(services), pusher_(std::move(pusher)) {}

  void add(PushNote note);
  /// The same pusher with other words.
  void change(Pusher pusher);
  void confirm() { pusher_.confirmed = true; }
  /// Nothing more is sent; what waits is let go.
  void stop();

  [[nodiscard]] Pusher const& pusher() const { return pusher_; }
  /// Events up to this one need no note any more; none when nothing waits.
  [[nodiscard]] std::optional<EventNid> waits_behind() const;

 private:
  enum class Outcome : std::uint8_t { done, again, over };
  static Task<> run(std::shared_ptr<PushDelivery> self);
  [[nodiscard]] bool owner_is_locked() const;
  Task<Outcome> send(PushNote note);
  // letter.cpp
  Task<Outcome> send_letter();
  Task<std::vector<Letters::InRoom>> unread_rooms(std::vector<EventPtr> events);
  [[nodiscard]] Outcome judge(Result<net::ClientAnswer> const& answer);
  Task<> pause(std::chrono::milliseconds duration);

  DeliveryServices& services_;
  Pusher pusher_;
  std::deque<PushNote> waiting_;
  std::weak_ptr<Runtime::Job> resume_;  ///< the timer owns it, or the coroutine would own itself
  Runtime::TimerId timer_;
  std::optional<SteadyTime> failing_since_;
  std::chrono::milliseconds pause_{0};
  std::int64_t told_unread_ = -1;  ///< -1: not known
  SteadyTime next_letter_{};
  bool running_ = false;
  bool stopped_ = false;
};

}  // namespace torg::matrix
