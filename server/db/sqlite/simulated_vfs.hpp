#pragma once
#include "db/sqlite/simulated_disk.hpp"

#include <functional>

namespace torg::db {

/// SQLite on a simulated disk: several connections in one process share it, WAL and all. Deterministic: the
/// random numbers that SQLite asks for come from the disk's seed, the time from `now`, and sleeping takes
/// none.
///
///     SimulatedVfs vfs("node-1", seed);
///     vfs.make_default();
///     auto database = open_sqlite(runtime, {.path = "/torg.db", .vfs = vfs.name(), .lane =
///     LaneThread::offload}); vfs.disk().crash();  // then destroy the server, then vfs.disk().reboot(); //
///     and open again
///
/// Connections are closed before it is destroyed. Any thread may use a connection; `disk()` is for when none
/// is in use.
class SimulatedVfs {
 public:
  /// `name` is unique in the process. `now` gives UTC milliseconds; without it SQLite believes in one moment
  /// in 2025.
  SimulatedVfs(std::string name, std::uint64_t seed, SimulatedDisk::Image const& image = {},
               std::function<std::int64_t()> now = {});
  ~SimulatedVfs();
  SimulatedVfs(SimulatedVfs const&) = delete;
  SimulatedVfs& operator=(SimulatedVfs const&) = delete;

  /// For `SqliteOptions::vfs`.
  [[nodiscard]] std::string const& name() const;
  [[nodiscard]] SimulatedDisk& disk();

  /// Makes it SQLite's default and starts SQLite's own generator anew from it: that one belongs to the
  /// process and is seeded from the default VFS once, so a seed would otherwise replay differently alone than
  /// after others. Lasts until the object is destroyed.
  void make_default();

  struct Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace torg::db
