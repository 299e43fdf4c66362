#pragma once
#include "base/result.hpp"

#include <array>
#include <filesystem>
#include <span>

namespace torg::crypto {

using PublicKey = std::array<unsigned char, 32>;
using Signature = std::array<unsigned char, 64>;

/// An Ed25519 key pair; wiped when it goes away.
class SigningKey {
 public:
  /// @pre `seed` is 32 bytes of good randomness
  static SigningKey from_seed(std::span<unsigned char const, 32> seed);
  /// Reads the key at `path` (mode 0600); `internal` when there is none or it can't be used.
  static Result<SigningKey> load(std::filesystem::path const& path);
  /// Reads the key at `path` (mode 0600), or makes it from `seed` and writes it durably when there is none.
  static Result<SigningKey> load_or_create(std::filesystem::path const& path,
                                           std::span<unsigned char const, 32> seed);

  [[nodiscard]] Signature sign(std::string_view message) const;
  [[nodiscard]] PublicKey public_key() const;

  SigningKey(SigningKey&&) noexcept;
  SigningKey& operator=(SigningKey&&) noexcept;
  ~SigningKey();

 private:
  SigningKey() = default;
  std::array<unsigned char, 64> secret_{};
};

[[nodiscard]] bool verify(PublicKey const& key, std::string_view message, Signature const& signature);

struct PasswordCost {
  unsigned operations = 2;
  std::size_t memory_bytes = 64 << 20;
};
/// Argon2id in the encoded form of libsodium. Slow on purpose: call through `run_offloaded`.
[[nodiscard]] std::string hash_password(std::string_view password, PasswordCost cost);
[[nodiscard]] bool verify_password(std::string_view encoded, std::string_view password);

}  // namespace torg::crypto
