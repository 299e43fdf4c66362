#include "crypto/keys.hpp"

#include <cstring>
#include <new>
#include <stdexcept>
#include <utility>

#include <sodium.h>

namespace torg::crypto {
namespace {

/// libsodium picks its implementations for this processor once; calling it again does nothing.
void start_sodium() {
  if (sodium_init() < 0) throw std::runtime_error("libsodium could not start");
}

unsigned char const* data(std::string_view text) {
  return reinterpret_cast<unsigned char const*>(text.data());
}

}  // namespace

SigningKey SigningKey::from_seed(std::span<unsigned char const, 32> seed) {
  start_sodium();
  SigningKey key;
  PublicKey ignored;  // libsodium keeps the public half behind the seed in the secret key
  crypto_sign_seed_keypair(ignored.data(), key.secret_.data(), seed.data());
  return key;
}

SigningKey::SigningKey(SigningKey&& other) noexcept : secret_(other.secret_) {
  sodium_memzero(other.secret_.data(), other.secret_.size());
}

SigningKey& SigningKey::operator=(SigningKey&& other) noexcept {
  std::swap(secret_, other.secret_);  // the old one is wiped with `other`
  return *this;
}

SigningKey::~SigningKey() { sodium_memzero(secret_.data(), secret_.size()); }

Signature SigningKey::sign(std::string_view message) const {
  Signature signature;
  crypto_sign_detached(signature.data(), nullptr, data(message), message.size(), secret_.data());
  return signature;
}

PublicKey SigningKey::public_key() const {
  PublicKey key;
  std::memcpy(key.data(), secret_.data() + crypto_sign_SEEDBYTES, key.size());
  return key;
}

bool verify(PublicKey const& key, std::string_view message, Signature const& signature) {
  start_sodium();
  return crypto_sign_verify_detached(signature.data(), data(message), message.size(), key.data()) == 0;
}

std::string hash_password(std::string_view password, PasswordCost cost) {
  start_sodium();
  std::array<char, crypto_pwhash_STRBYTES> encoded{};
  if (crypto_pwhash_str_alg(encoded.data(), password.data(), password.size(), cost.operations,
                            cost.memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    throw std::bad_alloc();  // the one documented reason
  }
  return encoded.data();
}

bool verify_password(std::string_view encoded, std::string_view password) {
  start_sodium();
  return crypto_pwhash_str_verify(std::string(encoded).c_str(), password.data(), password.size()) == 0;
}

}  // namespace torg::crypto
