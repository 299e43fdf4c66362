#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace torg::db {

/// Who holds which lock on one file, and the shared memory of its WAL index. Holders are told apart by
/// address, and only compared. Lock levels and flags are SQLite's numbers.
class SimulatedLocks {
 public:
  using Holder = void const*;
  static constexpr int kSlots = 8;  ///< SQLITE_SHM_NLOCK

  /// @return false when somebody else is in the way
  [[nodiscard]] bool lock(Holder holder, int level);
  void unlock(Holder holder, int level);
  [[nodiscard]] bool is_reserved() const;

  [[nodiscard]] bool lock_shared(Holder holder, int slot);
  [[nodiscard]] bool lock_exclusive(Holder holder, int first, int count);
  void unlock_slots(Holder holder, int first, int count);

  /// @return the region's memory, zeroed when new; null when there is none and `extend` is false
  [[nodiscard]] void volatile* map(Holder holder, std::size_t region, std::size_t size, bool extend);
  /// The memory goes with the last that maps it.
  void unmap(Holder holder);
  void forget(Holder holder);

 private:
  struct Held {
    int level = 0;
    bool maps = false;
    std::array<bool, kSlots> shared{};
    std::array<bool, kSlots> exclusive{};
  };
  template <class Conflicts>
  [[nodiscard]] bool others(Holder holder, Conflicts conflicts) const;

  std::map<Holder, Held> held_;
  std::vector<std::unique_ptr<std::vector<std::uint64_t>>> regions_;
};

}  // namespace torg::db
