#include "db/sqlite/simulated_locks.hpp"

#include <algorithm>

#include <sqlite3.h>

namespace torg::db {

template <class Conflicts>
bool SimulatedLocks::others(Holder holder, Conflicts conflicts) const {
  return std::ranges::any_of(
      held_, [&](auto const& entry) { return entry.first != holder && conflicts(entry.second); });
}

/// The five levels of https://www.sqlite.org/lockingv3.html, "Locking".
bool SimulatedLocks::lock(Holder holder, int level) {
  auto& mine = held_[holder];
  if (mine.level >= level) return true;
  constexpr int kPending = 3;
  switch (level) {
    case SQLITE_LOCK_SHARED:
      if (others(holder, [](Held const& h) { return h.level >= kPending; })) return false;
      break;
    case SQLITE_LOCK_RESERVED:
      if (others(holder, [](Held const& h) { return h.level >= SQLITE_LOCK_RESERVED; })) return false;
      break;
    default:
      if (others(holder, [](Held const& h) { return h.level >= SQLITE_LOCK_RESERVED; })) return false;
      if (others(holder, [](Held const& h) { return h.level >= SQLITE_LOCK_SHARED; })) {
        mine.level = kPending;  // no new readers while it waits for the old ones
        return false;
      }
  }
  mine.level = level;
  return true;
}

void SimulatedLocks::unlock(Holder holder, int level) { held_[holder].level = level; }

bool SimulatedLocks::is_reserved() const {
  return std::ranges::any_of(held_,
                             [](auto const& entry) { return entry.second.level >= SQLITE_LOCK_RESERVED; });
}

bool SimulatedLocks::lock_shared(Holder holder, int slot) {
  auto const at = static_cast<std::size_t>(slot);
  if (others(holder, [at](Held const& h) { return h.exclusive[at]; })) return false;
  held_[holder].shared[at] = true;
  return true;
}

bool SimulatedLocks::lock_exclusive(Holder holder, int first, int count) {
  for (int slot = first; slot < first + count; ++slot) {
    auto const at = static_cast<std::size_t>(slot);
    if (others(holder, [at](Held const& h) { return h.exclusive[at] || h.shared[at]; })) return false;
  }
  for (int slot = first; slot < first + count; ++slot)
    held_[holder].exclusive[static_cast<std::size_t>(slot)] = true;
  return true;
}

void SimulatedLocks::unlock_slots(Holder holder, int first, int count) {
  for (int slot = first; slot < first + count; ++slot) {
    held_[holder].shared[static_cast<std::size_t>(slot)] = false;
    held_[holder].exclusive[static_cast<std::size_t>(slot)] = false;
  }
}

void volatile* SimulatedLocks::map(Holder holder, std::size_t region, std::size_t size, bool extend) {
  held_[holder].maps = true;
  if (region >= regions_.size() && !extend) return nullptr;
  while (regions_.size() <= region)
    regions_.push_back(std::make_unique<std::vector<std::uint64_t>>(size / sizeof(std::uint64_t)));
  return regions_[region]->data();
}

void SimulatedLocks::unmap(Holder holder) {
  unlock_slots(holder, 0, kSlots);
  held_[holder].maps = false;
  if (!others(holder, [](Held const& h) { return h.maps; })) regions_.clear();
}

void SimulatedLocks::forget(Holder holder) {
  unmap(holder);
  held_.erase(holder);
}

}  // namespace torg::db
