#pragma once
#include "crypto/keys.hpp"
#include "records/log/head.hpp"
#include "records/log/log.hpp"

#include <optional>
#include <vector>

// Keys of the log, one after another. A new key is entered in the log by the key before it: heads up to that
// entry are signed by the old one, heads that hold the entry by the new one.
namespace torg::records {

/// The kind of the entry that brings in a new key.
inline constexpr std::string_view kKeyEntry = "key";

struct KeyChange {
  std::int64_t index = 0;  ///< place of its entry in the log
  crypto::PublicKey previous{}, key{};
  crypto::Signature signature{};  ///< of `key_message`, by `previous`
  friend bool operator==(KeyChange const&, KeyChange const&) = default;
};

/// The bytes that the key before signs: a line that names their purpose, then the canonical JSON of log, key,
/// previous, size (of the log before the entry).
[[nodiscard]] std::string key_message(std::string_view log, KeyChange const& change);
[[nodiscard]] bool signature_holds(std::string_view log, KeyChange const& change);

/// The entry of a change, all of whose fields are public: `key`, `previous`, `signature`.
[[nodiscard]] Entry to_entry(KeyChange const& change, Instant at, SaltSeed const& seed);
/// From the values of such an entry; `bad_json` when one is missing or of the wrong length.
[[nodiscard]] Result<KeyChange> parse_key_change(std::int64_t index, json::object const& values);

/// What the entries at `log_store::key_places` say; `bad_state` when one can't be read.
[[nodiscard]] Result<std::vector<KeyChange>> read_key_changes(db::Reader& reader);

/// The keys of a log in their order.
class KeyChain {
 public:
  explicit KeyChain(crypto::PublicKey const& first) : first_(first) {}

  /// `bad_state` when the change is not by the last key, or its signature doesn't hold.
  [[nodiscard]] Result<> add(std::string_view log, KeyChange const& change);
  /// The key that signs heads of `size` leaves.
  [[nodiscard]] crypto::PublicKey const& at(std::int64_t size) const;
  [[nodiscard]] crypto::PublicKey const& first() const { return first_; }
  [[nodiscard]] crypto::PublicKey const& last() const { return at(INT64_MAX); }
  [[nodiscard]] bool holds(crypto::PublicKey const& key) const;
  [[nodiscard]] std::vector<KeyChange> const& changes() const { return changes_; }

 private:
  crypto::PublicKey first_;
  std::vector<KeyChange> changes_;
};

}  // namespace torg::records
