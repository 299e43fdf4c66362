// DeviceKeys: what others may see of a user's keys, and the keys by which users vouch for devices and for
// each other.
#include "identity/device_keys.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace torg::identity {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kUsages{
    {{"master_key", "master"}, {"self_signing_key", "self_signing"}, {"user_signing_key", "user_signing"}}};

/// Everything stored about one user's keys.
struct UserKeys {
  UserNid user;
  std::string user_id;
  std::vector<store::DeviceKeysRow> devices;
  std::map<std::string, std::string> cross_signing;
  std::vector<store::SignatureRow> signatures;
};

json::object parsed(std::string_view text) {
  auto object = parse_json_object(text);
  return object ? std::move(*object) : json::object();
}

json::object& member_object(json::object& object, std::string_view key) {
  auto& value = object[key];
  return value.is_object() ? value.get_object() : value.emplace_object();
}

/// The public key that names a cross-signing key: the one value of its `keys`.
std::string_view public_key_of(json::object const& key) {
  auto const* keys = optional_object(key, "keys");
  if (keys == nullptr || keys->empty() || !keys->begin()->value().is_string()) return {};
  return keys->begin()->value().get_string();
}

/// Adds the uploaded signatures that `asking` may see: the owner's and their own.
void add_signatures(json::object& target, std::string_view target_key, UserKeys const& keys, UserNid asking,
                    Users const& users) {
  for (auto const& row : keys.signatures) {
    if (row.target_key != target_key || (row.signer != keys.user && row.signer != asking)) continue;
    auto& by_signer = member_object(member_object(target, "signatures"), users.user_id(row.signer));
    for (auto const& signature : parsed(row.signatures)) by_signer[signature.key()] = signature.value();
  }
}

bool is_wanted(json::array const& devices, DeviceId const& device) {
  if (devices.empty()) return true;
  return std::ranges::any_of(
      devices, [&](json::value const& id) { return id.is_string() && id.get_string() == device.value; });
}

json::object shown_devices(UserKeys const& keys, json::array const& wanted, UserNid asking,
                           Users const& users) {
  json::object shown;
  for (auto const& row : keys.devices) {
    if (!is_wanted(wanted, row.device)) continue;
    auto device = parsed(row.keys);
    add_signatures(device, row.device.value, keys, asking, users);
    auto& extra = member_object(device, "unsigned");
    if (!row.display_name.empty()) extra["device_display_name"] = row.display_name;
    shown[row.device.value] = std::move(device);
  }
  return shown;
}

void show_cross_signing(json::object& answer, UserKeys const& keys, UserNid asking, Users const& users) {
  for (auto const& [usage, text] : keys.cross_signing) {
    if (usage == "user_signing" && keys.user != asking) continue;  // says whom the user has verified
    auto key = parsed(text);
    add_signatures(key, public_key_of(key), keys, asking, users);
    member_object(answer, usage + "_keys")[keys.user_id] = std::move(key);
  }
}

/// Reads one uploaded cross-signing key. @return its text
Result<std::string> parse_cross_signing_key(json::object const& key, std::string_view user_id,
                                            std::string_view usage) {
  auto const* usages = optional_array(key, "usage");
  auto const says_usage = usages != nullptr && std::ranges::any_of(*usages, [&](json::value const& v) {
                            return v.is_string() && v.get_string() == usage;
                          });
  if (optional_string(key, "user_id") != user_id || !says_usage || public_key_of(key).empty()) {
    return fail(ErrorCode::invalid_param,
                "The " + std::string(usage) + " key is not a key of yours for that use.");
  }
  return json::serialize(key);
}

/// Several devices of a user sign the same master key, each in its own request.
void merge_signatures(db::Transaction& transaction, UserNid target, store::SignatureRow row) {
  json::object merged;
  for (auto const& old : store::signatures(transaction, target)) {
    if (old.target_key == row.target_key && old.signer == row.signer) merged = parsed(old.signatures);
  }
  for (auto const& signature : parsed(row.signatures)) merged[signature.key()] = signature.value();
  row.signatures = json::serialize(merged);
  store::put_signatures(transaction, target, row);
}

}  // namespace

Task<Result<json::object>> DeviceKeys::query(UserNid asking, json::object body) const {
  auto const* wanted = optional_object(body, "device_keys");
  if (wanted == nullptr)
    co_return fail(ErrorCode::missing_param, "The field 'device_keys' must be an object.");
  std::vector<std::pair<UserNid, std::string>> users;
  for (auto const& member : *wanted) {
    if (!member.value().is_array()) co_return fail(ErrorCode::invalid_param, "The devices must be a list.");
    auto const user = users_.find(member.key());
    if (auto const* account = users_.account(user); account != nullptr && account->active) {
      users.emplace_back(user, member.key());
    }
  }
  auto const read = co_await database_.read([users](db::Reader& reader) {
    std::vector<UserKeys> found;
    for (auto const& [user, user_id] : users) {
      found.push_back({user, user_id, store::device_keys(reader, user),
                       store::cross_signing_keys(reader, user), store::signatures(reader, user)});
    }
    return found;
  });
  if (!read) co_return std::unexpected(read.error());
  json::object answer{{"device_keys", json::object()}, {"failures", json::object()}};
  for (auto const& keys : *read) {
    member_object(answer, "device_keys")[keys.user_id] =
        shown_devices(keys, wanted->at(keys.user_id).as_array(), asking, users_);
    show_cross_signing(answer, keys, asking, users_);
  }
  co_return answer;
}

Task<Result<>> DeviceKeys::upload_cross_signing(UserNid user, json::object body) {
  std::vector<std::pair<std::string, std::string>> keys;
  for (auto const& [field, usage] : kUsages) {
    auto const* key = optional_object(body, field);
    if (key == nullptr) continue;
    auto text = parse_cross_signing_key(*key, users_.user_id(user), usage);
    if (!text) co_return fail(std::move(text));
    keys.emplace_back(usage, std::move(*text));
  }
  if (keys.empty()) co_return fail(ErrorCode::missing_param, "There is no key in this request.");
  co_return co_await database_.write([this, user, keys](db::Transaction& transaction) -> Result<> {
    for (auto const& [usage, key] : keys) store::put_cross_signing_key(transaction, user, usage, key);
    touch(transaction, user);
    return {};
  });
}

Task<Result<bool>> DeviceKeys::has_master_key(UserNid user) const {
  co_return co_await database_.read(
      [user](db::Reader& reader) { return store::cross_signing_keys(reader, user).contains("master"); });
}

Task<Result<json::object>> DeviceKeys::upload_signatures(UserNid signer, json::object body) {
  struct Signed {
    UserNid target;
    store::SignatureRow row;
  };
  auto const& signer_id = users_.user_id(signer);
  std::vector<Signed> good;
  json::object failures;
  for (auto const& user : body) {
    auto const target = users_.find(user.key());
    if (!user.value().is_object())
      co_return fail(ErrorCode::invalid_param, "The signed keys must be objects.");
    for (auto const& key : user.value().get_object()) {
      auto const* object = key.value().if_object();
      auto const* by_user = object == nullptr ? nullptr : optional_object(*object, "signatures");
      auto const* mine = by_user == nullptr ? nullptr : optional_object(*by_user, signer_id);
      if (users_.account(target) == nullptr || mine == nullptr || mine->empty()) {
        member_object(failures, user.key())[key.key()] =
            json::object{{"errcode", "M_INVALID_SIGNATURE"}, {"error", "There is no signature of yours."}};
        continue;
      }
      good.push_back({target, {std::string(key.key()), signer, json::serialize(*mine)}});
    }
  }
  auto const written =
      co_await database_.write([this, good, signer](db::Transaction& transaction) -> Result<> {
        std::set<UserNid> changed;
        for (auto const& one : good) {
          merge_signatures(transaction, one.target, one.row);
          // Only the owner's own signatures are seen by others; a signature of somebody else's key by its
          // signer.
          changed.insert(one.target == signer ? one.target : signer);
        }
        for (auto const user : changed) touch(transaction, user);
        return {};
      });
  if (!written) co_return std::unexpected(written.error());
  co_return json::object{{"failures", std::move(failures)}};
}

}  // namespace torg::identity
