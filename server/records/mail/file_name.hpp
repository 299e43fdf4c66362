#pragma once
#include <string>
#include <string_view>

namespace torg::records {

/// A name that is safe to show, to store in a package and to save on any system: no folders, no control or
/// direction-changing characters, no leading dot, none of Windows' device names, at most 120 bytes with its
/// extension kept. Empty when nothing is left.
[[nodiscard]] std::string safe_file_name(std::string_view name);

/// Valid UTF-8 without control characters (line feed and tab stay when `lines` says so) and without invisible
/// characters that change the direction of text.
enum class Lines : unsigned char { one, many };
[[nodiscard]] std::string clean_text(std::string_view text, Lines lines);

/// The first character of a line that controls a screen or changes the direction of text, as `U+202E`; empty:
/// there is none. What only joins or parts letters, as in Persian names and emoji, deceives nobody.
[[nodiscard]] std::string deceiving_character(std::string_view text);

}  // namespace torg::records
