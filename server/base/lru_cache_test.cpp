#include "base/lru_cache.hpp"

#include <string>

#include <gtest/gtest.h>

namespace torg {
namespace {

using Shared = std::shared_ptr<int>;

/// Room for about two values of 1,000 bytes, with what an entry costs besides.
constexpr std::size_t kTwo = 2'500;

TEST(LruCache, ForgetsWhatWasUsedLongestAgo) {
  LruCache<int, std::string> cache(kTwo);
  cache.put(1, "one", 1000);
  cache.put(2, "two", 1000);
  ASSERT_NE(cache.find(1), nullptr);
  cache.put(3, "three", 1000);
  EXPECT_EQ(cache.find(2), nullptr);
  ASSERT_NE(cache.find(1), nullptr);
  EXPECT_EQ(*cache.find(1), "one");
  EXPECT_NE(cache.find(3), nullptr);
}

TEST(LruCache, KeepsWhatSomebodyHolds) {
  LruCache<int, Shared> cache(kTwo);
  auto const held = std::make_shared<int>(1);
  cache.put(1, held, 1000);
  for (int key = 2; key < 10; ++key) cache.put(key, std::make_shared<int>(key), 1000);
  ASSERT_NE(cache.find(1), nullptr);
  EXPECT_EQ(*cache.find(1), held);
}

TEST(LruCache, ForgetsWhatWasHeldOnceItIsLetGo) {
  LruCache<int, Shared> cache(kTwo);
  auto held = std::make_shared<int>(1);
  std::weak_ptr<int> const watched = held;
  cache.put(1, held, 1000);
  cache.put(2, std::make_shared<int>(2), 1000);
  held.reset();
  for (int key = 3; key < 6; ++key) cache.put(key, std::make_shared<int>(key), 1000);
  EXPECT_TRUE(watched.expired());
}

TEST(LruCache, MakesRoomWhenAValueGrows) {
  LruCache<int, std::string> cache(kTwo);
  cache.put(1, "one", 1000);
  cache.put(2, "two", 10);
  cache.resize(2, 2000);
  EXPECT_EQ(cache.find(1), nullptr);
  EXPECT_NE(cache.find(2), nullptr);
}

TEST(LruCache, CountsBytesDownAgain) {
  LruCache<int, std::string> cache(kTwo);
  cache.put(1, "one", 1000);
  cache.put(1, "one again", 500);
  cache.resize(1, 700);
  cache.erase(1);
  EXPECT_EQ(cache.bytes(), 0U);
  EXPECT_EQ(cache.size(), 0U);
}

TEST(LruCache, TellsALoadThatItIsOutOfDate) {
  LruCache<int, std::string> cache(kTwo);
  auto const one = cache.watch(1);
  auto const two = cache.watch(2);
  cache.note_change(1);
  EXPECT_TRUE(*one);
  EXPECT_FALSE(*two);
}

TEST(LruCache, WithoutABudgetKeepsOnlyWhatIsHeld) {
  LruCache<int, Shared> cache(0);
  auto const held = std::make_shared<int>(1);
  cache.put(1, held, 10);
  cache.put(2, std::make_shared<int>(2), 10);
  EXPECT_NE(cache.find(1), nullptr);
  EXPECT_EQ(cache.find(2), nullptr);
}

TEST(LruCache, KeepsOneValueHoweverLarge) {
  LruCache<int, std::string> cache(kTwo);
  cache.put(1, "one", 1'000'000);
  EXPECT_NE(cache.find(1), nullptr);
}

}  // namespace
}  // namespace torg
