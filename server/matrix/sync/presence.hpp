#pragma once
#include "matrix/room/service.hpp"

namespace torg::matrix {

/// Who is there. It lives in memory only and is forgotten at a restart: nothing of when people were at work
/// is stored, logged or exported. The last activity is that of the last change; what a person reads or writes
/// doesn't move it.
/// @see https://spec.matrix.org/v1.19/client-server-api/#presence
class Presence {
 public:
  enum class Use : std::uint8_t { off, on };
  enum class State : std::uint8_t { offline, unavailable, online };

  Presence(RoomService& rooms, Use use) : rooms_(rooms), use_(use) {}
  Presence(Presence const&) = delete;
  Presence& operator=(Presence const&) = delete;
  ~Presence();

  /// What a person says of themselves; holds for some minutes, or as long as one of their devices syncs.
  void set(UserNid user, State state, std::string status_msg, UserRooms const& rooms);
  /// A device waits for news until `deadline`: its user is there until then, and a little longer. `offline`
  /// leaves everything as it is.
  void syncs(UserNid user, State state, SteadyTime deadline, UserRooms const& rooms);

  /// Whether a change of `user`'s presence may be news to somebody in `rooms`: they shared one when `user`
  /// last did something. Who is shown it in the end is decided by `RoomService::share_a_room`.
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
    std::vector<RoomNid> joined;
  };
  Person& person_in(UserNid user, UserRooms const& rooms);
  void change(UserNid user, State state, std::string status_msg);
  void stay(UserNid user, SteadyTime until);
  void look_again(UserNid user);

  RoomService& rooms_;
  Use use_;
  std::map<UserNid, Person> people_;
  std::map<std::int64_t, UserNid> changes_;  ///< one entry per person: their last change
};

[[nodiscard]] std::string_view to_text(Presence::State state);
/// None for what is no state.
[[nodiscard]] std::optional<Presence::State> parse_presence(std::string_view text);

}  // namespace torg::matrix
