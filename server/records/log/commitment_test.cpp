#include "records/log/opening.hpp"

#include <gtest/gtest.h>

namespace torg::records {
namespace {

Salt salt(unsigned char byte) {
  Salt bytes;
  bytes.fill(byte);
  return bytes;
}

TEST(Commitment, IsSha256OfPrefixSaltAndCanonicalPair) {
  auto const expected = crypto::sha256("\x02" + std::string(32, 'a') + R"(["title","Vallen"])");
  EXPECT_EQ(commit_field(salt('a'), "title", "Vallen"), expected);
}

TEST(Commitment, CannotMixUpNameAndValue) {
  EXPECT_NE(commit_field(salt(1), "ab", "c"), commit_field(salt(1), "a", "bc"));
  EXPECT_NE(commit_field(salt(1), "n", "1"), commit_field(salt(1), "n", 1));
}

TEST(Commitment, DependsOnItsSalt) {
  EXPECT_NE(commit_field(salt(1), "title", "Vallen"), commit_field(salt(2), "title", "Vallen"));
}

TEST(Commitment, RefusesWhatHasNoCanonicalForm) {
  EXPECT_THROW(static_cast<void>(commit_field(salt(1), "n", 0.5)), std::invalid_argument);
}

TEST(Leaf, IsReadAsItWasWritten) {
  LeafFrame const frame{"record", instant_from_ms(1'795'000'000'000), {"number", "title"}};
  std::vector<Commitment> const commitments{commit_field(salt(1), "number", "KS 2026/00001-1"),
                                            commit_field(salt(2), "title", "Vallen")};
  auto const leaf = parse_leaf(leaf_bytes(frame, commitments));
  ASSERT_TRUE(leaf);
  EXPECT_EQ(leaf->frame, frame);
  EXPECT_EQ(leaf->commitments, commitments);
}

TEST(Leaf, IsRefusedWhenACommitmentIsMissing) {
  auto bytes = leaf_bytes({"record", {}, {"number"}}, std::vector{commit_field(salt(1), "number", "1")});
  bytes.pop_back();
  EXPECT_FALSE(parse_leaf(bytes));
}

TEST(Opening, KeepsOnlyItsNameWhenDestroyed) {
  Openings openings{{{"title", "Vallen", salt(9)}, {"number", "KS 2026/00001-1", salt(8)}}, {}};
  destroy(openings.fields[0]);
  auto const stored = to_stored(openings);
  EXPECT_EQ(stored.values.find("Vallen"), std::string::npos);
  EXPECT_EQ(stored.salts.find(std::string(32, 9)), std::string::npos);
  auto const read = from_stored(stored.values, stored.salts);
  EXPECT_TRUE(read.fields[0].destroyed);
  EXPECT_EQ(read.fields[1].value, json::value("KS 2026/00001-1"));
}

}  // namespace
}  // namespace torg::records
