#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace torg::crypto {

/// AES-256 in counter mode, the same in both directions: how Matrix encrypts attachments. The whole of `iv`
/// is the first counter block. None when `key` isn't 32 bytes or `iv` isn't 16.
/// @see https://spec.matrix.org/v1.19/client-server-api/#sending-encrypted-attachments
[[nodiscard]] std::optional<std::string> aes256_ctr(std::string_view key, std::string_view iv,
                                                    std::string_view bytes);

}  // namespace torg::crypto
