#include "crypto/merkle.hpp"

#include "base/encoding.hpp"

#include <map>

#include <gtest/gtest.h>

namespace torg::crypto {
namespace {

constexpr std::uint64_t kLargest = 70;

/// A stored tree: what the appender handed out, readable by (level, index).
struct Tree {
  MerkleAppender appender;
  std::map<std::pair<unsigned, std::uint64_t>, Sha256> nodes;
  std::vector<Sha256> leaves;
  std::vector<Sha256> roots{empty_root()};  ///< by size

  void add(std::string_view leaf) {
    leaves.push_back(leaf_hash(leaf));
    for (auto const& node : appender.append(leaves.back())) {
      ASSERT_TRUE(nodes.emplace(std::pair(node.level, node.index), node.hash).second) << "written twice";
    }
    roots.push_back(appender.root());
  }
  [[nodiscard]] ReadNode reader() const {
    return [this](unsigned level, std::uint64_t index) { return nodes.at({level, index}); };
  }
};

Tree tree_of(std::uint64_t size) {
  Tree tree;
  for (std::uint64_t i = 0; i < size; ++i) tree.add("leaf " + std::to_string(i));
  return tree;
}

/// MTH as section 2.1.1 defines it, by recursion over all leaves.
Sha256 defined_root(std::span<Sha256 const> leaves) {
  if (leaves.empty()) return empty_root();
  if (leaves.size() == 1) return leaves.front();
  std::size_t k = 1;
  while (k * 2 < leaves.size()) k *= 2;
  return node_hash(defined_root(leaves.first(k)), defined_root(leaves.subspan(k)));
}

TEST(Merkle, GivesTheRootsOfTheCertificateTransparencyVectors) {
  std::pair<std::string_view, std::string_view> const vectors[] = {
      {"", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
      {"00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
      {"10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
      {"2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
      {"3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
      {"40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
      {"5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
      {"606162636465666768696a6b6c6d6e6f",
       "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"},
  };
  Tree tree;
  EXPECT_EQ(hex_encode(view(tree.appender.root())),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (auto const& [leaf, root] : vectors) {
    tree.add(*hex_decode(leaf));
    EXPECT_EQ(hex_encode(view(tree.appender.root())), root);
  }
}

TEST(Merkle, AgreesWithTheRecursiveDefinitionAtEverySize) {
  auto const tree = tree_of(kLargest);
  for (std::uint64_t size = 0; size <= kLargest; ++size) {
    EXPECT_EQ(tree.roots[size], defined_root(std::span(tree.leaves).first(size))) << size;
  }
}

TEST(Merkle, ContinuesAStoredTree) {
  auto const tree = tree_of(kLargest);
  for (std::uint64_t size = 0; size < kLargest; ++size) {
    MerkleAppender continued(size, tree.reader());
    EXPECT_EQ(continued.root(), tree.roots[size]);
    for (auto const& node : continued.append(tree.leaves[size])) {
      EXPECT_EQ(node.hash, tree.nodes.at({node.level, node.index}));
    }
    EXPECT_EQ(continued.root(), tree.roots[size + 1]);
  }
}

TEST(Merkle, ProvesEachLeafOfEachSizeAndNoOther) {
  auto const tree = tree_of(kLargest);
  for (std::uint64_t size = 1; size <= kLargest; ++size) {
    for (std::uint64_t leaf = 0; leaf < size; ++leaf) {
      auto proof = inclusion_proof(leaf, size, tree.reader());
      ASSERT_TRUE(verify_inclusion(leaf, size, tree.leaves[leaf], proof, tree.roots[size]))
          << leaf << "/" << size;
      ASSERT_FALSE(verify_inclusion(leaf, size, leaf_hash("other"), proof, tree.roots[size]));
      ASSERT_FALSE(verify_inclusion(leaf, size, tree.leaves[leaf], proof, tree.roots[size - 1]));
      ASSERT_FALSE(verify_inclusion(size, size, tree.leaves[leaf], proof, tree.roots[size]));
      proof.push_back(leaf_hash("surplus"));
      ASSERT_FALSE(verify_inclusion(leaf, size, tree.leaves[leaf], proof, tree.roots[size]));
    }
  }
}

TEST(Merkle, RefusesAShortenedOrAlteredInclusionProof) {
  auto const tree = tree_of(13);
  auto proof = inclusion_proof(7, 13, tree.reader());
  ASSERT_EQ(proof.size(), 4U);
  auto const last = proof.back();
  proof.pop_back();
  EXPECT_FALSE(verify_inclusion(7, 13, tree.leaves[7], proof, tree.roots[13]));
  proof.push_back(last);
  proof[1][0] ^= 1;
  EXPECT_FALSE(verify_inclusion(7, 13, tree.leaves[7], proof, tree.roots[13]));
}

TEST(Merkle, ProvesThatEachSizeContinuesEachSmallerOne) {
  auto const tree = tree_of(kLargest);
  for (std::uint64_t size = 1; size <= kLargest; ++size) {
    for (std::uint64_t old_size = 1; old_size <= size; ++old_size) {
      auto proof = consistency_proof(old_size, size, tree.reader());
      ASSERT_TRUE(verify_consistency(old_size, size, tree.roots[old_size], tree.roots[size], proof))
          << old_size << "/" << size;
      ASSERT_FALSE(verify_consistency(old_size, size, leaf_hash("other"), tree.roots[size], proof));
      ASSERT_FALSE(verify_consistency(old_size, size, tree.roots[old_size], leaf_hash("other"), proof));
      proof.push_back(leaf_hash("surplus"));
      ASSERT_FALSE(verify_consistency(old_size, size, tree.roots[old_size], tree.roots[size], proof));
    }
  }
}

TEST(Merkle, FindsNoConsistencyFromNothingOrFromTheFuture) {
  auto const tree = tree_of(4);
  EXPECT_FALSE(verify_consistency(0, 4, tree.roots[0], tree.roots[4], {}));
  EXPECT_FALSE(verify_consistency(4, 3, tree.roots[4], tree.roots[3], {}));
}

}  // namespace
}  // namespace torg::crypto
