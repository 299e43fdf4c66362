#include "records/mail/file_name.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/format.h>

namespace torg::records {
namespace {

constexpr std::size_t kMaxName = 120;
constexpr std::size_t kMaxExtension = 12;
constexpr char32_t kReplacement = 0xFFFD;

/// The next code point of `rest`, which it shortens; `kReplacement` for what is no UTF-8.
char32_t take(std::string_view& rest) {
  auto const first = static_cast<unsigned char>(rest.front());
  rest.remove_prefix(1);
  if (first < 0x80) return first;
  int const more = first >= 0xF0 && first < 0xF5   ? 3
                   : first >= 0xE0 && first < 0xF0 ? 2
                   : first >= 0xC2 && first < 0xE0 ? 1
                                                   : 0;
  if (more == 0) return kReplacement;
  char32_t value = first & (0x3Fu >> more);
  for (int i = 0; i < more; ++i) {
    if (rest.empty() || (static_cast<unsigned char>(rest.front()) & 0xC0u) != 0x80) return kReplacement;
    value = (value << 6) | (static_cast<unsigned char>(rest.front()) & 0x3Fu);
    rest.remove_prefix(1);
  }
  constexpr std::array<char32_t, 4> kLeast{0, 0x80, 0x800, 0x10000};
  bool const bad = value < kLeast[static_cast<std::size_t>(more)] || value > 0x10FFFF ||
                   (value >= 0xD800 && value < 0xE000);
  return bad ? kReplacement : value;
}

void put(std::string& out, char32_t c) {
  auto const tail = [&](int shift) { out += static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    tail(0);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    tail(6), tail(0);
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    tail(12), tail(6), tail(0);
  }
}

/// Zero-width and direction-changing characters: `exe.fdp` must not read as `pdf.exe`.
bool is_invisible(char32_t c) {
  return (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
         c == 0xFEFF || c == 0x061C || c == 0x00AD || (c >= 0xE0000 && c <= 0xE0FFF);
}

/// C0 and C1 controls, the line separators, and what no text may hold.
bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || (c & 0xFFFE) == 0xFFFE;
}

bool is_device_name(std::string_view name) {
  std::string stem(name.substr(0, name.find('.')));
  std::ranges::transform(stem, stem.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  if (stem == "CON" || stem == "PRN" || stem == "AUX" || stem == "NUL") return true;
  return stem.size() == 4 && (stem.starts_with("COM") || stem.starts_with("LPT")) && stem[3] >= '1' &&
         stem[3] <= '9';
}

/// Cuts at a character, never inside one.
std::string_view cut(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0u) == 0x80) --limit;
  return text.substr(0, limit);
}

std::string shorten(std::string_view name) {
  if (name.size() <= kMaxName) return std::string(name);
  auto const dot = name.rfind('.');
  auto const has_extension = dot != std::string_view::npos && name.size() - dot <= kMaxExtension;
  auto const extension = has_extension ? name.substr(dot) : std::string_view{};
  return std::string(cut(name.substr(0, name.size() - extension.size()), kMaxName - extension.size())) +
         std::string(extension);
}

}  // namespace

std::string clean_text(std::string_view text, Lines lines) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    auto const c = take(text);
    if (lines == Lines::many && (c == '\n' || c == '\t'))
      out += static_cast<char>(c);
    else if (c == '\r' || is_invisible(c))
      continue;
    else if (is_control(c))
      out += lines == Lines::one && !out.empty() && out.back() != ' ' ? " " : "";
    else
      put(out, c);
  }
  return out;
}

std::string deceiving_character(std::string_view text) {
  while (!text.empty()) {
    auto const c = take(text);
    bool const turns = c == 0x200E || c == 0x200F || c == 0x061C || (c >= 0x202A && c <= 0x202E) ||
                       (c >= 0x2066 && c <= 0x2069) || (c >= 0xE0000 && c <= 0xE0FFF);
    if (turns || is_control(c)) return fmt::format("U+{:04X}", static_cast<std::uint32_t>(c));
  }
  return {};
}

std::string safe_file_name(std::string_view name) {
  if (auto const slash = name.find_last_of("/\\"); slash != std::string_view::npos)
    name.remove_prefix(slash + 1);
  std::string out = clean_text(name, Lines::one);
  for (char& c : out)
    if (std::string_view(":*?\"<>|").contains(c)) c = '_';
  auto const begin = out.find_first_not_of(" .");
  auto const end = out.find_last_not_of(" .");
  if (begin == std::string::npos) return {};
  out = shorten(std::string_view(out).substr(begin, end - begin + 1));
  return is_device_name(out) ? "_" + out : out;
}

}  // namespace torg::records
