#include "crypto/hash.hpp"

#include <cstring>
#include <memory>
#include <new>
#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

namespace torg::crypto {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

/// OpenSSL 3 looks a digest up by name in its providers, which costs more than hashing an event. The fetched
/// method never changes afterwards and may be shared by threads, so it is a constant of the process;
/// contexts, which do change, belong to each call.
EVP_MD const* sha256_method() {
  static EVP_MD const* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  if (method == nullptr) throw std::runtime_error("OpenSSL offers no SHA-256");
  return method;
}

std::string hmac(EVP_MD const* method, std::string_view key, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  auto const* result =
      HMAC(method, key.data(), static_cast<int>(key.size()),
           reinterpret_cast<unsigned char const*>(bytes.data()), bytes.size(), digest.data(), &size);
  if (result == nullptr) throw std::runtime_error("OpenSSL could not compute an HMAC");
  return {reinterpret_cast<char const*>(digest.data()), size};
}

}  // namespace

Sha256 sha256(std::string_view bytes) { return sha256(std::span(&bytes, 1)); }

Sha256 sha256(std::span<std::string_view const> pieces) {
  std::unique_ptr<EVP_MD_CTX, FreeContext> const context(EVP_MD_CTX_new());
  if (!context) throw std::bad_alloc();
  Sha256 digest;
  bool good = EVP_DigestInit_ex(context.get(), sha256_method(), nullptr) == 1;
  for (auto piece : pieces) good = good && EVP_DigestUpdate(context.get(), piece.data(), piece.size()) == 1;
  if (!good || EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL could not compute SHA-256");
  }
  return digest;
}

std::string hmac_sha1(std::string_view key, std::string_view bytes) { return hmac(EVP_sha1(), key, bytes); }

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  return hmac(EVP_sha256(), key, bytes);
}

std::uint64_t short_hash(ShortHashKey const& key, std::string_view bytes) {
  static_assert(crypto_shorthash_KEYBYTES == sizeof(ShortHashKey));
  std::array<unsigned char, crypto_shorthash_BYTES> digest{};
  crypto_shorthash(digest.data(), reinterpret_cast<unsigned char const*>(bytes.data()), bytes.size(),
                   key.data());
  std::uint64_t value = 0;
  std::memcpy(&value, digest.data(), sizeof value);
  return value;
}

bool equal_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace torg::crypto
