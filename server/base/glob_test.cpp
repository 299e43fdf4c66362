#include "base/glob.hpp"

#include <gtest/gtest.h>

namespace torg {
namespace {

TEST(Glob, StarsTakeInAnythingAndQuestionMarksOneCharacter) {
  for (auto const* pattern : {"@a:x", "*", "@*:x", "@?:x", "*a*", "@a:x*", "***@a*:?**"})
    EXPECT_TRUE(fits_glob(pattern, "@a:x")) << pattern;
  for (auto const* pattern : {"", "@a", "a:x", "@??:x", "?", "@a:x?", "*b*", "@A:x"})
    EXPECT_FALSE(fits_glob(pattern, "@a:x")) << pattern;
  EXPECT_TRUE(fits_glob("", ""));
  EXPECT_TRUE(fits_glob("*", ""));
  EXPECT_FALSE(fits_glob("?", ""));
}

TEST(Glob, AStarGivesBackWhatTheRestNeeds) {
  EXPECT_TRUE(fits_glob("*ab", "aabab"));
  EXPECT_TRUE(fits_glob("*a*b?", "xaybzbq"));
  EXPECT_FALSE(fits_glob("*ab*c", "ababab"));
}

}  // namespace
}  // namespace torg
