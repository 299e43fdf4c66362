#include "matrix/sync/glob.hpp"

#include <gtest/gtest.h>

namespace torg::matrix {
namespace {

bool matches(std::string_view pattern, std::string_view text) {
  return Glob(pattern).matches(fold_case(text));
}
bool in_words(std::string_view pattern, std::string_view text) {
  return Glob(pattern).matches_words(fold_case(text));
}

TEST(Glob, MatchesTheWholeTextWithoutRegardToCase) {
  EXPECT_TRUE(matches("lunc?*", "Lunch plans"));
  EXPECT_TRUE(matches("lunc?*", "LUNCH"));
  EXPECT_FALSE(matches("lunc?*", " lunch"));
  EXPECT_FALSE(matches("lunc?*", "lunc"));
  EXPECT_TRUE(matches("", ""));
  EXPECT_FALSE(matches("", "a"));
  EXPECT_TRUE(matches("*", ""));
  EXPECT_TRUE(matches("a*b*c", "a-b-b-c"));
  EXPECT_FALSE(matches("a*b*c", "a-c-b"));
  EXPECT_TRUE(matches("Ärende ÖRN", "ärende örn"));
}

TEST(Glob, AQuestionMarkIsOneCharacterHoweverManyBytesItHas) {
  EXPECT_TRUE(matches("f?r", "för"));
  EXPECT_FALSE(matches("f??r", "för"));
  EXPECT_TRUE(matches("?", "😀"));
}

TEST(Glob, MatchesWordsInABody) {
  EXPECT_TRUE(in_words("ex*ple", "An example event."));
  EXPECT_TRUE(in_words("ex*ple", "exple"));
  EXPECT_TRUE(in_words("ex*ple", "An exciting triple-whammy"));
  EXPECT_FALSE(in_words("ample", "An example event."));
  EXPECT_FALSE(in_words("exam", "An example event."));
  EXPECT_TRUE(in_words("cake", "I want (Cake)!"));
  EXPECT_FALSE(in_words("cake", "cake_shop"));
  EXPECT_TRUE(in_words("@bob:hs1", "Hello @bob:hs1!"));
  EXPECT_TRUE(in_words("bob", "Hello @bob:hs1!"));
  EXPECT_FALSE(in_words("x*y", "x without the other"));
  EXPECT_TRUE(in_words("aab", "aa aab"));
}

TEST(Glob, AHostilePatternTakesNoLongerThanItsLengthForEachByte) {
  std::string const text(200'000, 'a');
  EXPECT_FALSE(in_words("*a*a*a*a*a*a*b", text));
  std::string spaced;
  for (int i = 0; i < 50'000; ++i) spaced += "a ";
  EXPECT_FALSE(in_words("a*b", spaced));
}

}  // namespace
}  // namespace torg::matrix
