#pragma once
#include "matrix/room/service.hpp"
#include "matrix/sync/push_rule_set.hpp"

#include <set>

namespace torg::matrix {

/// The rules of one who has changed them, and what they need to know of their owner.
struct OwnPushRules {
  PushRuleSet set;
  /// Threads they have subscribed to (MSC4306), by room and root; empty when no rule asks.
  std::set<std::pair<RoomNid, std::string>> threads;
};

/// The compiled push rules of everybody: one set for all who have the default rules, which is nearly all of
/// them. On the executor only.
class UserPushRules {
 public:
  /// Null: the default ones.
  using Rules = std::shared_ptr<OwnPushRules const>;

  explicit UserPushRules(RoomService& rooms);

  Task<Result<Rules>> of(UserNid user);
  /// The same when it is in memory.
  [[nodiscard]] std::optional<Rules> known(UserNid user);
  /// Something changed that the rules of `user` depend on.
  void forget(UserNid user);
  [[nodiscard]] PushRuleSet const& defaults() const { return defaults_; }

 private:
  Task<Result<std::set<std::pair<RoomNid, std::string>>>> threads_for(PushRuleSet const& set, UserNid user);

  RoomService& rooms_;
  PushRuleSet defaults_;
  LruCache<UserNid, Rules> users_;
};

}  // namespace torg::matrix
