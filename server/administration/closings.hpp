#pragma once
#include "administration/rooms.hpp"
#include "runtime/task_group.hpp"

namespace torg::administration {

/// Closing rooms: everybody leaves, the aliases go, nobody comes back if it is blocked too; what was said
/// stays, for assessment and disposal. Durable: what a crash interrupts goes on at the next start.
class Closings {
 public:
  Closings(Services services, Rooms& rooms) : services_(services), rooms_(rooms), tasks_(services.runtime) {}

  /// Goes on with what was interrupted.
  void start();
  Task<> stop() { return tasks_.join(); }

  enum class Block : std::uint8_t { no, yes };
  struct Wanted {
    RoomNid room;
    Block block = Block::yes;
    /// A room that people are moved to: who makes it, how it is called, what it says; 0: there is none.
    UserNid successor_maker{};
    std::string successor_name{};
    std::string message{};
  };
  /// Begins. @return the number to ask for
  [[nodiscard]] Task<Result<std::int64_t>> begin(Act act, Wanted wanted);
  /// The same, and waits for the end.
  [[nodiscard]] Task<Result<Closing>> close(Act act, Wanted wanted);

  /// `not_found`
  [[nodiscard]] Task<Result<Closing>> find(std::int64_t closing);
  [[nodiscard]] Task<Result<std::vector<Closing>>> of_room(RoomNid room);
  [[nodiscard]] Task<Result<std::vector<Closing>>> unfinished();
  /// The room has somebody whom nobody could make leave.
  [[nodiscard]] Task<Result<std::vector<UserNid>>> still_there(RoomNid room);
  /// Who has left because the room was closed.
  [[nodiscard]] Task<Result<std::vector<UserNid>>> sent_out(RoomNid room);

 private:
  [[nodiscard]] Task<Result<Closing>> record(Act act, Wanted wanted);
  [[nodiscard]] Task<> run(Closing closing);
  [[nodiscard]] Task<Result<>> make_successor(Closing& closing);
  [[nodiscard]] Task<> move(Closing const& closing, UserNid user);
  [[nodiscard]] Task<> remove_aliases(Closing& closing);
  [[nodiscard]] Task<> unlist(RoomNid room);

  Services services_;
  Rooms& rooms_;
  TaskGroup tasks_;
};

}  // namespace torg::administration
