#include "matrix/sync/thread_subscriptions.hpp"

#include <algorithm>

namespace torg::matrix {

void ThreadSubscriptions::load() {
  rooms_.database().read_now([this](db::Reader& reader) {
    for (auto const& [user, position] : sync_store::newest_subscriptions(reader))
      last_changes_[user] = position;
  });
}

Position ThreadSubscriptions::last_change(UserNid user) const {
  auto const found = last_changes_.find(user);
  return found == last_changes_.end() ? Position{} : found->second;
}

/// What stays as it was is not written.
Task<Result<ThreadSubscriptions::Outcome>> ThreadSubscriptions::change(UserNid user, RoomNid room,
                                                                       std::string root, Change change) {
  co_return co_await rooms_.database().write(
      [this, user, room, root, change](db::Transaction& transaction) -> Result<Outcome> {
        auto const old = sync_store::subscription(transaction, user, room, root);
        auto next = old.value_or(Subscription{.room = room, .root = root});
        auto const outcome = change(next);
        bool const same =
            next.subscribed == (old && old->subscribed) && next.automatic == (old && old->automatic);
        if (outcome != Outcome::done || same) return outcome;
        next.position = transaction.next_position();
        if (!next.subscribed) next.unsubscribed_at = next.position;
        sync_store::put_subscription(transaction, user, next);
        transaction.on_commit([this, user, position = next.position] {
          last_changes_[user] = position;
          rules_.forget(user);
          rooms_.stream().append({position, StreamEntry::Kind::account_data, {}, user});
          rooms_.stream().wake(user);
        });
        return outcome;
      });
}

Task<Result<ThreadSubscriptions::Outcome>> ThreadSubscriptions::subscribe(UserNid user, RoomNid room,
                                                                          std::string root,
                                                                          std::optional<Position> cause) {
  co_return co_await change(user, room, std::move(root), [cause](Subscription& subscription) {
    bool const left_since = cause && !subscription.subscribed && *cause <= subscription.unsubscribed_at;
    if (left_since) return Outcome::unsubscribed_since;
    // What the user chose, no client chooses anew.
    bool const chosen = subscription.subscribed && !subscription.automatic;
    subscription.automatic = cause.has_value() && !chosen;
    subscription.subscribed = true;
    return Outcome::done;
  });
}

Task<Result<>> ThreadSubscriptions::unsubscribe(UserNid user, RoomNid room, std::string root) {
  auto const done = co_await change(user, room, std::move(root), [](Subscription& subscription) {
    subscription.subscribed = false;
    subscription.automatic = false;
    return Outcome::done;
  });
  if (!done) co_return std::unexpected(done.error());
  co_return Result<>{};
}

Task<Result<ThreadSubscriptions::Subscription>> ThreadSubscriptions::get(UserNid user, RoomNid room,
                                                                         std::string root) {
  auto const found = co_await rooms_.database().read(
      [&](db::Reader& reader) { return sync_store::subscription(reader, user, room, root); });
  if (!found) co_return std::unexpected(found.error());
  if (!*found || !(*found)->subscribed)
    co_return fail(ErrorCode::not_found, "You have not subscribed to this thread.");
  co_return **found;
}

Task<Result<std::vector<ThreadSubscriptions::Subscription>>> ThreadSubscriptions::changes(UserNid user,
                                                                                          Position after,
                                                                                          Position to,
                                                                                          std::size_t limit) {
  co_return co_await rooms_.database().read([user, after, to, limit](db::Reader& reader) {
    return sync_store::subscriptions(reader, user, after, to, limit);
  });
}

Task<Result<ThreadSubscriptions::Page>> ThreadSubscriptions::page(UserNid user, Position after, Position to,
                                                                  std::size_t limit) {
  constexpr std::size_t kMost = 100;
  limit = std::clamp<std::size_t>(limit, 1, kMost);
  auto found = co_await changes(user, after, to, limit + 1);
  if (!found) co_return std::unexpected(found.error());
  Page page;
  if (found->size() > limit) {
    found->resize(limit);
    page.more_before = found->back().position;
  }
  for (auto const& subscription : *found) {
    auto const room_id = co_await rooms_.room_id(subscription.room);
    if (!room_id) co_return std::unexpected(room_id.error());
    json::object shown{{"bump_stamp", subscription.position.value}};
    if (subscription.subscribed) shown["automatic"] = subscription.automatic;
    auto& rooms = page.body[subscription.subscribed ? "subscribed" : "unsubscribed"];
    if (rooms.is_null()) rooms.emplace_object();
    auto& threads = rooms.get_object()[room_id->value];
    if (threads.is_null()) threads.emplace_object();
    threads.get_object()[subscription.root] = std::move(shown);
  }
  co_return page;
}

}  // namespace torg::matrix
