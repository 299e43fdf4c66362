#include "matrix/delayed/delayed_events.hpp"

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "matrix/delayed/store.hpp"
#include "net/http.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

/// What became of events is told for a week, of the newest thousand of a user, as the proposal recommends.
constexpr std::int64_t kKeptMs = 7 * 24 * 3'600'000LL;
constexpr std::size_t kKeptOfUser = 1'000;
/// Wall clocks jump: a timer looks again after this long at the latest.
constexpr std::int64_t kLongestSleepMs = 60'000;
/// What the database refused is tried again after this.
constexpr std::int64_t kAgainMs = 1'000;

std::unexpected<Error> unknown() { return fail(ErrorCode::not_found, "There is no such delayed event."); }

std::string error_text(Error const& error) {
  return json::serialize(json::object{{"errcode", net::errcode(error.code)}, {"error", error.message}});
}

/// What may be over in a moment: the event keeps its place.
bool is_passing(ErrorCode code) {
  return code == ErrorCode::unavailable || code == ErrorCode::storage_full || code == ErrorCode::internal ||
         code == ErrorCode::conflict;
}

}  // namespace

/// Keeps others away from an event while it is sent or changed.
class DelayedEvents::Busy {
 public:
  Busy(DelayedEvents& owner, std::string delay_id) : owner_(owner), delay_id_(std::move(delay_id)) {
    owner_.waiting_.at(delay_id_).busy = true;
  }
  ~Busy() {
    if (auto const found = owner_.waiting_.find(delay_id_); found != owner_.waiting_.end())
      found->second.busy = false;
  }
  Busy(Busy const&) = delete;
  Busy& operator=(Busy const&) = delete;

 private:
  DelayedEvents& owner_;
  std::string delay_id_;
};

DelayedEvents::DelayedEvents(RoomService& rooms, Limits limits)
    : rooms_(rooms), runtime_(rooms.runtime()), limits_(limits), tasks_(rooms.runtime()) {}

void DelayedEvents::start() {
  rooms_.database().read_now([this](db::Reader& reader) {
    delayed_store::each_waiting(reader, [this](delayed_store::WaitingRow row) {
      put(row.delay_id,
          {.sender = row.sender, .due = row.scheduled_at + row.delay_ms, .delay_ms = row.delay_ms});
    });
  });
  arm();
}

Task<> DelayedEvents::stop() {
  stopping_ = true;
  runtime_.cancel(timer_);
  co_await tasks_.join();
}

std::string DelayedEvents::new_id() {
  std::array<unsigned char, 18> random{};
  runtime_.fill_random(random);
  return base64_encode({reinterpret_cast<char const*>(random.data()), random.size()}, Base64::url);
}

void DelayedEvents::put(std::string const& delay_id, Waiting waiting) {
  by_due_.emplace(waiting.due, delay_id);
  ++counts_[waiting.sender];
  waiting_.emplace(delay_id, waiting);
}

void DelayedEvents::take_out(std::string const& delay_id) {
  auto const found = waiting_.find(delay_id);
  if (found == waiting_.end()) return;
  by_due_.erase({found->second.due, delay_id});
  if (--counts_[found->second.sender] == 0) counts_.erase(found->second.sender);
  waiting_.erase(found);
}

void DelayedEvents::arm() {
  runtime_.cancel(timer_);
  timer_ = {};
  if (sending_ || stopping_ || by_due_.empty()) return;
  auto const left =
      std::clamp<std::int64_t>(by_due_.begin()->first - to_ms(runtime_.now()), 0, kLongestSleepMs);
  timer_ = runtime_.schedule(runtime_.steady_now() + std::chrono::milliseconds(left), [this] {
    if (sending_ || stopping_) return;
    sending_ = true;
    tasks_.spawn("delayed events", send_due());
  });
}

/// One after the other, in the order in which they are due.
Task<> DelayedEvents::send_due() {
  while (!stopping_ && !by_due_.empty() && by_due_.begin()->first <= to_ms(runtime_.now())) {
    auto const [due, delay_id] = *by_due_.begin();
    auto& waiting = waiting_.at(delay_id);
    bool const busy = waiting.busy;  // its sender is changing it just now: look again in a moment
    if (!busy) (void)co_await send(delay_id, Failure::ends_it);  // what went wrong is kept with the event
    auto const still = waiting_.find(delay_id);
    if (still == waiting_.end() || still->second.due != due) continue;
    by_due_.erase({due, delay_id});
    still->second.due = to_ms(runtime_.now()) + (busy ? 1 : kAgainMs);
    by_due_.emplace(still->second.due, delay_id);
    if (busy) break;
  }
  sending_ = false;
  arm();
}

Task<Result<std::optional<std::string>>> DelayedEvents::known(std::int64_t device,
                                                              std::string transaction_id) {
  co_return co_await rooms_.database().read(
      [=](db::Reader& reader) { return delayed_store::find_request(reader, device, transaction_id); });
}

Task<Result<std::string>> DelayedEvents::schedule(DelayedEvent event) {
  if (limits_.per_user == 0) co_return fail(ErrorCode::forbidden, "This server sends no delayed events.");
  if (event.delay_ms > limits_.longest_ms) {
    co_return fail(
        ErrorCode::forbidden,
        "An event may be delayed by " + std::to_string(limits_.longest_ms / 1'000) + " seconds at most.");
  }
  auto const count = counts_.find(event.sender);
  if (count != counts_.end() && count->second >= limits_.per_user)
    co_return fail(ErrorCode::limit_exceeded, "You have as many delayed events as anybody may have.");
  event.delay_id = new_id();
  event.scheduled_at = to_ms(runtime_.now());
  // From here on it counts, though it can't be sent before it is durable.
  put(event.delay_id, {.sender = event.sender, .due = event.due(), .delay_ms = event.delay_ms, .busy = true});
  auto const written = co_await rooms_.database().write([event](db::Transaction& transaction) -> Result<> {
    delayed_store::insert(transaction, event);
    delayed_store::forget_old(transaction, event.sender, event.scheduled_at - kKeptMs, kKeptOfUser);
    return {};
  });
  if (!written) {
    take_out(event.delay_id);
    // The same request came twice at once, and the other was faster.
    auto const known = co_await this->known(event.device, event.transaction_id);
    if (known && *known && !event.transaction_id.empty()) co_return **known;
    co_return std::unexpected(written.error());
  }
  if (auto const found = waiting_.find(event.delay_id); found != waiting_.end()) found->second.busy = false;
  arm();
  co_return event.delay_id;
}

std::chrono::milliseconds DelayedEvents::next_due(UserNid user) {
  for (auto const& [due, delay_id] : by_due_) {
    if (waiting_.at(delay_id).sender == user)
      return std::chrono::milliseconds(std::max<std::int64_t>(1, due - to_ms(runtime_.now())));
  }
  return {};
}

Task<Result<>> DelayedEvents::act(std::string delay_id, Action action, std::optional<UserNid> by) {
  auto const found = waiting_.find(delay_id);
  if (found == waiting_.end()) co_return co_await already(std::move(delay_id), action, by);
  if (by && found->second.sender != *by) co_return unknown();
  if (found->second.busy)
    co_return fail(ErrorCode::finalised, "The event is being sent or changed just now.");
  if (action == Action::send) co_return co_await send(std::move(delay_id), Failure::waits_on);
  if (action == Action::cancel) co_return co_await cancel(std::move(delay_id));
  co_return co_await restart(std::move(delay_id));
}

/// What is asked of an event that waits no more: right, if that is what became of it.
Task<Result<>> DelayedEvents::already(std::string delay_id, Action action, std::optional<UserNid> by) {
  auto const found = co_await rooms_.database().read(
      [&](db::Reader& reader) { return delayed_store::find(reader, delay_id); });
  if (!found) co_return std::unexpected(found.error());
  if (!*found || (by && (*found)->sender != *by)) co_return unknown();
  bool const sent = !(*found)->event_id.empty();
  if (sent && action == Action::send) co_return Result<>{};
  if (!sent && action == Action::cancel) co_return Result<>{};
  co_return fail(ErrorCode::finalised,
                 sent ? "The event has been sent already." : "The event was cancelled.");
}

/// An account may have been locked since it asked for the event.
Task<Result<EventId>> DelayedEvents::send_unless_locked(SendEvent event) {
  if (rooms_.identity().users().is_locked(event.sender))
    co_return fail(ErrorCode::user_locked, "This account has been locked by an administrator.");
  co_return co_await send_(std::move(event));
}

Task<Result<>> DelayedEvents::send(std::string delay_id, Failure failure) {
  Busy const busy(*this, delay_id);
  auto const event = co_await rooms_.database().read(
      [&](db::Reader& reader) { return delayed_store::find(reader, delay_id); });
  if (!event) co_return std::unexpected(event.error());
  auto content = *event ? parse_json_object((*event)->content) : Result<json::object>();
  if (!*event || !content) {
    take_out(delay_id);
    co_return unknown();
  }
  auto const now = to_ms(runtime_.now());
  SendEvent wanted{.room = (*event)->room,
                   .sender = (*event)->sender,
                   .type = (*event)->type,
                   .state_key = (*event)->state_key,
                   .content = std::move(*content),
                   .origin_server_ts = (*event)->origin_server_ts,
                   .sticky_ms = (*event)->sticky_ms,
                   .delay_id = delay_id,
                   .also = [delay_id, now](db::Transaction& transaction, EventNid nid, Position) {
                     delayed_store::finalise(transaction, delay_id, now, nid, "");
                   }};
  auto const sent = co_await send_unless_locked(std::move(wanted));
  if (sent) {
    take_out(delay_id);
    co_return Result<>{};
  }
  if (failure == Failure::waits_on || is_passing(sent.error().code)) co_return std::unexpected(sent.error());
  auto const text = error_text(sent.error());
  auto const ended = co_await rooms_.database().write([=](db::Transaction& transaction) -> Result<> {
    delayed_store::finalise(transaction, delay_id, now, EventNid{}, text);
    return {};
  });
  if (ended) take_out(delay_id);
  co_return std::unexpected(sent.error());
}

Task<Result<>> DelayedEvents::cancel(std::string delay_id) {
  Busy const busy(*this, delay_id);
  auto const now = to_ms(runtime_.now());
  auto const done = co_await rooms_.database().write([=](db::Transaction& transaction) -> Result<> {
    delayed_store::finalise(transaction, delay_id, now, EventNid{}, "");
    return {};
  });
  if (done) take_out(delay_id);
  co_return done;
}

Task<Result<>> DelayedEvents::restart(std::string delay_id) {
  Busy const busy(*this, delay_id);
  auto const now = to_ms(runtime_.now());
  auto const done = co_await rooms_.database().write([=](db::Transaction& transaction) -> Result<> {
    delayed_store::restart(transaction, delay_id, now);
    return {};
  });
  if (!done) co_return done;
  if (auto const found = waiting_.find(delay_id); found != waiting_.end()) {
    by_due_.erase({found->second.due, delay_id});
    found->second.due = now + found->second.delay_ms;
    by_due_.emplace(found->second.due, delay_id);
  }
  arm();
  co_return done;
}

Task<Result<std::vector<DelayedEvent>>> DelayedEvents::of(UserNid user, Which which) {
  auto const limit = std::max(kKeptOfUser, limits_.per_user);
  co_return co_await rooms_.database().read(
      [=](db::Reader& reader) { return delayed_store::of(reader, user, which, limit); });
}

Task<Result<DelayedEvent>> DelayedEvents::one(UserNid user, std::string delay_id) {
  auto found = co_await rooms_.database().read(
      [&](db::Reader& reader) { return delayed_store::find(reader, delay_id); });
  if (!found) co_return std::unexpected(found.error());
  if (!*found || (*found)->sender != user) co_return unknown();
  co_return std::move(**found);
}

Task<> DelayedEvents::forget_user(UserNid user) {
  std::vector<std::string> theirs;
  for (auto const& [delay_id, waiting] : waiting_) {
    if (waiting.sender == user) theirs.push_back(delay_id);
  }
  for (auto const& delay_id : theirs) take_out(delay_id);
  auto const done = co_await rooms_.database().write([user](db::Transaction& transaction) -> Result<> {
    delayed_store::forget_user(transaction, user);
    return {};
  });
  if (!done) log(LogLevel::warning, "delayed events of an ended account stay", {{"user", user.value}});
}

}  // namespace torg::matrix
