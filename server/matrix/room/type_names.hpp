#pragma once
#include "db/database.hpp"
#include "net/buckets.hpp"

#include <deque>
#include <mutex>
#include <unordered_map>

namespace torg::matrix {

/// Event types as small numbers. A new type gets its number in memory at once; every write that uses it
/// stores the pair (doing nothing when it is there) until one of them has committed. May be asked from the
/// threads that read on PostgreSQL, too.
///
/// They stay for good, so `RoomService` lets nobody make up more than `kNewOfOne`, and all together `kMost`.
class TypeNames {
 public:
  static constexpr std::size_t kMost = 1 << 20;
  static constexpr net::Rate kNewOfOne{.burst = 100, .interval = std::chrono::minutes{1}};

  void load(db::Reader& reader);

  struct Known {
    std::int32_t nid;
    std::string_view name;  ///< lives as long as this object
    bool stored;
  };
  [[nodiscard]] Known intern(std::string_view name);
  /// 0 when nobody has used the type yet.
  [[nodiscard]] std::int32_t find(std::string_view name) const;
  [[nodiscard]] std::string_view name(std::int32_t nid) const;
  [[nodiscard]] std::size_t size() const;
  void mark_stored(std::int32_t nid);

  static void store(db::Transaction& transaction, std::int32_t nid, std::string_view name);

 private:
  struct Entry {
    std::string name;
    bool stored;
  };
  mutable std::mutex mutex_;
  std::deque<Entry> names_;  ///< a deque: views into it must not move
  std::unordered_map<std::string_view, std::int32_t> by_name_;
};

}  // namespace torg::matrix
