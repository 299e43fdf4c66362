#pragma once
#include "base/json.hpp"
#include "base/time.hpp"
#include "crypto/hash.hpp"
#include "crypto/keys.hpp"

#include <string>
#include <vector>

namespace torg::records {

/// A signed tree head: what the log was at a moment, as anyone may keep it.
struct SignedHead {
  std::string log;          ///< name of the log: the server's name
  crypto::PublicKey key{};  ///< that signed it
  std::int64_t size = 0;    ///< leaves
  crypto::Sha256 root{};
  Instant at{};
  crypto::Signature signature{};
  friend bool operator==(SignedHead const&, SignedHead const&) = default;
};

/// The bytes that are signed: a line that names their purpose, then the canonical JSON of log, root, size,
/// timestamp.
[[nodiscard]] std::string head_message(SignedHead const& head);
/// True when `head.signature` is by `head.key`. Whether that is the right key is the caller's question.
[[nodiscard]] bool signature_holds(SignedHead const& head);

/// `{"log", "key", "size", "root", "timestamp", "signature"}`, bytes in standard base64.
[[nodiscard]] json::object to_json(SignedHead const& head);
/// `bad_json` when a member is missing or of the wrong length.
[[nodiscard]] Result<SignedHead> parse_head(json::object const& object);

// Hashes as text in files: standard base64 without padding.
[[nodiscard]] std::string to_text(crypto::Sha256 const& hash);
[[nodiscard]] Result<crypto::Sha256> parse_hash(std::string_view text);
[[nodiscard]] json::array to_json(std::vector<crypto::Sha256> const& hashes);
[[nodiscard]] Result<std::vector<crypto::Sha256>> parse_hashes(json::array const& array);

}  // namespace torg::records
