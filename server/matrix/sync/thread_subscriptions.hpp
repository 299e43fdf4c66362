#pragma once
#include "matrix/sync/notifications.hpp"
#include "matrix/sync/store.hpp"

namespace torg::matrix {

/// Which threads people want to hear of (MSC4306). On the executor only.
/// @see https://github.com/matrix-org/matrix-spec-proposals/pull/4306
class ThreadSubscriptions {
 public:
  using Subscription = sync_store::ThreadSubscription;

  /// @param rules hear when what they depend on has changed
  ThreadSubscriptions(RoomService& rooms, UserPushRules& rules) : rooms_(rooms), rules_(rules) {}
  /// Reads what is kept in memory.
  void load();

  enum class Outcome : std::uint8_t {
    done,
    unsubscribed_since  ///< the user has unsubscribed after what would have subscribed them
  };
  /// @param cause where the event lies because of which a client subscribes on its own; none: the user did
  Task<Result<Outcome>> subscribe(UserNid user, RoomNid room, std::string root,
                                  std::optional<Position> cause);
  Task<Result<>> unsubscribe(UserNid user, RoomNid room, std::string root);
  /// `not_found` when the user isn't subscribed.
  Task<Result<Subscription>> get(UserNid user, RoomNid room, std::string root);

  /// For sync (MSC4308): where the user's subscriptions last changed; zero: never.
  [[nodiscard]] Position last_change(UserNid user) const;
  /// Subscriptions and ended ones that changed in (after, to], newest first, at most `limit`.
  Task<Result<std::vector<Subscription>>> changes(UserNid user, Position after, Position to,
                                                  std::size_t limit);
  /// The same as clients get it (`subscribed`, `unsubscribed`), and the position before which there is more,
  /// if there is; at most 100.
  struct Page {
    json::object body;
    std::optional<Position> more_before;
  };
  Task<Result<Page>> page(UserNid user, Position after, Position to, std::size_t limit);

 private:
  using Change = std::function<Outcome(Subscription& subscription)>;
  Task<Result<Outcome>> change(UserNid user, RoomNid room, std::string root, Change change);

  RoomService& rooms_;
  UserPushRules& rules_;
  std::map<UserNid, Position> last_changes_;
};

}  // namespace torg::matrix
