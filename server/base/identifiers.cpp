#include "base/identifiers.hpp"

#include "base/encoding.hpp"

#include <algorithm>

namespace torg {
namespace {

constexpr std::size_t kMaxId = 255;
constexpr std::size_t kMaxPortDigits = 5;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool is_valid_port(std::string_view port) {
  return !port.empty() && port.size() <= kMaxPortDigits && std::ranges::all_of(port, is_digit);
}

bool is_valid_ipv6(std::string_view text) {
  constexpr std::size_t kShortest = 2, kLongest = 45;
  return text.size() >= kShortest && text.size() <= kLongest &&
         std::ranges::all_of(text, [](char c) { return is_hex(c) || c == ':' || c == '.'; });
}

/// A sigil, any text without `:`, and a server name.
bool is_valid_id(std::string_view id) {
  auto const localpart = localpart_of(id);
  bool const good = id.size() <= kMaxId && !localpart.contains('\0') && is_valid_utf8(localpart);
  return good && is_valid_server_name(server_of(id));
}

}  // namespace

bool is_valid_server_name(std::string_view name) {
  std::string_view rest = name;
  if (rest.starts_with('[')) {
    auto const end = rest.find(']');
    if (end == std::string_view::npos || !is_valid_ipv6(rest.substr(1, end - 1))) return false;
    rest.remove_prefix(end + 1);
  } else {
    auto const host = rest.substr(0, rest.find(':'));
    auto const allowed = [](char c) { return is_digit(c) || is_letter(c) || c == '-' || c == '.'; };
    if (host.empty() || !std::ranges::all_of(host, allowed)) return false;
    rest.remove_prefix(host.size());
  }
  return rest.empty() || (rest.front() == ':' && is_valid_port(rest.substr(1)));
}

bool is_valid_user_id(std::string_view user_id) { return user_id.starts_with('@') && is_valid_id(user_id); }

bool is_valid_room_alias(std::string_view alias) { return alias.starts_with('#') && is_valid_id(alias); }

bool is_valid_new_localpart(std::string_view localpart) {
  constexpr std::string_view kPunctuation = "._=-/+";
  auto const allowed = [&](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || kPunctuation.find(c) != std::string_view::npos;
  };
  return !localpart.empty() && std::ranges::all_of(localpart, allowed);
}

std::string_view server_of(std::string_view id) {
  auto const colon = id.find(':');
  return colon == std::string_view::npos ? std::string_view() : id.substr(colon + 1);
}

std::string_view localpart_of(std::string_view id) {
  auto const colon = id.find(':');
  if (id.empty()) return {};
  return id.substr(1, colon == std::string_view::npos ? std::string_view::npos : colon - 1);
}

}  // namespace torg
