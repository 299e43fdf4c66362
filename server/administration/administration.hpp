#pragma once
#include "administration/closings.hpp"
#include "administration/files.hpp"
#include "administration/guest_rooms.hpp"
#include "administration/notices.hpp"
#include "administration/rooms.hpp"
#include "administration/users.hpp"
#include "net/buckets.hpp"

namespace torg::administration {

/// Something that waits to be done in the background, and how much of it.
struct Queue {
  std::string name, help;
  std::function<std::int64_t(db::Reader&)> waiting;
};

/// How much one person may send, other than everybody else; a burst of 0: as much as they like.
using SetRate = std::function<void(UserNid, std::optional<net::Rate>)>;

/// The public face of this slice: what administrators do, for the own API and for tools that speak another
/// server's. Each act is decided and written into the audit log here, whichever way it comes.
class Administration {
 public:
  Administration(Services services, matrix::MediaAdministration& media, Notices::Sender sender,
                 std::vector<Queue> queues, SetRate set_rate);

  /// Loads what must be in memory and goes on with what was interrupted.
  void start();
  Task<> stop();

  [[nodiscard]] Services const& services() const { return services_; }
  [[nodiscard]] identity::Identity& identity() { return services_.identity; }
  [[nodiscard]] Users& users() { return users_; }
  [[nodiscard]] Rooms& rooms() { return rooms_; }
  [[nodiscard]] Closings& closings() { return closings_; }
  [[nodiscard]] Notices& notices() { return notices_; }
  [[nodiscard]] Files& files() { return files_; }

  /// For the policy of rooms: whether an act of a person is refused for a reason of this slice.
  [[nodiscard]] Result<> may(matrix::RoomPolicy::Intent const& intent) const;

  /// None: as everybody.
  [[nodiscard]] std::optional<net::Rate> rate_of(UserNid user) const;
  [[nodiscard]] Task<Result<>> set_rate(Act act, UserNid user, std::optional<net::Rate> rate);

  struct Waiting {
    std::string name, help;
    std::int64_t waiting = 0;
  };
  [[nodiscard]] Task<Result<std::vector<Waiting>>> queues();

 private:
  Services services_;
  Users users_;
  Rooms rooms_;
  Closings closings_;
  Notices notices_;
  Files files_;
  GuestRooms guest_rooms_;
  std::vector<Queue> queues_;
  SetRate set_rate_;
  std::map<UserNid, net::Rate> rates_;
};

}  // namespace torg::administration
