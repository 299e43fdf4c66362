#pragma once
#include "base/embedded.hpp"
#include "base/json.hpp"

#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace torg {

/// Everything a person reads on a page the server renders, in each language: nested JSON objects in the form
/// the web client's i18next uses too, `{{name}}` for values, `key_one` and `key_other` for plurals.
class Catalogue {
 public:
  using Values = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  /// Takes the files named `*.json`; `messages/sv.json` is the language `sv`.
  /// @throws std::invalid_argument when one is no JSON object, or lacks a key another one has
  explicit Catalogue(std::span<EmbeddedFile const> files);

  [[nodiscard]] bool has(std::string_view language) const { return languages_.contains(language); }
  /// All messages of a language, for `{{t.a.key}}` in a template. @pre has(language)
  [[nodiscard]] json::object const& all(std::string_view language) const;
  /// The message at a dotted key with its values put in (not escaped: the template does that).
  /// @throws std::invalid_argument when there is none: keys are part of the program
  [[nodiscard]] std::string text(std::string_view language, std::string_view key, Values values = {}) const;
  /// The plural form for `count`, whose value is put in as `{{count}}`.
  [[nodiscard]] std::string count(std::string_view language, std::string_view key, std::int64_t count) const;

 private:
  std::map<std::string, json::object, std::less<>> languages_;
};

}  // namespace torg
