#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace torg::matrix {

/// What a `range` header asks for of `size` bytes.
struct WantedPart {
  enum class Kind : std::uint8_t { whole, part, beyond_end };
  Kind kind = Kind::whole;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

/// One range of bytes. No header, several ranges, another unit or nonsense: the whole, as the RFC lets us.
/// @see RFC 9110, 14.2
[[nodiscard]] WantedPart wanted_part(std::optional<std::string_view> header, std::uint64_t size);

}  // namespace torg::matrix
