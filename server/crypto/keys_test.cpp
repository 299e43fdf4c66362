#include "crypto/keys.hpp"

#include "base/encoding.hpp"

#include <cstring>
#include <fstream>
#include <unistd.h>

#include <gtest/gtest.h>

namespace torg::crypto {
namespace {

/// A cost that keeps the tests quick; what libsodium calls the minimum.
constexpr PasswordCost kCheap{1, 8192};

struct Folder {
  std::filesystem::path path;
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "torg-keys-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
};

std::array<unsigned char, 32> bytes32(std::string_view bytes) {
  std::array<unsigned char, 32> out{};
  std::memcpy(out.data(), bytes.data(), out.size());
  return out;
}

// The signing key of the Matrix specification's test vectors:
// https://spec.matrix.org/v1.19/appendices/#cryptographic-test-vectors
SigningKey matrix_key() {
  return SigningKey::from_seed(
      bytes32(*base64_decode("YJDBA9Xnr2sVqXD9Vj7XVUnmFZcZrlw8Md7kMW+3XA1", Base64::standard)));
}

std::string encoded(Signature const& signature) {
  return base64_encode({reinterpret_cast<char const*>(signature.data()), signature.size()}, Base64::standard);
}

TEST(SigningKey, GivesTheSignaturesOfTheMatrixVectors) {
  auto const key = matrix_key();
  EXPECT_EQ(encoded(key.sign("{}")),
            "K8280/U9SSy9IVtjBuVeLr+HpOB4BQFWbg+UZaADMtTdGYI7Geitb76LTrr5QV/7Xg4ahLwYGYZzuHGZKM5ZAQ");
  EXPECT_EQ(encoded(key.sign(R"({"one":1,"two":"Two"})")),
            "KqmLSbO39/Bzb0QIYE82zqLwsA+PDzYIpIRA2sRQ4sL53+sN6/fpNSoqE7BP7vBZhG6kYdD13EIMJpvhJI+6Bw");
}

TEST(SigningKey, VerifiesItsOwnSignatureAndNoOther) {
  auto const key = matrix_key();
  auto signature = key.sign("message");
  EXPECT_TRUE(verify(key.public_key(), "message", signature));
  EXPECT_FALSE(verify(key.public_key(), "Message", signature));
  signature[3] ^= 1;
  EXPECT_FALSE(verify(key.public_key(), "message", signature));
}

TEST(SigningKey, StaysTheSameOnceItIsOnDisk) {
  Folder const folder;
  auto const first = SigningKey::load_or_create(folder.path / "key", bytes32(std::string(32, 'a')));
  auto const second = SigningKey::load_or_create(folder.path / "key", bytes32(std::string(32, 'b')));
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->public_key(), second->public_key());
  EXPECT_FALSE(std::filesystem::exists(folder.path / "key.new"));
}

TEST(SigningKey, IsReadableByItsOwnerOnly) {
  Folder const folder;
  ASSERT_TRUE(SigningKey::load_or_create(folder.path / "key", bytes32(std::string(32, 'a'))));
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(folder.path / "key").permissions(),
            perms::owner_read | perms::owner_write);
  std::filesystem::permissions(folder.path / "key", perms::group_read, std::filesystem::perm_options::add);
  EXPECT_FALSE(SigningKey::load_or_create(folder.path / "key", bytes32(std::string(32, 'a'))));
}

TEST(SigningKey, ReplacesWhatACrashLeftUnfinished) {
  Folder const folder;
  std::ofstream(folder.path / "key.new") << "half";
  EXPECT_TRUE(SigningKey::load_or_create(folder.path / "key", bytes32(std::string(32, 'a'))));
}

TEST(SigningKey, RefusesADamagedFile) {
  Folder const folder;
  std::ofstream(folder.path / "key") << "not a key\n";
  using std::filesystem::perms;
  std::filesystem::permissions(folder.path / "key", perms::owner_read | perms::owner_write);
  auto const key = SigningKey::load_or_create(folder.path / "key", bytes32(std::string(32, 'a')));
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().message, "The signing key is damaged.");
}

TEST(SigningKey, SaysWhenItsFolderIsMissing) {
  Folder const folder;
  EXPECT_FALSE(SigningKey::load_or_create(folder.path / "none" / "key", bytes32(std::string(32, 'a'))));
}

TEST(Password, IsRecognisedByItsHashOnly) {
  auto const hash = hash_password("correct horse", kCheap);
  EXPECT_TRUE(hash.starts_with("$argon2id$"));
  EXPECT_TRUE(verify_password(hash, "correct horse"));
  EXPECT_FALSE(verify_password(hash, "correct horsE"));
  EXPECT_FALSE(verify_password("", "correct horse"));
  EXPECT_FALSE(verify_password("$argon2id$nonsense", "correct horse"));
}

TEST(Password, IsHashedWithASaltOfItsOwn) {
  EXPECT_NE(hash_password("same", kCheap), hash_password("same", kCheap));
}

}  // namespace
}  // namespace torg::crypto
