#pragma once
#include "matrix/sliding_sync/required_state.hpp"
#include "matrix/sync/token.hpp"

#include <unordered_set>

#include <boost/unordered/unordered_flat_map.hpp>

namespace torg::matrix {

/// How one room was when a connection was last told of it.
struct SentRoom {
  /// The client has everything, as if the whole timeline had been sent.
  static constexpr std::uint16_t kWhole = UINT16_MAX;

  Position up_to;
  std::shared_ptr<RequiredState const> state;  ///< what it gets of the state
  std::uint16_t timeline_limit = 0;            ///< it has at least so many of the newest events
  Membership membership = Membership::none;
  bool is_direct = false;
};

/// Which extensions a room is in scope of; such a room is told of at every answer.
struct InScope {
  RoomNid room;
  bool receipts = false;
  bool account_data = false;
  bool typing = false;
};

/// Up to where a room's extensions were told when it fell out of their scope.
struct OutOfScope {
  Position receipts, account_data;
};

/// What the answer to one request tells a connection.
struct Step {
  SyncToken at;
  std::vector<std::pair<RoomNid, SentRoom>> rooms;
  std::vector<InScope> in_scope;  ///< in the order of the rooms' numbers
  std::vector<std::pair<RoomNid, OutOfScope>> fell_out;
  std::vector<RoomNid> forget_members;  ///< of these rooms, before `members`
  std::vector<std::pair<RoomNid, UserNid>> members;
  Position account_data;          ///< global, up to where
  Position thread_subscriptions;  ///< likewise
};

/// One client's loop of sliding syncs: what it was told, as far as it has said that it got it. An answer is a
/// step that is proposed, and taken when the client goes on from it; a client that repeats a request gets an
/// answer made from the same place.
class Connection {
 public:
  /// Global account data beside, what `Step`s add up to.
  [[nodiscard]] SyncToken at() const { return at_; }
  [[nodiscard]] SentRoom const* room(RoomNid room) const;
  [[nodiscard]] std::vector<InScope> const& in_scope() const { return in_scope_; }
  [[nodiscard]] OutOfScope out_of_scope(RoomNid room) const;
  [[nodiscard]] bool was_told_of(RoomNid room, UserNid member) const;
  [[nodiscard]] Position account_data() const { return account_data_; }
  [[nodiscard]] Position thread_subscriptions() const { return thread_subscriptions_; }

  /// Forgets everything: the client starts anew. `name` tells its positions from all others.
  void restart(std::string name);
  /// The client goes on from `pos`. @return false when that is neither the last answer nor the one before, or
  /// what it asked for of the rooms' state is too much to remember
  [[nodiscard]] bool resume(std::string_view pos);
  /// A request has begun; earlier ones that still wait are over. @return its number
  [[nodiscard]] std::int64_t take_turn() { return ++turn_; }
  [[nodiscard]] bool is_turn(std::int64_t turn) const { return turn == turn_; }
  /// The answer to the request under way. @return the position to go on from
  std::string propose(Step step);

  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  void take(Step step);
  void tell(RoomNid room, SentRoom sent);
  [[nodiscard]] std::string position(std::int64_t number, SyncToken at) const;

  std::string name_;
  std::int64_t turn_ = 0;
  std::int64_t number_ = 0;  ///< of the step taken last
  std::int64_t last_number_ = 0;
  SyncToken at_;
  Position account_data_;
  Position thread_subscriptions_;
  boost::unordered_flat_map<RoomNid, SentRoom, std::hash<RoomNid>> rooms_;
  /// In how many of `rooms_` each stands, which they share; their size is the client's choice.
  boost::unordered_flat_map<std::shared_ptr<RequiredState const>, std::size_t> states_;
  std::size_t state_bytes_ = 0;  ///< of these
  boost::unordered_flat_map<RoomNid, OutOfScope, std::hash<RoomNid>> out_of_scope_;
  std::vector<InScope> in_scope_;
  std::unordered_set<std::uint64_t> members_;  ///< told of: room << 32 | user
  std::optional<Step> proposed_;
  std::int64_t proposed_number_ = 0;
};

}  // namespace torg::matrix
