#pragma once
#include "net/buckets.hpp"

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace torg::app {

/// `rate`: as `net::parse_rate` reads it. `list`: an array of texts, or one text with commas.
enum class KeyKind : std::uint8_t {
  text,
  number,
  on_off,
  rate,
  list,
  registration,
  room_version,
  day,
  language,
  clamd
};

/// One key of the configuration: its name, what it holds, what holds without it, and a sentence for people.
struct Key {
  std::string_view name;
  KeyKind kind;
  std::string_view fallback;
  std::string_view help;
};

/// All there are, in the order of the documented example.
[[nodiscard]] std::span<Key const> all_keys();

/// The configuration: a TOML file, and `key=value` settings that win over it.
class Config {
 public:
  /// `invalid_param` names the key that is unknown or of the wrong kind, and the line where it stands.
  [[nodiscard]] Result<> load(std::filesystem::path const& file);
  [[nodiscard]] Result<> set(std::string_view setting);

  /// @pre `name` is one of `all_keys`
  [[nodiscard]] std::string text(std::string_view name) const;
  [[nodiscard]] std::int64_t number(std::string_view name) const;
  [[nodiscard]] bool is_on(std::string_view name) const;
  /// No limit while `rate_limits` is off.
  [[nodiscard]] net::Rate rate(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> list(std::string_view name) const;

 private:
  [[nodiscard]] Result<> put(std::string_view name, std::string value, std::string_view where);

  std::map<std::string, std::string, std::less<>> values_;
};

/// A file with every key, its default and its sentence: `torg config example`.
[[nodiscard]] std::string example();

}  // namespace torg::app
