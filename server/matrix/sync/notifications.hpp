#pragma once
#include "matrix/sync/unread_log.hpp"

namespace torg::matrix {

/// How many unread events notify a user, by their push rules and receipts, counted when somebody asks.
///
/// Nothing is written when an event comes. What isn't a plain message (`UnreadLog`) is found once per room
/// for all who have the default rules, and once more for each who has rules of their own, in the newest
/// thousand messages; older ones count as plain. On the executor only.
class Notifications {
 public:
  explicit Notifications(RoomService& rooms);

  /// @param member the user's own entry in `RoomService::rooms_of`
  /// @param receipts `Receipts::of` the room
  Task<Result<UnreadCounts>> count(std::shared_ptr<Room> room, store::MemberOf member,
                                   std::shared_ptr<Receipts::InRoom const> receipts, UserNid user);
  /// The same when it can be told from memory, as nearly always.
  [[nodiscard]] std::optional<UnreadCounts> known(std::shared_ptr<Room> const& room,
                                                  store::MemberOf const& member,
                                                  Receipts::InRoom const& receipts, UserNid user);

  /// What `user`'s rules say of an event with this content; null when nothing.
  [[nodiscard]] PushActions const* judge(Room const& room, CachedEvent const& event,
                                         json::object const& content, UserNid user,
                                         UserPushRules::Rules const& rules) const;
  [[nodiscard]] UserPushRules& rules() { return rules_; }

 private:
  struct InRoom {
    UnreadLog shared;
    std::map<UserNid, UnreadLog> own;
    std::size_t bytes = 0;
  };
  struct Walk;

  [[nodiscard]] std::shared_ptr<InRoom> in_room(RoomNid room);
  [[nodiscard]] std::optional<UnreadCounts> try_count(std::shared_ptr<Room> const& room, InRoom& in_room,
                                                      UserPushRules::Rules const& rules,
                                                      ReadMarks const& marks, UserNid user);
  [[nodiscard]] Walk begin(std::shared_ptr<Room> const& room, InRoom& in_room,
                           UserPushRules::Rules const& rules, ReadMarks const& marks, UserNid user) const;
  void walk_memory(Walk& walk) const;
  Task<Result<>> walk_store(Walk& walk);
  Task<Result<>> find_threads(Walk& walk);
  void visit(Walk& walk, CachedEvent const& event) const;
  [[nodiscard]] bool is_special(Walk& walk, CachedEvent const& event, UnreadLog::Special& special) const;
  void judge_for_all(Walk const& walk, CachedEvent const& event, json::object const& content,
                     UnreadLog::Special& special) const;
  [[nodiscard]] bool plain_notifies(Room const& room, UserPushRules::Rules const& rules, UserNid user) const;
  void keep(Walk walk, InRoom& in_room);

  RoomService& rooms_;
  UserPushRules rules_;
  LruCache<RoomNid, std::shared_ptr<InRoom>> in_rooms_;
};

/// The root of the thread that an event with this content says it is part of; empty when it says of none.
[[nodiscard]] std::string_view thread_of(json::object const& content);

}  // namespace torg::matrix
