#include "records/rules/text.hpp"

#include <cstdint>

namespace torg::records {
namespace {

/// One UTF-8 character at `at`; a byte that begins none stands for itself.
struct Character {
  std::uint32_t code = 0;
  std::size_t length = 1;
};

Character character_at(std::string_view text, std::size_t at) {
  auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  unsigned const first = byte(at);
  std::size_t const length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
  if (length == 1 || at + length > text.size()) return {first, 1};
  std::uint32_t code = first & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) code = (code << 6) | (byte(at + i) & 0x3Fu);
  return {code, length};
}

/// The ASCII character a typographic one stands for; 0: none.
char plain_form(std::uint32_t code) {
  if (code >= 0xFF10 && code <= 0xFF19) return static_cast<char>('0' + (code - 0xFF10));
  if ((code >= 0x2010 && code <= 0x2015) || code == 0x2212 || code == 0xFE63 || code == 0xFF0D) return '-';
  if (code == 0xFF0B) return '+';
  if (code == 0x00A0 || (code >= 0x2000 && code <= 0x200A) || code == 0x202F || code == 0x3000) return ' ';
  return 0;
}

bool is_letter_byte(char c) {
  auto const byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/// Å, Ä, Ö, É and the rest of Latin-1 to lower case.
void append_lower(std::string& out, std::string_view character, std::uint32_t code) {
  if (code >= 'A' && code <= 'Z') {
    out += static_cast<char>(code + 32);
  } else if (code >= 0xC0 && code <= 0xDE && code != 0xD7) {
    out += static_cast<char>(0xC3);
    out += static_cast<char>(static_cast<unsigned char>(character[1]) + 0x20);
  } else {
    out += character;
  }
}

}  // namespace

PlainText make_plain(std::string_view text) {
  PlainText result;
  result.plain.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    auto const [code, length] = character_at(text, at);
    char const plain = plain_form(code);
    if (plain != 0)
      result.plain += plain;
    else
      append_lower(result.plain, text.substr(at, length), code);
    result.origin.resize(result.plain.size(), at);
    result.was_typographic.resize(result.plain.size(), plain >= '0' && plain <= '9');
    at += length;
  }
  return result;
}

bool has_word_beginning(std::string_view plain, std::string_view stem) {
  for (auto at = plain.find(stem); at != std::string_view::npos; at = plain.find(stem, at + 1)) {
    if (at == 0 || !is_letter_byte(plain[at - 1])) return true;
  }
  return false;
}

}  // namespace torg::records
