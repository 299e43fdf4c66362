#include "records/log/key_chain.hpp"

#include "base/encoding.hpp"
#include "matrix/event/canonical.hpp"
#include "records/log/store.hpp"

#include <algorithm>
#include <stdexcept>

namespace torg::records {
namespace {

constexpr std::string_view kPurpose = "torg log key v1\n";

template <std::size_t N>
std::string encode(std::array<unsigned char, N> const& bytes) {
  return base64_encode({reinterpret_cast<char const*>(bytes.data()), N}, Base64::standard);
}

template <std::size_t N>
Result<std::array<unsigned char, N>> bytes_at(json::object const& values, std::string_view name) {
  auto const text = optional_string(values, name);
  auto const bytes = text ? base64_decode(*text, Base64::standard) : std::nullopt;
  if (!bytes || bytes->size() != N)
    return fail(ErrorCode::bad_json, "The entry of a key has no right " + std::string(name) + ".");
  std::array<unsigned char, N> out;
  std::ranges::copy(*bytes, out.begin());
  return out;
}

}  // namespace

std::string key_message(std::string_view log, KeyChange const& change) {
  auto const body = matrix::canonical_json(json::object{{"log", log},
                                                        {"key", encode(change.key)},
                                                        {"previous", encode(change.previous)},
                                                        {"size", change.index}});
  if (!body) throw std::invalid_argument("a change of key has no canonical form: " + body.error().message);
  return std::string(kPurpose) + *body;
}

bool signature_holds(std::string_view log, KeyChange const& change) {
  return crypto::verify(change.previous, key_message(log, change), change.signature);
}

Entry to_entry(KeyChange const& change, Instant at, SaltSeed const& seed) {
  Entry entry{kKeyEntry, at, RecordId(), {}, {}, seed};
  entry.fields = {{"key", encode(change.key)},
                  {"previous", encode(change.previous)},
                  {"signature", encode(change.signature)}};
  return entry;
}

Result<KeyChange> parse_key_change(std::int64_t index, json::object const& values) {
  auto const key = bytes_at<32>(values, "key");
  if (!key) return std::unexpected(key.error());
  auto const previous = bytes_at<32>(values, "previous");
  if (!previous) return std::unexpected(previous.error());
  auto const signature = bytes_at<64>(values, "signature");
  if (!signature) return std::unexpected(signature.error());
  return KeyChange{index, *previous, *key, *signature};
}

Result<std::vector<KeyChange>> read_key_changes(db::Reader& reader) {
  std::vector<KeyChange> changes;
  for (auto const index : log_store::key_places(reader)) {
    auto const entry = log_store::entry(reader, index);
    json::object values;
    if (entry) {
      for (auto const& opening : entry->openings) values[opening.name] = opening.value;
    }
    auto const change = parse_key_change(index, values);
    if (!change) return fail(ErrorCode::bad_state, "A change of the log's key can't be read.");
    changes.push_back(*change);
  }
  return changes;
}

Result<> KeyChain::add(std::string_view log, KeyChange const& change) {
  if (change.previous != last() || !signature_holds(log, change))
    return fail(ErrorCode::bad_state, "A key of the log was not brought in by the key before it.");
  changes_.push_back(change);
  return {};
}

crypto::PublicKey const& KeyChain::at(std::int64_t size) const {
  auto const* key = &first_;
  for (auto const& change : changes_) {
    if (change.index < size) key = &change.key;
  }
  return *key;
}

bool KeyChain::holds(crypto::PublicKey const& key) const {
  return key == first_ || std::ranges::find(changes_, key, &KeyChange::key) != changes_.end();
}

}  // namespace torg::records
