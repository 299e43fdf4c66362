#pragma once
#include <string_view>

namespace torg {

/// Whether the whole of `text` fits `pattern`, in which `*` stands for any number of characters and `?` for
/// one byte; nothing can be escaped. Takes at most `pattern.size() * text.size()` steps.
/// @see https://spec.matrix.org/v1.19/appendices/#glob-style-matching
[[nodiscard]] bool fits_glob(std::string_view pattern, std::string_view text);

}  // namespace torg
