#include "matrix/push/push.hpp"

#include "base/log.hpp"

#include <algorithm>
#include <limits>

namespace torg::matrix {
namespace {

using namespace std::chrono_literals;

/// Beyond it the oldest are let go: they would come late anyway.
constexpr std::size_t kMostEvents = 10'000;
constexpr std::size_t kMostCaughtUp = 2'000;
constexpr std::chrono::milliseconds kRememberAfter = 5s;
/// Owners of pushers in one room are told in groups of so many, between which others have their turn.
constexpr int kBetweenBreaths = 50;

}  // namespace

PushService::PushService(RoomService& rooms, Receipts& receipts, Notifications& notifications,
                         net::HttpClient& client, PushContent content, LetterSettings letters)
    : rooms_(rooms),
      notifications_(notifications),
      receipts_(receipts),
      badges_(rooms, receipts, notifications),
      letters_(rooms.runtime(), std::move(letters)),
      confirmations_(rooms.runtime(), {.burst = 5, .interval = 1h}),
      group_(rooms.runtime()),
      services_{rooms, badges_, client, letters_, content, group_, [this](std::int64_t nid) {
                  for (auto const& [owner, deliveries] : owners_) {
                    for (auto const& delivery : deliveries) {
                      auto const& p = delivery->pusher();
                      if (p.nid != nid) continue;
                      auto const remove_it = [](PushService& self, Pusher pusher) -> Task<> {
                        // It stays when that fails, and is rejected again.
                        (void)co_await self.remove(pusher.owner, pusher.app_id, pusher.pushkey);
                      };
                      return group_.spawn("rejected pusher", remove_it(*this, p));
                    }
                  }
                }} {
  rooms_.observe([this](Room const&, EventPtr const& event) { follow(event); });
  receipts_.observe([this](RoomNid room, UserNid user) {
    if (!running_ || !owners_.contains(user)) return;
    moved_.emplace(user, room);
    wake();
  });
  rooms_.identity().sessions().at_end(
      [this](db::Transaction& transaction, identity::Sessions::Ended const& ended) {
        for (auto const session : ended.sessions) push_store::remove_of_session(transaction, session);
        transaction.on_commit([this, sessions = ended.sessions] {
          drop([&](Pusher const& p) { return std::ranges::find(sessions, p.session) != sessions.end(); });
        });
      });
}

void PushService::start() {
  std::vector<Pusher> stored;
  rooms_.database().read_now([&](db::Reader& reader) { stored = push_store::pushers(reader); });
  auto oldest = EventNid(std::numeric_limits<std::int64_t>::max());
  for (auto& pusher : stored) {
    oldest = std::min(oldest, pusher.done);
    judged_ = std::max(judged_, pusher.done);
    put_in_memory(std::move(pusher));
  }
  remembered_ = judged_;
  running_ = true;
  if (!owners_.empty()) group_.spawn("push: catch up", catch_up(oldest));
}

Task<> PushService::stop() {
  running_ = false;
  rooms_.runtime().cancel(std::exchange(timer_, {}));
  co_await remember();
  for (auto const& [owner, deliveries] : owners_) {
    for (auto const& delivery : deliveries) delivery->stop();
  }
  co_await group_.join();
}

/// What was committed while nobody judged, in front of what has come since.
Task<> PushService::catch_up(EventNid after) {
  auto missed = co_await rooms_.database().read([this, after](db::Reader& reader) {
    return store::newest_events(reader, rooms_.types(), after, kMostCaughtUp);
  });
  if (!missed) {
    log(LogLevel::warning, "what was missed is not pushed", {{"why", missed.error().detail}});
    co_return;
  }
  std::erase_if(*missed, [&](EventPtr const& event) {
    return std::ranges::any_of(events_, [&](EventPtr const& newer) { return newer->nid == event->nid; });
  });
  events_.insert(events_.begin(), missed->begin(), missed->end());
  wake();
}

// Pushers

std::vector<Pusher> PushService::of(UserNid user) const {
  std::vector<Pusher> found;
  auto const owner = owners_.find(user);
  if (owner == owners_.end()) return found;
  for (auto const& delivery : owner->second) found.push_back(delivery->pusher());
  return found;
}

void PushService::put_in_memory(Pusher pusher) {
  auto& deliveries = owners_[pusher.owner];
  auto const same =
      std::ranges::find_if(deliveries, [&](auto const& each) { return each->pusher().nid == pusher.nid; });
  if (same != deliveries.end())
    (*same)->change(std::move(pusher));
  else
    deliveries.push_back(std::make_shared<PushDelivery>(services_, std::move(pusher)));
}

void PushService::drop(std::function<bool(Pusher const&)> const& which) {
  for (auto owner = owners_.begin(); owner != owners_.end();) {
    std::erase_if(owner->second, [&](auto const& delivery) {
      bool const goes = which(delivery->pusher());
      if (goes) delivery->stop();
      return goes;
    });
    if (owner->second.empty()) badges_.forget(owner->first);
    owner = owner->second.empty() ? owners_.erase(owner) : std::next(owner);
  }
}

Task<Result<>> PushService::set(Pusher pusher, Others others) {
  if (owners_.empty()) judged_ = rooms_.last_event();  // so far nobody was judged for
  pusher.done = rooms_.last_event();
  co_return co_await rooms_.database().write(
      [this, pusher, others](db::Transaction& transaction) -> Result<> {
        if (others == Others::remove)
          push_store::remove_of_others(transaction, pusher.owner, pusher.app_id, pusher.pushkey);
        auto stored = pusher;
        stored.nid = push_store::put(transaction, pusher);
        transaction.on_commit([this, stored, others] {
          if (others == Others::remove) {
            drop([&](Pusher const& p) {
              return p.owner != stored.owner && p.app_id == stored.app_id && p.pushkey == stored.pushkey;
            });
          }
          put_in_memory(stored);
        });
        return {};
      });
}

Task<Result<>> PushService::remove(UserNid owner, std::string app_id, std::string pushkey) {
  co_return co_await rooms_.database().write([this, owner, app_id,
                                              pushkey](db::Transaction& transaction) -> Result<> {
    push_store::remove(transaction, owner, app_id, pushkey);
    transaction.on_commit([this, owner, app_id, pushkey] {
      drop([&](Pusher const& p) { return p.owner == owner && p.app_id == app_id && p.pushkey == pushkey; });
    });
    return {};
  });
}

// Judging

void PushService::follow(EventPtr event) {
  if (!running_ || owners_.empty()) return;
  if (events_.size() >= kMostEvents) events_.pop_front();
  events_.push_back(std::move(event));
  wake();
}

void PushService::wake() {
  if (!running_ || working_ || (events_.empty() && moved_.empty())) return;
  working_ = true;
  group_.spawn("push", work());
}

Task<> PushService::work() {
  while (running_ && !(events_.empty() && moved_.empty())) {
    if (!events_.empty()) {
      auto const event = std::move(events_.front());
      events_.pop_front();
      co_await tell(event);
      judged_ = std::max(judged_, event->nid);
    } else {
      auto const moved = *moved_.begin();
      moved_.erase(moved_.begin());
      co_await recount(moved.first, moved.second);
    }
  }
  working_ = false;
  remember_soon();
}

/// Owners of pushers who may be told of an event: those in the room, and who is invited by it.
std::vector<UserNid> PushService::owners_in(Room const& room, CachedEvent const& event) const {
  std::vector<UserNid> found;
  if (owners_.size() < room.joined_count()) {
    for (auto const& [owner, deliveries] : owners_) {
      if (room.is_joined(owner)) found.push_back(owner);
    }
  } else {
    for (auto const member : room.joined_members()) {
      if (owners_.contains(member)) found.push_back(member);
    }
    std::ranges::sort(found);
  }
  if (event.type == "m.room.member") {
    auto const target = rooms_.identity().find(event.state_key.value_or(""));
    auto& identity = rooms_.identity();
    bool const told = owners_.contains(target) && !room.is_joined(target) &&
                      identity.account_data().sees_invitation(target, identity.user_id(event.sender));
    if (told) found.push_back(target);
  }
  return found;
}

Task<> PushService::tell(EventPtr event) {
  auto const room = co_await rooms_.load(event->room);
  if (!room || event->redacted_by) co_return;
  auto const owners = owners_in(**room, *event);
  if (owners.empty()) co_return;
  auto content = parse_json_object(event->content);
  if (!content) co_return;
  auto const shared = std::make_shared<json::object const>(std::move(*content));
  int told = 0;
  for (auto const owner : owners) {
    co_await tell_owner(*room, event, shared, owner);
    if (++told % kBetweenBreaths == 0) co_await sleep_for(rooms_.runtime(), 1ms);
  }
}

Task<> PushService::tell_owner(std::shared_ptr<Room> room, EventPtr event,
                               std::shared_ptr<json::object const> content, UserNid owner) {
  if (event->sender == owner) co_return co_await recount(owner, room->nid());  // who writes has read
  auto const rules = co_await notifications_.rules().of(owner);
  if (!rules) co_return;
  auto const* actions = notifications_.judge(*room, *event, *content, owner, *rules);
  if (actions == nullptr || !actions->notify) co_return;
  PushNote const note{event, *actions};
  (void)co_await badges_.refresh(owner, room->nid());  // a count that can't be told is not told
  auto const found = owners_.find(owner);
  if (found == owners_.end()) co_return;
  for (auto const& delivery : found->second) {
    if (delivery->pusher().done < event->nid) delivery->add(note);
  }
}

/// Tells the owner's devices when less is unread than they show.
Task<> PushService::recount(UserNid owner, RoomNid room) {
  if (auto const unread = co_await badges_.refresh(owner, room); !unread) co_return;
  auto const found = owners_.find(owner);
  if (found == owners_.end()) co_return;
  for (auto const& delivery : found->second) delivery->add({});
}

// Remembering

void PushService::remember_soon() {
  if (!running_ || timer_.serial != 0 || judged_ == remembered_) return;
  timer_ = rooms_.runtime().schedule(rooms_.runtime().steady_now() + kRememberAfter, [this] {
    timer_ = {};
    group_.spawn("push: remember", remember());
  });
}

Task<> PushService::remember() {
  if (owners_.empty() || judged_ == remembered_) co_return;
  std::vector<std::pair<std::int64_t, EventNid>> behind;
  for (auto const& [owner, deliveries] : owners_) {
    for (auto const& delivery : deliveries) {
      if (auto const done = delivery->waits_behind()) behind.emplace_back(delivery->pusher().nid, *done);
    }
  }
  auto const judged = judged_;
  auto const written =
      co_await rooms_.database().write([judged, behind](db::Transaction& transaction) -> Result<> {
        push_store::put_progress(transaction, judged, behind);
        return {};
      });
  if (!written) {
    log(LogLevel::warning, "what was pushed could not be remembered", {{"why", written.error().detail}});
    co_return;
  }
  remembered_ = judged;
  // What still waits moves on without another event.
  if (!behind.empty()) remembered_ = EventNid(judged.value - 1);
}

}  // namespace torg::matrix
