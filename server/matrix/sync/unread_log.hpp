#pragma once
#include "matrix/sync/receipts.hpp"
#include "matrix/sync/user_push_rules.hpp"

#include <map>

namespace torg::matrix {

struct UnreadCount {
  std::int64_t notifications = 0;
  std::int64_t highlights = 0;  ///< those among them that call the reader
};
struct UnreadCounts {
  UnreadCount main;                            ///< outside of threads
  std::map<std::string, UnreadCount> threads;  ///< by the id of their root; only those with something

  [[nodiscard]] UnreadCount all() const;
};

/// How far one user has read in a room: the number of messages it had there, and a position.
struct ReadMarks {
  std::int64_t everything = 0;  ///< in threads and outside: an unthreaded receipt, or before they joined
  Position everything_at;
  std::int64_t main = 0;  ///< outside of threads: also by writing there oneself
  Position main_at;
  std::map<std::string_view, Position> threads;  ///< by root

  /// Whether they have read an event of this thread (empty: none).
  [[nodiscard]] bool covers(CachedEvent const& event, std::string_view thread) const;
  /// `receipts` must outlive it.
  static ReadMarks of(std::span<Receipt const> receipts, store::MemberOf const& member);
};

/// What in a room isn't a plain message. A plain one is outside of threads, calls nobody and notifies like
/// any other by the rules the log was made by; how many of them are unread, numbers tell.
struct UnreadLog {
  struct Special {
    std::int64_t number = 0;  ///< of the message in the room, from 1; of another event: of the one before it
    Position position;
    UserNid sender;
    bool is_message = false;
    bool notifies = false;
    bool highlights = false;
    std::string thread;           ///< its root; empty: none
    std::vector<UserNid> called;  ///< whom it notifies and highlights, whatever it does to others
  };

  UserPushRules::Rules rules;  ///< by which it was made; null: the default ones
  bool plain_notifies = true;
  std::int64_t from = 0, to = 0;  ///< messages with a number in (from, to] have been looked at
  Position up_to;                 ///< and what lies between and behind them, up to here
  std::vector<Special> specials;  ///< oldest first

  std::size_t bytes = 0;  ///< that `specials` take, roughly

  /// What is unread for `user`. Pure. @pre `from` is at most `marks.everything`, or the log is full
  [[nodiscard]] UnreadCounts count(UserNid user, ReadMarks const& marks) const;
  /// Takes in what was found newest first, between `up_to` and the position `end`, where the room has `total`
  /// messages. What is too old to be looked at is let go.
  void extend(std::vector<Special> found, std::int64_t total, Position end);
};

/// Unread messages are looked at one by one up to this many; older ones count as plain.
inline constexpr std::int64_t kMostUnread = 1000;

}  // namespace torg::matrix
