#include "records/log/head.hpp"

#include "base/encoding.hpp"
#include "matrix/event/canonical.hpp"

#include <algorithm>
#include <stdexcept>

namespace torg::records {
namespace {

constexpr std::string_view kPurpose = "torg log head v1\n";

template <std::size_t N>
std::string encode(std::array<unsigned char, N> const& bytes) {
  return base64_encode({reinterpret_cast<char const*>(bytes.data()), N}, Base64::standard);
}

template <std::size_t N>
Result<std::array<unsigned char, N>> decode(std::string_view text) {
  auto const bytes = base64_decode(text, Base64::standard);
  if (!bytes || bytes->size() != N)
    return fail(ErrorCode::bad_json, "A hash, key or signature has the wrong length.");
  std::array<unsigned char, N> out;
  std::ranges::copy(*bytes, out.begin());
  return out;
}

template <std::size_t N>
Result<std::array<unsigned char, N>> required_bytes(json::object const& object, std::string_view key) {
  auto const text = required_string(object, key);
  if (!text) return fail(ErrorCode::bad_json, "The head has no " + std::string(key) + ".");
  return decode<N>(*text);
}

}  // namespace

std::string head_message(SignedHead const& head) {
  auto const body = matrix::canonical_json(json::object{
      {"log", head.log}, {"root", to_text(head.root)}, {"size", head.size}, {"timestamp", to_ms(head.at)}});
  if (!body) throw std::invalid_argument("a tree head has no canonical form: " + body.error().message);
  return std::string(kPurpose) + *body;
}

bool signature_holds(SignedHead const& head) {
  return crypto::verify(head.key, head_message(head), head.signature);
}

json::object to_json(SignedHead const& head) {
  return {{"log", head.log},           {"key", encode(head.key)},     {"size", head.size},
          {"root", encode(head.root)}, {"timestamp", to_ms(head.at)}, {"signature", encode(head.signature)}};
}

Result<SignedHead> parse_head(json::object const& object) {
  SignedHead head;
  auto log = required_string(object, "log");
  auto size = required_integer(object, "size");
  auto at = required_integer(object, "timestamp");
  if (!log || !size || !at || *size < 0) return fail(ErrorCode::bad_json, "The head is incomplete.");
  auto key = required_bytes<32>(object, "key");
  if (!key) return fail(std::move(key));
  auto root = required_bytes<32>(object, "root");
  if (!root) return fail(std::move(root));
  auto signature = required_bytes<64>(object, "signature");
  if (!signature) return fail(std::move(signature));
  return SignedHead{std::move(*log), *key, *size, *root, instant_from_ms(*at), *signature};
}

std::string to_text(crypto::Sha256 const& hash) { return encode(hash); }

Result<crypto::Sha256> parse_hash(std::string_view text) { return decode<32>(text); }

json::array to_json(std::vector<crypto::Sha256> const& hashes) {
  json::array array;
  for (auto const& hash : hashes) array.emplace_back(to_text(hash));
  return array;
}

Result<std::vector<crypto::Sha256>> parse_hashes(json::array const& array) {
  std::vector<crypto::Sha256> hashes;
  for (auto const& value : array) {
    if (!value.is_string()) return fail(ErrorCode::bad_json, "A proof holds something else than hashes.");
    auto hash = parse_hash(value.get_string());
    if (!hash) return fail(std::move(hash));
    hashes.push_back(*hash);
  }
  return hashes;
}

}  // namespace torg::records
