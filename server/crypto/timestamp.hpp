#pragma once
#include "base/result.hpp"
#include "base/time.hpp"
#include "crypto/hash.hpp"

#include <filesystem>

// Time stamps of RFC 3161, by OpenSSL: https://www.rfc-editor.org/rfc/rfc3161
namespace torg::crypto {

/// What a token says once it was verified.
struct Timestamp {
  Instant at{};           ///< whole seconds
  std::string authority;  ///< subject of the certificate that signed it, RFC 2253
};

/// DER of a request over a digest, which asks for the certificate. `nonce` ties the answer to it.
[[nodiscard]] std::string timestamp_request(Sha256 const& digest, std::uint64_t nonce);

/// The token (DER) in an authority's answer (DER). `unavailable` when it refuses or the answer is none to
/// this request.
[[nodiscard]] Result<std::string> timestamp_token(std::string_view answer, Sha256 const& digest,
                                                  std::uint64_t nonce);

/// Verifies that a token is over `digest` and signed by the certificate that it brings along; with `roots`
/// (PEM file) also that this chained up to one of them at the token's time. `bad_json` with a sentence that
/// says what is wrong. Blocks for the file.
[[nodiscard]] Result<Timestamp> read_timestamp(std::string_view token, Sha256 const& digest,
                                               std::filesystem::path const& roots);

}  // namespace torg::crypto
