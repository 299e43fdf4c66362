// DeviceKeys: the keys by which users vouch for their devices and for each other.
// https://spec.matrix.org/v1.19/client-server-api/#cross-signing
#include "identity/device_keys.hpp"
#include "identity/signed_keys.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace torg::identity {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kUsages{
    {{"master_key", "master"}, {"self_signing_key", "self_signing"}, {"user_signing_key", "user_signing"}}};
constexpr std::size_t kMaxKey = 16 << 10;

/// Uploaded keys by usage.
using NewKeys = std::map<std::string, json::object>;
/// Public keys in base64, by the id that signatures name them by.
using Signers = std::map<std::string, std::string>;

Result<> check_key(json::object const& key, std::string_view user_id, std::string_view usage) {
  auto const* usages = optional_array(key, "usage");
  auto const says_usage = usages != nullptr && std::ranges::any_of(*usages, [&](json::value const& v) {
                            return v.is_string() && v.get_string() == usage;
                          });
  auto const public_key = public_key_of(key);
  bool const named = decode_public_key(public_key) &&
                     optional_object(key, "keys")->begin()->key() == "ed25519:" + std::string(public_key);
  if (optional_string(key, "user_id") != user_id || !says_usage || !named) {
    return fail(ErrorCode::invalid_param,
                "The " + std::string(usage) + " key is not a key of yours for that use.");
  }
  if (json::serialize(key).size() > kMaxKey) return fail(ErrorCode::too_large, "This key is too large.");
  return {};
}

Result<NewKeys> parse_keys(json::object const& body, std::string_view user_id) {
  NewKeys keys;
  for (auto const& [field, usage] : kUsages) {
    auto const* value = body.if_contains(field);
    if (value == nullptr || value->is_null()) continue;
    if (!value->is_object()) return fail(ErrorCode::bad_json, "A key must be an object.");
    if (auto good = check_key(value->get_object(), user_id, usage); !good) return fail(std::move(good));
    keys.emplace(usage, value->get_object());
  }
  if (keys.empty()) return fail(ErrorCode::missing_param, "There is no key in this request.");
  return keys;
}

/// The signature of `object` by `user_id` with the key of this id; empty when there is none.
std::string_view signature_of(json::object const& object, std::string_view user_id, std::string_view key_id) {
  auto const* by_user = optional_object(object, "signatures");
  auto const* by_key = by_user == nullptr ? nullptr : optional_object(*by_user, user_id);
  if (by_key == nullptr) return {};
  return optional_string(*by_key, key_id).value_or(std::string_view());
}

/// The keys below the master key must be signed by it.
Result<> check_signed_by_master(NewKeys const& keys, json::object const& master, std::string_view user_id) {
  auto const public_key = public_key_of(master);
  auto const key_id = "ed25519:" + std::string(public_key);
  for (auto const& [usage, key] : keys) {
    if (usage == "master" || verifies(key, signature_of(key, user_id, key_id), public_key)) continue;
    return fail(ErrorCode::invalid_signature, "The " + usage + " key is not signed by the master key.");
  }
  return {};
}

/// Everything stored about one user's keys that a signature may be of, or by.
struct SignedKeys {
  std::map<std::string, json::object> devices;
  std::map<std::string, json::object> cross_signing;  ///< by usage

  [[nodiscard]] std::string_view public_key(std::string const& usage) const {
    auto const found = cross_signing.find(usage);
    return found == cross_signing.end() ? std::string_view() : public_key_of(found->second);
  }
};

SignedKeys read_keys(db::Reader& reader, UserNid user) {
  SignedKeys keys;
  for (auto const& row : store::device_keys(reader, user))
    keys.devices.emplace(row.device.value, stored_object(row.keys));
  for (auto const& [usage, text] : store::cross_signing_keys(reader, user))
    keys.cross_signing.emplace(usage, stored_object(text));
  return keys;
}

Signers one_signer(std::string_view public_key) {
  if (public_key.empty()) return {};
  return {{"ed25519:" + std::string(public_key), std::string(public_key)}};
}

/// What is signed, and who may sign it. Null when there is no such key.
struct Target {
  json::object const* key = nullptr;
  Signers signers;
};

Target own_target(SignedKeys const& own, std::string const& key_id) {
  if (auto const device = own.devices.find(key_id); device != own.devices.end())
    return {&device->second, one_signer(own.public_key("self_signing"))};
  if (key_id.empty() || key_id != own.public_key("master")) return {};
  Signers devices;
  for (auto const& [id, keys] : own.devices)
    devices.emplace("ed25519:" + id, std::string(device_public_key(keys, id)));
  return {&own.cross_signing.at("master"), std::move(devices)};
}

Target others_target(SignedKeys const& others, SignedKeys const& own, std::string const& key_id) {
  if (key_id.empty() || key_id != others.public_key("master")) return {};
  return {&others.cross_signing.at("master"), one_signer(own.public_key("user_signing"))};
}

/// Those among the uploaded signatures that hold: key id → signature.
json::object good_signatures(Target const& target, json::object const& uploaded, std::string_view signer) {
  json::object good;
  for (auto const& [key_id, public_key] : target.signers) {
    auto const signature = signature_of(uploaded, signer, key_id);
    if (!signature.empty() && verifies(*target.key, signature, public_key)) good[key_id] = signature;
  }
  return good;
}

/// Several devices of a user sign the same master key, each in its own request.
void merge_signatures(db::Transaction& transaction, UserNid target, store::SignatureRow row) {
  json::object merged;
  for (auto const& old : store::signatures(transaction, target)) {
    if (old.target_key == row.target_key && old.signer == row.signer) merged = stored_object(old.signatures);
  }
  for (auto const& signature : stored_object(row.signatures)) merged[signature.key()] = signature.value();
  row.signatures = json::serialize(merged);
  store::put_signatures(transaction, target, row);
}

json::object failure(std::string_view errcode, std::string_view message) {
  return {{"errcode", errcode}, {"error", message}};
}

bool all_stored(NewKeys const& keys, std::map<std::string, std::string> const& stored) {
  return std::ranges::all_of(keys, [&](auto const& key) {
    auto const found = stored.find(key.first);
    return found != stored.end() && same_unsigned(key.second, stored_object(found->second));
  });
}

struct Signed {
  UserNid target;
  store::SignatureRow row;
};
struct Judged {
  std::vector<Signed> good;
  json::object failures;
};

/// Sorts the uploaded signatures into those that hold and the others. @pre the body is an object of objects
Judged judge(json::object const& body, UserNid signer, Users const& users,
             std::map<UserNid, SignedKeys> const& keys) {
  Judged judged;
  auto const& own = keys.at(signer);
  for (auto const& user : body) {
    auto const target_user = users.find(user.key());
    for (auto const& [key_id, value] : user.value().get_object()) {
      auto const found = keys.find(target_user);
      auto const target = found == keys.end()     ? Target()
                          : target_user == signer ? own_target(own, key_id)
                                                  : others_target(found->second, own, key_id);
      auto& failures = judged.failures;
      if (target.key == nullptr) {
        member_object(failures, user.key())[key_id] = failure("M_NOT_FOUND", "There is no such key.");
        continue;
      }
      auto const good = value.is_object() ? good_signatures(target, value.get_object(), users.user_id(signer))
                                          : json::object();
      if (good.empty()) {
        member_object(failures, user.key())[key_id] =
            failure("M_INVALID_SIGNATURE", "No signature of yours holds.");
        continue;
      }
      judged.good.push_back({target_user, {std::string(key_id), signer, json::serialize(good)}});
    }
  }
  return judged;
}

}  // namespace

Task<Result<DeviceKeys::CrossSigning>> DeviceKeys::upload_cross_signing(UserNid user, json::object body,
                                                                        Proof proof) {
  auto const& user_id = users_.user_id(user);
  auto const parsed = parse_keys(body, user_id);
  if (!parsed) co_return std::unexpected(parsed.error());
  co_return co_await database_.write(
      [this, user, user_id, keys = *parsed, proof](db::Transaction& transaction) -> Result<CrossSigning> {
        auto const stored = store::cross_signing_keys(transaction, user);
        if (all_stored(keys, stored)) return CrossSigning::unchanged;
        if (!stored.empty() && proof == Proof::none) return CrossSigning::needs_proof;
        auto const old_master = stored.find("master");
        auto const new_master = keys.find("master");
        if (old_master == stored.end() && new_master == keys.end())
          return fail(ErrorCode::missing_param, "There is no master key.");
        auto const master = new_master != keys.end() ? new_master->second : stored_object(old_master->second);
        if (auto good = check_signed_by_master(keys, master, user_id); !good) return fail(std::move(good));
        bool const replaced = old_master != stored.end() && new_master != keys.end() &&
                              !same_unsigned(master, stored_object(old_master->second));
        if (replaced) {  // what the old one has signed is worth nothing
          for (auto const* usage : {"self_signing", "user_signing"})
            store::delete_cross_signing_key(transaction, user, usage);
        }
        for (auto const& [usage, key] : keys)
          store::put_cross_signing_key(transaction, user, usage, json::serialize(key));
        touch(transaction, user);
        return CrossSigning::stored;
      });
}

Task<Result<json::object>> DeviceKeys::upload_signatures(UserNid signer, json::object body) {
  std::set<UserNid> concerned{signer};
  for (auto const& user : body) {
    if (!user.value().is_object())
      co_return fail(ErrorCode::invalid_param, "The signed keys must be objects.");
    if (auto const target = users_.find(user.key()); users_.account(target) != nullptr)
      concerned.insert(target);
  }
  auto const keys = co_await database_.read([concerned](db::Reader& reader) {
    std::map<UserNid, SignedKeys> found;
    for (auto const user : concerned) found.emplace(user, read_keys(reader, user));
    return found;
  });
  if (!keys) co_return std::unexpected(keys.error());
  auto judged = judge(body, signer, users_, *keys);
  auto const written =
      co_await database_.write([this, good = judged.good, signer](db::Transaction& transaction) -> Result<> {
        for (auto const& one : good) merge_signatures(transaction, one.target, one.row);
        // Of their own keys all see their signatures; of another's master key only the signer sees theirs.
        if (!good.empty()) touch(transaction, signer);
        return {};
      });
  if (!written) co_return std::unexpected(written.error());
  co_return json::object{{"failures", std::move(judged.failures)}};
}

void DeviceKeys::forget_user(db::Transaction& transaction, UserNid user) {
  for (auto const& [field, usage] : kUsages) store::delete_cross_signing_key(transaction, user, usage);
  store::delete_signatures(transaction, user);
  touch(transaction, user);
}

}  // namespace torg::identity
