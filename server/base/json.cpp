#include "base/json.hpp"

namespace torg {

Result<json::value> parse_json(std::string_view text) {
  json::parse_options options;
  options.max_depth = kMaxJsonDepth;
  json::error_code error;
  json::value value = json::parse(text, error, {}, options);
  if (error) return fail(ErrorCode::not_json, "The body is not valid JSON.", error.message());
  return value;
}

Result<json::object> parse_json_object(std::string_view text) {
  auto value = parse_json(text);
  if (!value) return fail(std::move(value));
  if (!value->is_object()) return fail(ErrorCode::bad_json, "The body must be a JSON object.");
  return std::move(value->as_object());
}

namespace {

Result<json::value const*> required(json::object const& object, std::string_view key) {
  auto const* value = object.if_contains(key);
  if (value == nullptr)
    return fail(ErrorCode::missing_param, "The field '" + std::string(key) + "' is missing.");
  return value;
}

std::unexpected<Error> wrong_type(std::string_view key, std::string_view wanted) {
  return fail(ErrorCode::invalid_param,
              "The field '" + std::string(key) + "' must be " + std::string(wanted) + ".");
}

}  // namespace

Result<std::string> required_string(json::object const& object, std::string_view key) {
  auto value = required(object, key);
  if (!value) return fail(std::move(value));
  if (!(*value)->is_string()) return wrong_type(key, "a string");
  return std::string((*value)->get_string());
}

Result<std::int64_t> required_integer(json::object const& object, std::string_view key) {
  auto value = required(object, key);
  if (!value) return fail(std::move(value));
  if (!(*value)->is_int64()) return wrong_type(key, "an integer");
  return (*value)->get_int64();
}

std::optional<std::string_view> optional_string(json::object const& object, std::string_view key) {
  auto const* value = object.if_contains(key);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string_view(value->get_string());
}

std::optional<std::int64_t> optional_integer(json::object const& object, std::string_view key) {
  auto const* value = object.if_contains(key);
  if (value == nullptr || !value->is_int64()) return std::nullopt;
  return value->get_int64();
}

std::optional<bool> optional_bool(json::object const& object, std::string_view key) {
  auto const* value = object.if_contains(key);
  if (value == nullptr || !value->is_bool()) return std::nullopt;
  return value->get_bool();
}

json::object const* optional_object(json::object const& object, std::string_view key) {
  auto const* value = object.if_contains(key);
  return value == nullptr ? nullptr : value->if_object();
}

json::array const* optional_array(json::object const& object, std::string_view key) {
  auto const* value = object.if_contains(key);
  return value == nullptr ? nullptr : value->if_array();
}

void append_json_string(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto const c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, plain, i - plain);
    plain = i + 1;
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += "\\u00";
        out += kHex[c >> 4];
        out += kHex[c & 15];
    }
  }
  out.append(text, plain);
  out += '"';
}

}  // namespace torg
