#include "base/small_letters.hpp"

namespace torg {

std::string in_small_letters(std::string_view text) {
  constexpr unsigned char kLatin1 = 0xC3;  // the first byte of U+00C0 to U+00FF in UTF-8
  constexpr unsigned char kTimes = 0x97;   // U+00D7, between the capitals, is no letter
  std::string out(text);
  for (std::size_t i = 0; i < out.size(); ++i) {
    auto const byte = static_cast<unsigned char>(out[i]);
    bool const ascii = byte >= 'A' && byte <= 'Z';
    bool const second = i > 0 && static_cast<unsigned char>(out[i - 1]) == kLatin1;
    bool const latin1 = second && byte >= 0x80 && byte <= 0x9E && byte != kTimes;
    if (ascii || latin1) out[i] = static_cast<char>(byte + 0x20);
  }
  return out;
}

}  // namespace torg
