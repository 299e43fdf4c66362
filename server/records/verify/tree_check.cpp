// The tree is stored as the hashes of its perfect subtrees (crypto/merkle.cpp). When a leaf was changed and
// the hashes above it were not, exactly the pair above it doesn't fit; when leaves were moved, the pairs
// they left and came to don't. A pair's hash tells in which order which two leaves belong there, so trying
// the few suspects finds the old order.
#include "records/verify/tree_check.hpp"

#include "crypto/merkle.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include <fmt/format.h>

namespace torg::records {
namespace {

constexpr std::int64_t kPage = 4096;
constexpr std::size_t kMostSuspects = 128;  ///< so that a wholly wrong log costs no more than 128² hashes

std::optional<crypto::Sha256> to_hash(std::string_view bytes) {
  crypto::Sha256 hash;
  if (bytes.size() != hash.size()) return std::nullopt;
  std::memcpy(hash.data(), bytes.data(), hash.size());
  return hash;
}

}  // namespace

std::optional<crypto::Sha256> TreeCheck::Level::at(std::int64_t index) {
  for (;;) {
    for (; next_ < page_.size(); ++next_) {
      if (page_[next_].index == index) return to_hash(page_[next_].hash);
      if (page_[next_].index > index) return std::nullopt;
    }
    if (ended_) return std::nullopt;
    page_ = verify_store::nodes(reader_, level_, std::max(from_, index), kPage);
    next_ = 0;
    ended_ = page_.empty();
    if (!ended_) from_ = page_.back().index + 1;
  }
}

void TreeCheck::leaf(std::int64_t index, crypto::Sha256 const& hash) {
  if (index % 2 == 0) {
    left_ = {index, hash};
    return;
  }
  auto const left = std::exchange(left_, std::nullopt);
  auto const above = above_.at(index / 2);
  if (!above) {
    report_.add({FindingKind::missing,
                 index,
                 {},
                 fmt::format("the tree's hash above leaves {} and {} is missing", index - 1, index)});
    return;
  }
  std::vector<std::pair<std::int64_t, crypto::Sha256>> leaves{{index, hash}};
  if (left && left->first == index - 1) leaves.push_back(*left);
  if (leaves.size() == 2 && crypto::node_hash(left->second, hash) == *above) return;
  misfit({index - 1, true, *above}, leaves);
}

void TreeCheck::misfit(Misfit misfit, std::vector<std::pair<std::int64_t, crypto::Sha256>> const& leaves) {
  if (suspects_.size() < kMostSuspects) suspects_.insert(leaves.begin(), leaves.end());
  if (leaves.size() == 2 || !misfit.pair) misfits_.push_back(misfit);
}

void TreeCheck::belongs(std::int64_t index, std::int64_t place) {
  if (place_of_.size() < kMostSuspects) place_of_[index] = place;
}

void TreeCheck::check_level(int level, std::int64_t count) {
  Level below(reader_, level - 1), here(reader_, level);
  for (std::int64_t index = 0; index < count; ++index) {
    auto const left = below.at(2 * index), right = below.at(2 * index + 1), stored = here.at(index);
    if (!left || !right || (stored && crypto::node_hash(*left, *right) == *stored)) continue;
    auto const first = index << level, last = ((index + 1) << level) - 1;
    report_.add({stored ? FindingKind::changed : FindingKind::missing,
                 std::nullopt,
                 {},
                 fmt::format("the tree's hash over leaves {} to {} {}", first, last,
                             stored ? "does not fit the two below it" : "is missing")});
  }
}

/// The right edge repeats hashes that stand elsewhere, but for a last leaf without a neighbour.
void TreeCheck::check_edge(std::int64_t size) {
  auto const edge = verify_store::edge(reader_);
  if (!edge || edge->size != size) return;  // said with the log's length
  auto hashes = std::string_view(edge->hashes);
  std::int64_t begin = 0;
  for (auto rest = static_cast<std::uint64_t>(size); rest != 0; rest -= std::bit_floor(rest)) {
    auto const level = std::countr_zero(std::bit_floor(rest));
    auto const stored = to_hash(hashes.substr(0, std::min<std::size_t>(hashes.size(), 32)));
    hashes.remove_prefix(std::min<std::size_t>(hashes.size(), 32));
    auto const rows = verify_store::nodes(reader_, level, begin >> level, 1);
    auto const expected = level == 0 && left_ && left_->first == begin       ? std::optional(left_->second)
                          : !rows.empty() && rows[0].index == begin >> level ? to_hash(rows[0].hash)
                                                                             : std::nullopt;
    if (expected && stored != expected) {
      if (level == 0 && stored)
        misfit({begin, false, *stored}, {{begin, *expected}});
      else
        report_.add({FindingKind::changed, std::nullopt, {}, "the log's right edge does not fit its tree"});
    }
    begin += std::int64_t{1} << level;
  }
}

void TreeCheck::place_leaf(std::int64_t place, std::int64_t leaf) {
  if (place != leaf) place_of_[leaf] = place;
}

/// Finds for each misfit the suspects that make its hash.
void TreeCheck::resolve() {
  for (auto const& misfit : misfits_) {
    bool found = false;
    for (auto const& [a, left] : suspects_) {
      if (!misfit.pair && left == misfit.above) place_leaf(misfit.first, a), found = true;
      for (auto const& [b, right] : suspects_) {
        if (found || !misfit.pair || crypto::node_hash(left, right) != misfit.above) continue;
        place_leaf(misfit.first, a);
        place_leaf(misfit.first + 1, b);
        found = true;
      }
    }
    if (found) continue;
    report_.add(
        {FindingKind::changed,
         misfit.first,
         {},
         misfit.pair
             ? fmt::format("leaf {} or {} was changed: the tree's hash above them does not fit", misfit.first,
                           misfit.first + 1)
             : fmt::format("leaf {} was changed: the log's right edge does not fit it", misfit.first)});
  }
}

void TreeCheck::say_moves() {
  for (auto const& [leaf, place] : place_of_) {
    auto const back = place_of_.find(place);
    bool const swapped = back != place_of_.end() && back->second == leaf;
    moved_.insert(leaf);
    moved_.insert(place);
    if (swapped && leaf > place) continue;  // said once
    report_.add({FindingKind::changed,
                 leaf,
                 {},
                 swapped ? fmt::format("leaves {} and {} changed places", leaf, place)
                         : fmt::format("leaf {} stood at place {}", leaf, place)});
  }
}

void TreeCheck::finish(std::int64_t size) {
  check_edge(size);
  resolve();
  say_moves();
  for (int level = 2; (size >> level) > 0; ++level) check_level(level, size >> level);
}

}  // namespace torg::records
