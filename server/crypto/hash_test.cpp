#include "crypto/hash.hpp"

#include "base/encoding.hpp"

#include <gtest/gtest.h>

namespace torg::crypto {
namespace {

TEST(Hash, GivesThePublishedDigestOfAbc) {
  EXPECT_EQ(hex_encode(view(sha256("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Hash, GivesTheSameDigestForPiecesAsForTheWhole) {
  std::string_view const pieces[] = {"one ", "", "two ", "three"};
  EXPECT_EQ(sha256(pieces), sha256("one two three"));
}

// RFC 2202, test case 2, and RFC 4231, test case 2
TEST(Hash, GivesThePublishedHmacs) {
  EXPECT_EQ(hex_encode(hmac_sha1("Jefe", "what do ya want for nothing?")),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  EXPECT_EQ(hex_encode(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Hash, ComparesContentAndLength) {
  EXPECT_TRUE(equal_constant_time("", ""));
  EXPECT_TRUE(equal_constant_time("secret", "secret"));
  EXPECT_FALSE(equal_constant_time("secret", "secreT"));
  EXPECT_FALSE(equal_constant_time("secret", "secret "));
}

}  // namespace
}  // namespace torg::crypto
