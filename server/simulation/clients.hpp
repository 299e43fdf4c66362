#pragma once
#include "simulation/model.hpp"
#include "simulation/server.hpp"

namespace torg::simulation {

/// What the clients of one world share.
struct Clients {
  SimulatedSchedule& schedule;
  SimulatedRuntime& outside;
  Server& server;
  Founding const& founding;
  Model& model;
  std::size_t writing = 0;  ///< senders, lifters and amenders that have not finished
  std::size_t reading = 0;
  std::map<std::string, std::vector<Timeline>> read;  ///< by room, of readers that have finished

  /// Something is wrong already: clients stop where they are.
  [[nodiscard]] bool broken() const { return !model.failures().empty() || !server.failures().empty(); }
};

/// Sends `count` messages, each until it is acknowledged, and now and then one more time.
Task<> send_messages(Clients& clients, std::size_t who, int count);
/// Lifts `count` acknowledged messages for its own board, now or later, each until it is committed.
Task<> lift_messages(Clients& clients, std::size_t who, int count);
/// Does `count` things to what is there already: edits and redacts messages, corrects, shows and takes down
/// records, disposes of one.
Task<> amend(Clients& clients, int count);
/// Follows all rooms by sync until nobody writes any more; short timelines, so that gaps have to be filled.
Task<> follow(Clients& clients, std::size_t who);
/// After the last crash: reads everything anew and lets the model judge.
Task<> inspect(Clients& clients);

/// After the last crash: the whole database is verified as `torg verify --data` does it.
Task<> verify_everything(Clients& clients);
/// A stranger follows every link of the public pages and finds no secret word.
Task<> walk_public_pages(Clients& clients);

/// A short time by the clock of a person who tries again.
Task<> pause(Clients& clients, std::uint64_t longest_ms);
/// Asks until there is an answer that counts. None: broken.
Task<std::optional<Reply>> insist(Clients& clients, std::function<Task<std::optional<Reply>>()> ask);

}  // namespace torg::simulation
