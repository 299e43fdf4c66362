#pragma once
#include <string_view>

namespace torg {

/// A file that is part of the binary (cmake/Embed.cmake). It lives as long as the program.
struct EmbeddedFile {
  std::string_view name;   ///< path below the embedded folder: `templates/page.mustache`
  std::string_view bytes;  ///< a zero byte follows them
  std::string_view hash;  ///< twelve hexadecimal digits of its SHA-256, for names that may be cached for ever
};

}  // namespace torg
