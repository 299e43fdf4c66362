#pragma once
#include <string>
#include <string_view>

namespace torg {

/// `text` in small letters, for comparing what people type: those of ASCII and Latin-1 (Å, Ö, Ø, É). Letters
/// of other scripts stay as they are.
[[nodiscard]] std::string in_small_letters(std::string_view text);

}  // namespace torg
