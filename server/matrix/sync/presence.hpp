#pragma once
#include "matrix/room/service.hpp"

#include <set>

namespace torg::matrix {

/// Who is there. It lives in memory only and is forgotten at a restart: nothing of when people were at work
/// is stored, logged or exported. The last activity is that of the last change; what a person reads or writes
/// doesn't move it.
///
/// SPEC: it is told through rooms of at most `kLargestRoom` people. In a room with everyone it would be told
/// to everyone, which nobody reads, and its cost would be the square of their number.
/// @see https://spec.matrix.org/v1.19/client-server-api/#presence
class Presence {
 public:
  enum class Use : std::uint8_t { off, on };
  enum class State : std::uint8_t { offline, unavailable, online };

  static constexpr std::size_t kLargestRoom = 500;

  Presence(RoomService& rooms, Use use);
  Presence(Presence const&) = delete;
  Presence& operator=(Presence const&) = delete;
  ~Presence();

  /// What a person says of themselves; holds for some minutes, or as long as one of their devices syncs.
  void set(UserNid user, State state, std::string status_msg, UserRooms const& rooms);
  /// A device waits for news until `deadline`: its user is there until then, and a little longer. `offline`
  /// leaves everything as it is.
  void syncs(UserNid user, State state, SteadyTime deadline, UserRooms const& rooms);

  /// Whether somebody in `rooms` is told of `user`: they have both joined one that isn't too large. A room
  /// that isn't in memory counts as small.
  [[nodiscard]] bool shares(UserNid user, UserRooms const& rooms) const;
  /// Calls `use(user)` for those whose presence changed after this volatile position.
  template <class F>
  void each_changed(std::int64_t position, F&& use) const {
    for (auto change = changes_.upper_bound(position); change != changes_.end(); ++change)
      use(change->second);
  }
  [[nodiscard]] State state(UserNid user) const;
  /// Content of the `m.presence` event.
  [[nodiscard]] json::object content(UserNid user) const;

 private:
  struct Person {
    State state = State::offline;
    std::string status_msg;
    SteadyTime active{};  ///< at the last change
    SteadyTime until{};   ///< offline then
    std::int64_t changed_at = 0;
    std::optional<Runtime::TimerId> timer;  ///< looks whether `until` has come
    std::set<RoomNid> joined;
  };
  void meet(UserNid user, UserRooms const& rooms);
  void follow(Room const& room, CachedEvent const& event);
  [[nodiscard]] bool is_told_in(RoomNid room) const;
  void tell(RoomNid room);
  void change(UserNid user, State state, std::string status_msg);
  void stay(UserNid user, SteadyTime until);
  void look_again(UserNid user);

  RoomService& rooms_;
  Use use_;
  std::map<UserNid, Person> people_;
  std::map<std::int64_t, UserNid> changes_;  ///< one entry per person: their last change
  std::set<RoomNid> to_tell_;                ///< rooms whose waiting members are woken soon
  std::optional<Runtime::TimerId> telling_;
};

[[nodiscard]] std::string_view to_text(Presence::State state);
/// None for what is no state.
[[nodiscard]] std::optional<Presence::State> parse_presence(std::string_view text);

}  // namespace torg::matrix
