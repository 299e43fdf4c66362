#include "crypto/cipher.hpp"

#include <algorithm>
#include <memory>
#include <new>
#include <stdexcept>

#include <openssl/evp.h>

namespace torg::crypto {
namespace {

constexpr std::size_t kKeySize = 32, kBlockSize = 16;
constexpr std::size_t kPiece = std::size_t{1} << 20;  // OpenSSL counts in int

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

unsigned char const* octets(std::string_view bytes) {
  return reinterpret_cast<unsigned char const*>(bytes.data());
}

}  // namespace

std::optional<std::string> aes256_ctr(std::string_view key, std::string_view iv, std::string_view bytes) {
  if (key.size() != kKeySize || iv.size() != kBlockSize) return std::nullopt;
  std::unique_ptr<EVP_CIPHER_CTX, FreeCipher> const context(EVP_CIPHER_CTX_new());
  if (!context) throw std::bad_alloc();
  auto* const cipher = context.get();
  bool good = EVP_EncryptInit_ex(cipher, EVP_aes_256_ctr(), nullptr, octets(key), octets(iv)) == 1;
  std::string out(bytes.size(), '\0');
  for (std::size_t at = 0; good && at < bytes.size(); at += kPiece) {
    auto const size = static_cast<int>(std::min(kPiece, bytes.size() - at));
    int written = 0;
    good = EVP_EncryptUpdate(cipher, reinterpret_cast<unsigned char*>(out.data() + at), &written,
                             octets(bytes.substr(at)), size) == 1 &&
           written == size;
  }
  if (!good) throw std::runtime_error("OpenSSL could not run AES-256-CTR");
  return out;
}

}  // namespace torg::crypto
