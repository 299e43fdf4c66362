#pragma once
#include "administration/acts.hpp"
#include "administration/store.hpp"

#include <set>

namespace torg::administration {

/// What administrators see of rooms and do to them, without reading what is said there. On the executor.
class Rooms {
 public:
  explicit Rooms(Services services) : services_(services) {}

  void load();

  struct Query {
    std::string search{};  ///< in names, main aliases and ids; empty: all rooms
    RoomOrder order = RoomOrder::name;
    Direction direction = Direction::forwards;
    Page page{};
  };
  [[nodiscard]] Task<Result<store::RoomPage>> list(Query query);
  /// `not_found`
  [[nodiscard]] Task<Result<RoomRow>> show(RoomNid room);
  [[nodiscard]] Task<Result<RoomNid>> find(std::string room_id);
  /// The current state, as a client in the room would see it; an entry in the audit log too.
  [[nodiscard]] Task<Result<json::array>> state(Act act, RoomNid room);

  /// Nobody joins a blocked room, is invited to it or knocks.
  [[nodiscard]] Task<Result<>> block(Act act, RoomNid room);
  [[nodiscard]] Task<Result<>> unblock(Act act, RoomNid room);
  [[nodiscard]] bool is_blocked(RoomNid room) const { return blocked_.contains(room); }
  [[nodiscard]] Task<Result<std::optional<UserNid>>> blocked_by(RoomNid room);

  /// Gives `user` the power to run the room, in the name of the most powerful member of this server; they are
  /// invited where they can't join by themselves. `forbidden` when nobody of this server has the power to
  /// give; `rule_refuses` for taking somebody into a room with a plan: only who is in it already can take it
  /// over.
  [[nodiscard]] Task<Result<>> take_over(Act act, RoomNid room, UserNid user);

  /// What people have reported of events; reading them is an entry in the audit log.
  [[nodiscard]] Task<Result<store::ReportPage>> event_reports(Act act, Page page);
  /// `not_found`
  [[nodiscard]] Task<Result<EventReport>> event_report(Act act, std::int64_t report);

  /// Takes a report off the list; it is kept, as what comes in to an authority is. `not_found`
  [[nodiscard]] Task<Result<>> close_report(Act act, std::int64_t report);

  /// Always an error, which says what happens to the room's content instead: `rule_refuses`.
  [[nodiscard]] static std::unexpected<Error> purge_refused();

 private:
  [[nodiscard]] static std::optional<UserNid> most_powerful(matrix::Room const& room,
                                                            identity::Identity const& identity);
  [[nodiscard]] Task<Result<>> bring_in(std::shared_ptr<matrix::Room> room, UserNid by, UserNid user);
  [[nodiscard]] Task<Result<>> give_power(std::shared_ptr<matrix::Room> room, UserNid by, UserNid user);

  Services services_;
  std::set<RoomNid> blocked_;
};

}  // namespace torg::administration
