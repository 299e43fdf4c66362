// DeviceKeys: what others may see of a user's keys.
#include "identity/device_keys.hpp"
#include "identity/signed_keys.hpp"

#include <algorithm>

namespace torg::identity {
namespace {

/// Everything stored about one user's keys.
struct UserKeys {
  UserNid user;
  std::string user_id;
  std::vector<store::DeviceKeysRow> devices;
  std::map<std::string, std::string> cross_signing;
  std::vector<store::SignatureRow> signatures;
};

/// Adds the uploaded signatures that `asking` may see: the owner's and their own.
void add_signatures(json::object& target, std::string_view target_key, UserKeys const& keys, UserNid asking,
                    Users const& users) {
  for (auto const& row : keys.signatures) {
    if (row.target_key != target_key || (row.signer != keys.user && row.signer != asking)) continue;
    auto& by_signer = member_object(member_object(target, "signatures"), users.user_id(row.signer));
    for (auto const& signature : stored_object(row.signatures))
      by_signer[signature.key()] = signature.value();
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
    auto device = stored_object(row.keys);
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
    auto key = stored_object(text);
    add_signatures(key, public_key_of(key), keys, asking, users);
    member_object(answer, usage + "_keys")[keys.user_id] = std::move(key);
  }
}

}  // namespace

Task<Result<json::object>> DeviceKeys::query(UserNid asking, json::object body) const {
  auto const* wanted = optional_object(body, "device_keys");
  if (wanted == nullptr)
    co_return fail(ErrorCode::missing_param, "The field 'device_keys' must be an object.");
  std::vector<std::pair<UserNid, std::string>> users;
  for (auto const& member : *wanted) {
    if (!member.value().is_array()) co_return fail(ErrorCode::bad_json, "The devices must be a list.");
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

}  // namespace torg::identity
