#pragma once
// Public keys as clients sign and show them.
#include "base/json.hpp"
#include "crypto/keys.hpp"

#include <optional>

namespace torg::identity {

/// What is stored as text, as an object; an empty one when it is none.
[[nodiscard]] json::object stored_object(std::string_view text);
/// The member `key` of `object`, made an object when it is none.
[[nodiscard]] json::object& member_object(json::object& object, std::string_view key);

/// The public part of a cross-signing key, in base64, which names it: the one value of its `keys`. Empty when
/// it has none, or several.
[[nodiscard]] std::string_view public_key_of(json::object const& key);
/// The identity key of a device, in base64; empty when it has none.
[[nodiscard]] std::string_view device_public_key(json::object const& device_keys, std::string_view device_id);
/// `ed25519:…` and 32 bytes in base64; none when it is something else.
[[nodiscard]] std::optional<crypto::PublicKey> decode_public_key(std::string_view base64);

/// Whether both say the same apart from who signed them.
[[nodiscard]] bool same_unsigned(json::object const& a, json::object const& b);
/// Whether `signature` (base64) is one of `object` by `key`.
/// @see https://spec.matrix.org/v1.19/appendices/#checking-for-a-signature
[[nodiscard]] bool verifies(json::object const& object, std::string_view signature, std::string_view key);

}  // namespace torg::identity
