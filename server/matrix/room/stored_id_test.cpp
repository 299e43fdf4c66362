#include "matrix/room/stored_id.hpp"

#include <gtest/gtest.h>

namespace torg::matrix {
namespace {

constexpr std::string_view kHashed = "$Po84vVKtooVn_F00s5kZ5hAd9eH2SiyxPW8hWUM4OBs";
constexpr std::string_view kThird = "$Po84vVKtooVn/F00s5kZ5hAd9eH2SiyxPW8hWUM4OBs";
constexpr std::string_view kNamed = "$mitt:torg.example";
/// As long as the bytes of a hash.
constexpr std::string_view kThirtyTwo = "$abcdefghijklmnopq:torg.examplez";
static_assert(kThirtyTwo.size() == 32);

crypto::Sha256 reference() {
  return look_up_event(kHashed)->key;  // the hash that this text spells
}

TEST(StoredId, IsThirtyTwoBytesWhereTheTextSpellsTheHash) {
  StoredId const id(kHashed, reference());
  EXPECT_EQ(id.bytes(), crypto::view(reference()));
  EXPECT_EQ(id.text(), kHashed);
  EXPECT_EQ(id.reference_hash(), reference());
}

TEST(StoredId, ComesBackFromItsBytes) {
  for (auto const text : {kHashed, kThird, kNamed, kThirtyTwo}) {
    StoredId const id(text, reference());
    auto const again = StoredId::from_bytes(id.bytes());
    EXPECT_EQ(again.text(), text);
    EXPECT_EQ(again.key(), id.key());
    EXPECT_EQ(again.reference_hash(), reference()) << text;
  }
}

TEST(StoredId, LiesWhereALookUpFindsIt) {
  for (auto const text : {kThird, kNamed, kThirtyTwo}) {
    auto const bytes = StoredId(text, reference()).bytes();
    auto const wanted = look_up_event(text);
    ASSERT_TRUE(wanted);
    EXPECT_LE(wanted->from, bytes);
    EXPECT_LT(bytes, wanted->to);
    EXPECT_EQ(wanted->key, StoredId(text, reference()).key());
  }
}

TEST(StoredId, IsNotFoundByTheBeginningOfItsText) {
  auto const bytes = StoredId("$mitt:torg.example", reference()).bytes();
  for (auto const* other : {"$mitt:torg.exampl", "$mitt:torg.example2", "$mitt"}) {
    auto const wanted = look_up_event(other);
    ASSERT_TRUE(wanted);
    EXPECT_FALSE(wanted->from <= bytes && bytes < wanted->to) << other;
  }
}

TEST(StoredId, IsLookedUpByWhatCanBeAnIdOnly) {
  EXPECT_FALSE(look_up_event(""));
  EXPECT_FALSE(look_up_event("mitt:torg.example"));
  EXPECT_FALSE(look_up_event("$" + std::string(255, 'x')));
  EXPECT_FALSE(look_up_event(std::string_view("$a\0b", 4)));
}

}  // namespace
}  // namespace torg::matrix
