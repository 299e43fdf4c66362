// Step 5.4.1 of the authorisation rules: an invitation sent to an address, taken up by whoever proved to own
// it. https://spec.matrix.org/v1.19/rooms/v12/#authorization-rules
#include "base/encoding.hpp"
#include "crypto/keys.hpp"
#include "matrix/auth/rules.hpp"
#include "matrix/event/canonical.hpp"

#include <algorithm>

namespace torg::matrix::rules {
namespace {

template <class Bytes>
std::optional<Bytes> fixed_bytes(json::value const& text) {
  if (!text.is_string()) return std::nullopt;
  std::string_view const encoded = text.get_string();
  auto bytes = base64_decode(encoded, Base64::standard);
  if (!bytes) bytes = base64_decode(encoded, Base64::url);  // identity servers write their keys either way
  Bytes fixed;
  if (!bytes || bytes->size() != fixed.size()) return std::nullopt;
  std::ranges::copy(*bytes, fixed.begin());
  return fixed;
}

/// Steps 5.4.1.7.1 and 5.4.1.7.2
std::vector<crypto::PublicKey> public_keys(json::object const& invite) {
  std::vector<crypto::PublicKey> keys;
  auto const add = [&](json::object const& holder) {
    auto const* text = holder.if_contains("public_key");
    auto const key = text == nullptr ? std::nullopt : fixed_bytes<crypto::PublicKey>(*text);
    if (key) keys.push_back(*key);
  };
  add(invite);
  if (auto const* list = optional_array(invite, "public_keys")) {
    for (auto const& item : *list) {
      if (item.is_object()) add(item.get_object());
    }
  }
  return keys;
}

std::vector<crypto::Signature> signatures(json::object const& proof) {
  std::vector<crypto::Signature> found;
  auto const* servers = optional_object(proof, "signatures");
  if (servers == nullptr) return found;
  for (auto const& server : *servers) {
    if (!server.value().is_object()) continue;
    for (auto const& entry : server.value().get_object()) {
      if (!entry.key().starts_with("ed25519:")) continue;
      if (auto const signature = fixed_bytes<crypto::Signature>(entry.value())) found.push_back(*signature);
    }
  }
  return found;
}

/// Signing JSON covers the canonical form without `signatures` and `unsigned`.
bool is_signed_by_one_of(json::object const& proof, std::vector<crypto::PublicKey> const& keys) {
  json::object covered = proof;
  covered.erase("signatures");
  covered.erase("unsigned");
  auto const text = canonical_json(covered);
  if (!text) return false;
  for (auto const& signature : signatures(proof)) {
    if (std::ranges::any_of(keys, [&](auto const& key) { return crypto::verify(key, *text, signature); }))
      return true;
  }
  return false;
}

}  // namespace

Result<> third_party_invitation(Question const& question) {
  auto const& [event, content, state] = question;
  if (state.membership(*event.state_key) == Membership::ban) {
    return reject("This person is banned from the room.", "5.4.1.1");
  }
  auto const* given = optional_object(content, "third_party_invite");
  auto const* proof = given == nullptr ? nullptr : optional_object(*given, "signed");
  if (proof == nullptr) return reject("The invitation is not signed.", "5.4.1.2");
  auto const mxid = optional_string(*proof, "mxid");
  auto const token = optional_string(*proof, "token");
  if (!mxid || !token) return reject("The signed part of the invitation is incomplete.", "5.4.1.3");
  if (*mxid != *event.state_key) return reject("The invitation was made out to somebody else.", "5.4.1.4");
  auto const* invite = state.third_party_invite(*token);
  if (invite == nullptr) return reject("There is no such invitation in this room.", "5.4.1.5");
  if (state.third_party_invite_sender(*token) != event.sender) {
    return reject("Only who sent the invitation may complete it.", "5.4.1.6");
  }
  if (is_signed_by_one_of(*proof, public_keys(*invite))) return {};  // 5.4.1.7
  return reject("The signature of the invitation does not match.", "5.4.1.8");
}

}  // namespace torg::matrix::rules
