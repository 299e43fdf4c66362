#pragma once
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

namespace torg {

/// Whether somebody outside the cache holds the value. Plain values can't be held.
template <class T>
[[nodiscard]] bool is_held(T const&) {
  return false;
}
template <class T>
[[nodiscard]] bool is_held(std::shared_ptr<T> const& value) {
  return value.use_count() > 1;
}

/// Values by key under a budget of bytes: what was used longest ago goes first.
///
/// A shared value that somebody holds never goes, or it would be loaded a second time and there would be two
/// of it: it counts as used just now. So the budget bounds what nobody needs at the moment; what is in use is
/// bounded by the work in progress. A budget of zero keeps nothing that isn't in use. How many bytes a value
/// takes its owner says, roughly.
template <class Key, class Value, class Hash = std::hash<Key>>
class LruCache {
 public:
  explicit LruCache(std::size_t budget) : budget_(budget) {}

  /// Null when it isn't here. Counts as a use. The pointer is good until the next call of a member.
  [[nodiscard]] Value* find(Key const& key) {
    auto const found = by_key_.find(key);
    if (found == by_key_.end()) return nullptr;
    order_.splice(order_.begin(), order_, found->second);
    return &found->second->value;
  }

  /// Puts a value in, in place of what was there, and lets go of others.
  void put(Key const& key, Value value, std::size_t bytes) {
    erase(key);
    order_.push_front({key, std::move(value), bytes + kOverhead});
    by_key_.emplace(key, order_.begin());
    bytes_ += bytes + kOverhead;
    shrink();
  }

  /// The value has grown or shrunk. No effect when it isn't here.
  void resize(Key const& key, std::size_t bytes) {
    auto const found = by_key_.find(key);
    if (found == by_key_.end()) return;
    bytes_ += bytes + kOverhead - std::exchange(found->second->bytes, bytes + kOverhead);
    shrink();
  }

  void erase(Key const& key) {
    auto const found = by_key_.find(key);
    if (found == by_key_.end()) return;
    bytes_ -= found->second->bytes;
    [[maybe_unused]] auto const gone = std::move(found->second->value);  // dies last: it may call back
    order_.erase(found->second);
    by_key_.erase(found);
  }

  /// Before a value is loaded from where it is stored: the flag turns true when `note_change` says meanwhile
  /// that what is stored has changed. Then load again; there may be nobody here who would have seen the
  /// change.
  [[nodiscard]] std::shared_ptr<bool const> watch(Key const& key) {
    std::erase_if(loads_, [](auto const& load) { return load.second.expired(); });
    auto changed = std::make_shared<bool>(false);
    loads_.emplace_back(key, changed);
    return changed;
  }
  void note_change(Key const& key) {
    for (auto const& [loading, changed] : loads_) {
      if (auto const flag = changed.lock(); flag && loading == key) *flag = true;
    }
  }

  [[nodiscard]] std::size_t size() const { return by_key_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  struct Entry {
    Key key;
    Value value;
    std::size_t bytes;
  };
  /// List node, hash node and bucket.
  static constexpr std::size_t kOverhead = sizeof(Entry) + sizeof(Key) + 64;
  /// How many held values one call looks at in vain: they go to the front, so the next call sees others.
  static constexpr int kPatience = 8;

  void shrink() {
    // A value larger than all of the budget would be loaded at every use: one stays.
    std::size_t const least = budget_ == 0 ? 0 : 1;
    for (int held = 0; bytes_ > budget_ && held < kPatience && order_.size() > least;) {
      auto const oldest = std::prev(order_.end());
      if (is_held(oldest->value)) {
        order_.splice(order_.begin(), order_, oldest);
        ++held;
      } else {
        erase(Key(oldest->key));
      }
    }
  }

  std::size_t budget_;
  std::size_t bytes_ = 0;
  std::list<Entry> order_;  ///< the newest use first
  std::unordered_map<Key, typename std::list<Entry>::iterator, Hash> by_key_;
  std::vector<std::pair<Key, std::weak_ptr<bool>>> loads_;  ///< under way; empty but for moments
};

}  // namespace torg
