#include "crypto/cipher.hpp"

#include "base/encoding.hpp"

#include <gtest/gtest.h>

namespace torg::crypto {
namespace {

/// NIST SP 800-38A, F.5.5, CTR-AES256.Encrypt.
TEST(Aes256Ctr, GivesThePublishedVectors) {
  auto const key = hex_decode("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4").value();
  auto const iv = hex_decode("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff").value();
  auto const plain = hex_decode(
                         "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                         "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710")
                         .value();
  auto const cipher = aes256_ctr(key, iv, plain);
  ASSERT_TRUE(cipher);
  EXPECT_EQ(hex_encode(*cipher),
            "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
            "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6");
  EXPECT_EQ(aes256_ctr(key, iv, *cipher), plain);
}

TEST(Aes256Ctr, OfALongTextIsOneStream) {
  std::string const key(32, 'k'), iv(16, 'i'), text((std::size_t{2} << 20) + 7, 'x');
  auto const whole = aes256_ctr(key, iv, text).value();
  EXPECT_EQ(whole.substr(0, 100), aes256_ctr(key, iv, text.substr(0, 100)));
  EXPECT_EQ(aes256_ctr(key, iv, whole), text);
}

TEST(Aes256Ctr, RefusesKeysOfAnotherSize) {
  EXPECT_FALSE(aes256_ctr("short", std::string(16, 'i'), "x"));
  EXPECT_FALSE(aes256_ctr(std::string(32, 'k'), "short", "x"));
}

}  // namespace
}  // namespace torg::crypto
