#include "identity/signed_keys.hpp"

#include "base/encoding.hpp"
#include "matrix/event/canonical.hpp"

#include <algorithm>

namespace torg::identity {
namespace {

json::object without_signatures(json::object object) {
  object.erase("signatures");
  object.erase("unsigned");
  return object;
}

template <class Bytes>
std::optional<Bytes> decode(std::string_view base64) {
  auto const bytes = base64_decode(base64, Base64::standard);
  Bytes value{};
  if (!bytes || bytes->size() != value.size()) return std::nullopt;
  std::ranges::copy(*bytes, value.begin());
  return value;
}

}  // namespace

json::object stored_object(std::string_view text) {
  auto object = parse_json_object(text);
  return object ? std::move(*object) : json::object();
}

json::object& member_object(json::object& object, std::string_view key) {
  auto& value = object[key];
  return value.is_object() ? value.get_object() : value.emplace_object();
}

std::string_view public_key_of(json::object const& key) {
  auto const* keys = optional_object(key, "keys");
  if (keys == nullptr || keys->size() != 1 || !keys->begin()->value().is_string()) return {};
  return keys->begin()->value().get_string();
}

std::string_view device_public_key(json::object const& device_keys, std::string_view device_id) {
  auto const* keys = optional_object(device_keys, "keys");
  if (keys == nullptr) return {};
  return optional_string(*keys, "ed25519:" + std::string(device_id)).value_or(std::string_view());
}

std::optional<crypto::PublicKey> decode_public_key(std::string_view base64) {
  return decode<crypto::PublicKey>(base64);
}

bool same_unsigned(json::object const& a, json::object const& b) {
  return without_signatures(a) == without_signatures(b);
}

bool verifies(json::object const& object, std::string_view signature, std::string_view key) {
  auto const public_key = decode_public_key(key);
  auto const bytes = decode<crypto::Signature>(signature);
  auto const text = matrix::canonical_json(without_signatures(object));
  return public_key && bytes && text && crypto::verify(*public_key, *text, *bytes);
}

}  // namespace torg::identity
