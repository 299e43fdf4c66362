#pragma once
#include "crypto/hash.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace torg::crypto {

// Merkle tree hashing of RFC 9162, section 2.1. Leaves are given as leaf *hashes*.

[[nodiscard]] Sha256 leaf_hash(std::string_view leaf);                    ///< SHA-256(0x00 ‖ leaf)
[[nodiscard]] Sha256 node_hash(Sha256 const& left, Sha256 const& right);  ///< SHA-256(0x01 ‖ left ‖ right)
[[nodiscard]] Sha256 empty_root();

/// Reads the hash of the perfect subtree that covers leaves [index·2^level, (index+1)·2^level).
using ReadNode = std::function<Sha256(unsigned level, std::uint64_t index)>;

/// A tree that only grows, as its right edge: O(log n) memory, O(1) amortised per append.
class MerkleAppender {
 public:
  struct Node {
    unsigned level;
    std::uint64_t index;
    Sha256 hash;
  };
  MerkleAppender() = default;
  /// Continues a tree of `size` leaves whose perfect subtrees are stored.
  MerkleAppender(std::uint64_t size, ReadNode const& read);

  /// @return the perfect subtrees that became complete, lowest first; store each, write-once
  std::vector<Node> append(Sha256 const& leaf);
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] Sha256 root() const;

 private:
  std::uint64_t size_ = 0;
  std::vector<Sha256> edge_;  ///< hashes of the perfect subtrees of the binary digits of size, largest first
};

/// @pre leaf < size
[[nodiscard]] std::vector<Sha256> inclusion_proof(std::uint64_t leaf, std::uint64_t size,
                                                  ReadNode const& read);
/// @pre 0 < old_size <= size
[[nodiscard]] std::vector<Sha256> consistency_proof(std::uint64_t old_size, std::uint64_t size,
                                                    ReadNode const& read);

[[nodiscard]] bool verify_inclusion(std::uint64_t leaf, std::uint64_t size, Sha256 const& leaf_hash,
                                    std::span<Sha256 const> proof, Sha256 const& root);
[[nodiscard]] bool verify_consistency(std::uint64_t old_size, std::uint64_t size, Sha256 const& old_root,
                                      Sha256 const& root, std::span<Sha256 const> proof);

}  // namespace torg::crypto
