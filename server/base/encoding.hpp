#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace torg {

enum class Base64 : unsigned char { standard, url };  ///< both without padding, as Matrix uses them

[[nodiscard]] std::string base64_encode(std::string_view bytes, Base64 alphabet);
/// Accepts and ignores padding; none when a character does not belong.
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text, Base64 alphabet);
[[nodiscard]] std::string hex_encode(std::string_view bytes);
[[nodiscard]] std::optional<std::string> hex_decode(std::string_view text);
/// Percent-decoding of one path segment or query value (`plus` is a space in a query only).
enum class PlusSign : unsigned char { literal, space };
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text, PlusSign plus);
[[nodiscard]] std::string percent_encode(std::string_view text);
[[nodiscard]] bool is_valid_utf8(std::string_view text);

}  // namespace torg
