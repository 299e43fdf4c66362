#pragma once
#include "base/result.hpp"

#include <optional>
#include <string_view>

#include <boost/json.hpp>

namespace torg {
namespace json = boost::json;

/// Limits for JSON that comes from outside.
inline constexpr std::size_t kMaxJsonDepth = 100;

/// Parses any JSON value; `not_json` when it is none (invalid UTF-8 and nesting beyond `kMaxJsonDepth`
/// included).
[[nodiscard]] Result<json::value> parse_json(std::string_view text);
/// Parses a JSON object, as all Matrix request bodies are; an empty text is `not_json`, another value
/// `bad_json`.
[[nodiscard]] Result<json::object> parse_json_object(std::string_view text);

// Readers for one member of an object. `missing_param` when absent, `invalid_param` when of the wrong type.
[[nodiscard]] Result<std::string> required_string(json::object const& object, std::string_view key);
[[nodiscard]] Result<std::int64_t> required_integer(json::object const& object, std::string_view key);
/// Absent, null or of another type: none.
[[nodiscard]] std::optional<std::string_view> optional_string(json::object const& object,
                                                              std::string_view key);
[[nodiscard]] std::optional<std::int64_t> optional_integer(json::object const& object, std::string_view key);
[[nodiscard]] std::optional<bool> optional_bool(json::object const& object, std::string_view key);
[[nodiscard]] json::object const* optional_object(json::object const& object, std::string_view key);
[[nodiscard]] json::array const* optional_array(json::object const& object, std::string_view key);

/// Appends `text` to `out` as a JSON string with its quotes, in the shortest form canonical JSON allows.
void append_json_string(std::string& out, std::string_view text);

}  // namespace torg
