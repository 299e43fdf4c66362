#include "base/small_letters.hpp"

#include <gtest/gtest.h>

namespace torg {
namespace {

TEST(SmallLetters, AreThoseOfAsciiAndLatin1) {
  EXPECT_EQ(in_small_letters("ÅSA Ödmårk, ØRE & ÉVA 3×4"), "åsa ödmårk, øre & éva 3×4");
  EXPECT_EQ(in_small_letters("ÿ Þ ß ΑΒΓ Ж"), "ÿ þ ß ΑΒΓ Ж");
}

}  // namespace
}  // namespace torg
