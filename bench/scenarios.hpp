#pragma once
#include "matrix.hpp"

#include <string>
#include <sys/types.h>
#include <vector>

namespace bench {

/// What `prepare` made and the other phases use; kept in a file, since the server is restarted between them.
struct World {
  std::vector<User> users;
  User traveller;                    ///< is in many rooms, alone in each
  std::string one_room;              ///< the first 64 users are in it
  std::vector<std::string> hundred;  ///< user i is in room r when r - i, modulo 64, is less than 8
  std::string delivery_room;         ///< 200 readers and a sender
  std::string growing_room;          ///< 400 members, for joins among 500
};

struct Target {
  ServerAddress address;
  pid_t process = 0;
  std::string secret;       ///< of registration
  double seconds = 5;       ///< for each closed-loop measurement
  std::size_t rooms = 500;  ///< of the traveller
};

void save(World const& world, std::string const& file);
[[nodiscard]] World load(std::string const& file);

/// Registers the users and makes the rooms.
[[nodiscard]] World prepare(Target const& target);
/// Sends into one room by 1, 8 and 64 senders, then over 100 rooms by 64.
void measure_sends(Target const& target, World const& world);
/// Creates `rooms` rooms, all the traveller's.
void measure_creation(Target const& target, World const& world);
/// Joins that bring a room from 400 to 500 members; works once for a world.
void measure_joins(Target const& target, World const& world);
/// 100 messages a second to 200 waiting syncs.
void measure_delivery(Target const& target, World const& world);
/// Empty incremental syncs, initial syncs and first pages of sliding syncs of the traveller.
void measure_syncs(Target const& target, World const& world);
/// The first sliding sync of the traveller after a start.
void measure_cold_sliding_sync(Target const& target, World const& world);
/// What the server's memory grows by for each of 500 waiting sliding syncs of as many users.
void measure_sliding_polls(Target const& target, World const& world);
/// The first initial sync after a start.
void measure_cold_sync(Target const& target, World const& world);
/// Uploads photographs and fetches thumbnails of them in five sizes; the uploads count too.
void measure_thumbnails(Target const& target, World const& world);
/// Lifts by 64 lifters, each of one message. The server has the demo organisation; needs no `World`.
void measure_lifts(Target const& target);
/// Fills a registrar's queue with 100,000 items and opens its first page. As above.
void measure_queue(Target const& target);

// Large: each makes its own users and rooms and needs no `World`.

/// Searches of one word and of two, by date and by rank, of a user in 50 rooms with `messages` messages in
/// all.
void measure_search(Target const& target, std::size_t messages);
/// One client pages back through 100,000 events, 100 at a time.
void measure_history(Target const& target);
/// What a signed-in user with an open sync costs in memory, among 2,000 of them.
void measure_idle(Target const& target);
/// The last joins, the list of members and lazy initial syncs of a room with 20,000 members.
void measure_crowd(Target const& target);

}  // namespace bench
