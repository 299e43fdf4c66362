#pragma once
#include "crypto/hash.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace torg::matrix {

/// An event id as it is kept in memory and in the store.
///
/// From room version 4 on it is 32 bytes: the reference hash, whose url-safe base64 the text is. Any other
/// text
/// (`$opaque:server` of versions 1 and 2, the `/` and `+` of version 3) is kept as it is, with the reference
/// hash beside it, which versions 1 and 2 write into events that cite this one.
class StoredId {
 public:
  StoredId() = default;
  /// @param hash the reference hash of the event
  StoredId(std::string_view text, crypto::Sha256 const& hash);
  explicit StoredId(crypto::Sha256 const& hash) : key_(hash) {}

  /// What other events are found by: the reference hash, or the SHA-256 of a text that doesn't spell it.
  [[nodiscard]] crypto::Sha256 const& key() const { return key_; }
  [[nodiscard]] crypto::Sha256 const& reference_hash() const {
    return named_ ? named_->reference_hash : key_;
  }
  [[nodiscard]] std::string text() const;

  /// The column `event_id`: the 32 bytes, or the text, a zero byte and the hash, which are always more.
  [[nodiscard]] std::string bytes() const;
  [[nodiscard]] static StoredId from_bytes(std::string_view bytes);

 private:
  struct Named {
    std::string text;
    crypto::Sha256 reference_hash;
  };
  crypto::Sha256 key_{};
  std::shared_ptr<Named const> named_;
};

/// How to look up an event by the id that a client gives.
struct EventLookup {
  crypto::Sha256 key;
  /// The values of the column lie in `[from, to)`; both empty: the column is the key.
  std::string from, to;
};
/// None when it can't be an event id.
[[nodiscard]] std::optional<EventLookup> look_up_event(std::string_view text);

}  // namespace torg::matrix
