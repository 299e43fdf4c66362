// The Merkle tree of RFC 9162, section 2.1: https://www.rfc-editor.org/rfc/rfc9162#section-2.1
//
// A tree of n leaves splits at k, the largest power of two below n: the left side is a perfect tree that
// never changes again, the right side is a smaller tree of the same kind. So everything about a tree can be
// said with the hashes of the perfect subtrees (level, index), which are stored once when they become
// complete, and a proof reads O(log n).
#include "crypto/merkle.hpp"

#include <bit>
#include <utility>

namespace torg::crypto {
namespace {

/// The largest power of two smaller than `n`. @pre n > 1
std::uint64_t split(std::uint64_t n) { return std::bit_floor(n - 1); }

/// MTH of the leaves [begin, begin + count). @pre begin is a multiple of bit_ceil(count), count > 0
Sha256 range_hash(std::uint64_t begin, std::uint64_t count, ReadNode const& read) {
  if (std::has_single_bit(count)) {
    auto const level = static_cast<unsigned>(std::countr_zero(count));
    return read(level, begin >> level);
  }
  auto const k = split(count);
  return node_hash(range_hash(begin, k, read), range_hash(begin + k, count - k, read));
}

/// Takes the next hash of a proof; none when it is used up.
class Proof {
 public:
  explicit Proof(std::span<Sha256 const> hashes) : rest_(hashes) {}
  [[nodiscard]] bool empty() const { return rest_.empty(); }
  Sha256 take() {
    auto const hash = rest_.front();
    rest_ = rest_.subspan(1);
    return hash;
  }

 private:
  std::span<Sha256 const> rest_;
};

}  // namespace

Sha256 leaf_hash(std::string_view leaf) {
  std::string_view const pieces[] = {std::string_view("\x00", 1), leaf};
  return sha256(pieces);
}

Sha256 node_hash(Sha256 const& left, Sha256 const& right) {
  std::string_view const pieces[] = {"\x01", view(left), view(right)};
  return sha256(pieces);
}

Sha256 empty_root() { return sha256(std::string_view()); }

MerkleAppender::MerkleAppender(std::uint64_t size, ReadNode const& read) : size_(size) {
  std::uint64_t begin = 0;
  for (auto rest = size; rest != 0; rest -= std::bit_floor(rest)) {
    auto const count = std::bit_floor(rest);
    auto const level = static_cast<unsigned>(std::countr_zero(count));
    edge_.push_back(read(level, begin >> level));
    begin += count;
  }
}

std::vector<MerkleAppender::Node> MerkleAppender::append(Sha256 const& leaf) {
  std::vector<Node> completed{{0, size_, leaf}};
  // Adding one to the size carries through its low one bits; each carry joins two perfect trees.
  unsigned level = 0;
  for (auto digits = size_; (digits & 1) != 0; digits >>= 1) {
    auto const joined = node_hash(edge_.back(), completed.back().hash);
    edge_.pop_back();
    ++level;
    completed.push_back({level, size_ >> level, joined});
  }
  edge_.push_back(completed.back().hash);
  ++size_;
  return completed;
}

Sha256 MerkleAppender::root() const {
  if (edge_.empty()) return empty_root();
  auto hash = edge_.back();
  for (auto i = edge_.size() - 1; i-- > 0;) hash = node_hash(edge_[i], hash);
  return hash;
}

// RFC 9162, section 2.1.3.1
std::vector<Sha256> inclusion_proof(std::uint64_t leaf, std::uint64_t size, ReadNode const& read) {
  std::vector<Sha256> downwards;
  std::uint64_t begin = 0;
  for (auto count = size; count > 1;) {
    auto const k = split(count);
    if (leaf - begin < k) {
      downwards.push_back(range_hash(begin + k, count - k, read));
      count = k;
    } else {
      downwards.push_back(range_hash(begin, k, read));
      begin += k;
      count -= k;
    }
  }
  return {downwards.rbegin(), downwards.rend()};
}

// RFC 9162, section 2.1.4.1
std::vector<Sha256> consistency_proof(std::uint64_t old_size, std::uint64_t size, ReadNode const& read) {
  std::vector<Sha256> downwards;
  std::uint64_t begin = 0;
  auto count = size;
  bool known = true;  // the verifier knows the root of the part we stand on ("b" in the RFC)
  for (auto m = old_size; m != count;) {
    auto const k = split(count);
    if (m <= k) {
      downwards.push_back(range_hash(begin + k, count - k, read));
      count = k;
    } else {
      downwards.push_back(range_hash(begin, k, read));
      begin += k;
      count -= k;
      m -= k;
      known = false;
    }
  }
  if (!known) downwards.push_back(range_hash(begin, count, read));
  return {downwards.rbegin(), downwards.rend()};
}

// RFC 9162, section 2.1.3.2; the steps are its numbers.
bool verify_inclusion(std::uint64_t leaf, std::uint64_t size, Sha256 const& leaf_hash,
                      std::span<Sha256 const> proof, Sha256 const& root) {
  if (leaf >= size) return false;  // 1
  auto fn = leaf, sn = size - 1;   // 2
  auto r = leaf_hash;              // 3
  for (auto const& p : proof) {    // 4
    if (sn == 0) return false;
    if ((fn & 1) != 0 || fn == sn) {
      r = node_hash(p, r);
      while ((fn & 1) == 0 && fn != 0) fn >>= 1, sn >>= 1;
    } else {
      r = node_hash(r, p);
    }
    fn >>= 1;
    sn >>= 1;
  }
  return sn == 0 && r == root;  // 5
}

// RFC 9162, section 2.1.4.2; the steps are its numbers.
bool verify_consistency(std::uint64_t old_size, std::uint64_t size, Sha256 const& old_root,
                        Sha256 const& root, std::span<Sha256 const> proof) {
  if (old_size == 0 || old_size > size) return false;
  if (old_size == size) return proof.empty() && old_root == root;
  if (proof.empty()) return false;  // 1
  Proof rest(proof);
  auto const first = std::has_single_bit(old_size) ? old_root : rest.take();  // 2
  auto fn = old_size - 1, sn = size - 1;                                      // 3
  while ((fn & 1) != 0) fn >>= 1, sn >>= 1;                                   // 4
  auto fr = first, sr = first;                                                // 5
  while (!rest.empty()) {                                                     // 6
    auto const c = rest.take();
    if (sn == 0) return false;
    if ((fn & 1) != 0 || fn == sn) {
      fr = node_hash(c, fr);
      sr = node_hash(c, sr);
      while ((fn & 1) == 0 && fn != 0) fn >>= 1, sn >>= 1;
    } else {
      sr = node_hash(sr, c);
    }
    fn >>= 1;
    sn >>= 1;
  }
  return fr == old_root && sr == root && sn == 0;  // 7
}

}  // namespace torg::crypto
