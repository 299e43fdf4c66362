#include "base/catalogue.hpp"

#include <functional>
#include <stdexcept>

namespace torg {
namespace {

[[noreturn]] void refuse(std::string_view what, std::string_view key) {
  throw std::invalid_argument("message catalogue: " + std::string(what) + " " + std::string(key));
}

json::value const* find(json::object const& messages, std::string_view key) {
  json::object const* object = &messages;
  for (;;) {
    auto const dot = key.find('.');
    auto const* const value = object->if_contains(key.substr(0, dot));
    if (!value || dot == std::string_view::npos) return value;
    object = value->if_object();
    if (!object) return nullptr;
    key.remove_prefix(dot + 1);
  }
}

/// Keys of `wanted` must be in `there`, with the same kind of value.
void check_same_keys(json::object const& wanted, json::object const& there) {
  for (auto const& [key, value] : wanted) {
    auto const* const other = there.if_contains(key);
    if (!other || other->kind() != value.kind()) refuse("a language lacks", key);
    if (auto const* inner = value.if_object()) check_same_keys(*inner, other->get_object());
  }
}

}  // namespace

Catalogue::Catalogue(std::span<EmbeddedFile const> files) {
  for (auto const& file : files) {
    if (!file.name.ends_with(".json")) continue;
    auto language = file.name.substr(file.name.find_last_of('/') + 1);
    language.remove_suffix(std::string_view(".json").size());
    auto parsed = parse_json_object(file.bytes);
    if (!parsed) refuse("no JSON object in", file.name);
    languages_.emplace(language, std::move(*parsed));
  }
  for (auto const& [_, one] : languages_)
    for (auto const& [__, other] : languages_) check_same_keys(one, other);
}

json::object const& Catalogue::all(std::string_view language) const {
  auto const found = languages_.find(language);
  if (found == languages_.end()) refuse("no language", language);
  return found->second;
}

std::string Catalogue::text(std::string_view language, std::string_view key, Values values) const {
  auto const* const message = find(all(language), key);
  if (!message || !message->is_string()) refuse("no message", key);
  std::string_view rest = message->get_string();
  std::string out;
  for (auto open = rest.find("{{"); open != std::string_view::npos; open = rest.find("{{")) {
    auto const close = rest.find("}}", open);
    if (close == std::string_view::npos) break;
    auto const name = rest.substr(open + 2, close - open - 2);
    out += rest.substr(0, open);
    for (auto const& [given, value] : values)
      if (given == name) out += value;
    rest.remove_prefix(close + 2);
  }
  return out += rest;
}

std::string Catalogue::count(std::string_view language, std::string_view key, std::int64_t count) const {
  auto const form = std::string(key) + (count == 1 ? "_one" : "_other");
  return text(language, form, {{"count", std::to_string(count)}});
}

}  // namespace torg
