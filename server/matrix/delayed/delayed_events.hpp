#pragma once
#include "matrix/room/service.hpp"
#include "runtime/task_group.hpp"

#include <set>

namespace torg::matrix {

/// An event that a client wants sent later, or what became of it.
struct DelayedEvent {
  std::string delay_id;
  UserNid sender;
  RoomNid room;
  std::string type;
  std::optional<std::string> state_key;
  std::string content;                           ///< JSON text of an object, as asked for
  std::int64_t delay_ms = 0;                     ///< after `scheduled_at`
  std::int64_t scheduled_at = 0;                 ///< or restarted; milliseconds since the epoch
  std::optional<std::int64_t> origin_server_ts;  ///< for an application service: when it says it was sent
  std::optional<std::int64_t> sticky_ms;         ///< see `Event::sticky_ms`
  std::int64_t device = 0;                       ///< device key, with `transaction_id`
  std::string transaction_id;                    ///< empty: none, as for state
  // What became of it.
  std::int64_t finalised_at = 0;  ///< 0: not sent yet
  std::string event_id;           ///< set: it was sent
  std::string error;              ///< set: this kept it from being sent; JSON text of an error answer

  [[nodiscard]] std::int64_t due() const { return scheduled_at + delay_ms; }
};

/// Events that are sent after a time unless their sender says otherwise until then: "I have left the call",
/// from a client that can't say so any more. All that wait are in memory but for their content; all are
/// durable. An event and the note that it was sent are one write, so that a crash neither loses it nor sends
/// it twice. On the executor.
/// @see https://github.com/matrix-org/matrix-spec-proposals/pull/4140
class DelayedEvents {
 public:
  struct Limits {
    std::int64_t longest_ms = 0;
    std::size_t per_user = 0;  ///< that wait at once; 0: nobody may
  };
  DelayedEvents(RoomService& rooms, Limits limits);
  DelayedEvents(DelayedEvents const&) = delete;
  DelayedEvents& operator=(DelayedEvents const&) = delete;

  /// How an event is sent: with the checks that a client's request meets. At set-up.
  using Send = std::function<Task<Result<EventId>>(SendEvent)>;
  void send_by(Send send) { send_ = std::move(send); }
  /// Reads what waits. Once, after the rooms.
  void start();
  /// Nothing is sent any more; waits for what is on its way.
  [[nodiscard]] Task<> stop();

  /// The id of the delayed event that this device asked for by this transaction id; none when it didn't.
  [[nodiscard]] Task<Result<std::optional<std::string>>> known(std::int64_t device,
                                                               std::string transaction_id);
  /// @return its id. `forbidden` when it shall wait longer than anything may, `limit_exceeded` when its
  /// sender has too many that wait (`next_due` says until when)
  [[nodiscard]] Task<Result<std::string>> schedule(DelayedEvent event);
  /// How long until the first of the user's events is sent; zero without any.
  [[nodiscard]] std::chrono::milliseconds next_due(UserNid user);

  enum class Action : std::uint8_t { send, cancel, restart };
  /// `not_found` for an id that isn't there, or is not `by`'s; `finalised` when something else has become of
  /// it; for `send` what keeps the event from being sent: it waits on. Without `by`, whoever knows the id
  /// may.
  [[nodiscard]] Task<Result<>> act(std::string delay_id, Action action, std::optional<UserNid> by);

  enum class Which : std::uint8_t { scheduled, finalised };
  /// In the order in which they are or were due.
  [[nodiscard]] Task<Result<std::vector<DelayedEvent>>> of(UserNid user, Which which);
  [[nodiscard]] Task<Result<DelayedEvent>> one(UserNid user, std::string delay_id);
  /// For accounts that end: nothing of theirs is sent or kept.
  [[nodiscard]] Task<> forget_user(UserNid user);

  [[nodiscard]] Limits const& limits() const { return limits_; }

 private:
  struct Waiting {
    UserNid sender;
    std::int64_t due = 0;
    std::int64_t delay_ms = 0;
    bool busy = false;  ///< somebody sends or changes it just now
  };
  class Busy;
  enum class Failure : std::uint8_t { waits_on, ends_it };

  void put(std::string const& delay_id, Waiting waiting);
  void take_out(std::string const& delay_id);
  void arm();
  Task<> send_due();
  Task<Result<>> send(std::string delay_id, Failure failure);
  Task<Result<EventId>> send_unless_locked(SendEvent event);
  Task<Result<>> cancel(std::string delay_id);
  Task<Result<>> restart(std::string delay_id);
  Task<Result<>> already(std::string delay_id, Action action, std::optional<UserNid> by);
  [[nodiscard]] std::string new_id();

  RoomService& rooms_;
  Runtime& runtime_;
  Limits limits_;
  Send send_;
  std::map<std::string, Waiting, std::less<>> waiting_;
  std::set<std::pair<std::int64_t, std::string>> by_due_;
  std::map<UserNid, std::size_t> counts_;
  Runtime::TimerId timer_;
  bool sending_ = false;
  bool stopping_ = false;
  TaskGroup tasks_;
};

[[nodiscard]] std::span<db::Migration const> delayed_migrations();

}  // namespace torg::matrix
