#pragma once
#include "net/request_parser.hpp"
#include "runtime/task_group.hpp"

#include <vector>

namespace torg::net {

class Session;

/// The sessions of a server with one coarse deadline each, side by side in memory: a sweep over all costs
/// microseconds, setting one costs a store.
class Deadlines {
 public:
  using Slot = std::uint32_t;

  Slot add(Session& session);
  void remove(Slot slot);
  void set(Slot slot, SteadyTime due) { entries_[slot].due = due; }
  /// The sessions whose deadline has passed; it is cleared.
  [[nodiscard]] std::vector<Session*> take_due(SteadyTime now);
  [[nodiscard]] std::vector<Session*> all() const;
  [[nodiscard]] std::size_t size() const { return entries_.size() - free_.size(); }

 private:
  struct Entry {
    SteadyTime due = SteadyTime::max();
    Session* session = nullptr;
  };
  std::vector<Entry> entries_;
  std::vector<Slot> free_;
};

/// What all sessions of a server share. Sessions hold it, so a handler that ends after its server finds it
/// still there.
struct Core {
  Core(Runtime& runtime_, Router const& router_, Limits limits_, std::filesystem::path temporary_);

  Runtime& runtime;
  Router const& router;
  Limits limits;
  std::filesystem::path temporary;
  TaskGroup tasks;
  Deadlines deadlines;
  SteadyTime now{};                ///< of the last tick
  std::chrono::milliseconds tick;  ///< at most a second
  std::string common_headers;      ///< of the last tick
  std::size_t body_memory = 0;
  std::uint64_t last_request = 0;
  std::vector<std::string> trusted_proxies;
  bool stopping = false;

  // Scratch memory: filled and emptied between two suspensions, so one of each serves all sessions and an
  // idle connection has no buffer.
  std::vector<char> input;
  std::string output;

  [[nodiscard]] RequestId next_request() { return {++last_request}; }
};

}  // namespace torg::net
