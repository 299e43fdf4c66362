#include "identity/device_keys.hpp"

namespace torg::identity {
namespace {

/// More than any client makes; bounds what one device can store.
constexpr std::size_t kMaxKeysPerUpload = 500;
constexpr std::int64_t kMaxKeysPerAlgorithm = 1'000;

Result<std::vector<OneTimeKey>> parse_keys(json::object const& body, std::string_view field) {
  std::vector<OneTimeKey> keys;
  auto const* object = optional_object(body, field);
  if (object == nullptr) return keys;
  if (object->size() > kMaxKeysPerUpload)
    return fail(ErrorCode::too_large, "These are too many keys for one request.");
  for (auto const& member : *object) {
    std::string_view const name = member.key();
    auto const colon = name.find(':');
    if (colon == std::string_view::npos || !(member.value().is_object() || member.value().is_string())) {
      return fail(ErrorCode::invalid_param,
                  "The field '" + std::string(field) + "' holds something that is no key.");
    }
    keys.push_back({.algorithm = std::string(name.substr(0, colon)),
                    .key_id = std::string(name.substr(colon + 1)),
                    .key = json::serialize(member.value())});
  }
  return keys;
}

/// The identity keys as text; empty when the body has none.
Result<std::string> parse_device_keys(Requester const& requester, json::object const& body) {
  auto const* keys = optional_object(body, "device_keys");
  if (keys == nullptr) return std::string();
  if (optional_string(*keys, "user_id") != requester.user_id ||
      optional_string(*keys, "device_id") != requester.device.value) {
    return fail(ErrorCode::invalid_param, "The keys belong to another user or device.");
  }
  return json::serialize(*keys);
}

json::object key_object(OneTimeKey const& key) {
  auto value = parse_json(key.key);
  return {{key.algorithm + ":" + key.key_id, value ? std::move(*value) : json::value()}};
}

struct Upload {
  UserNid user;
  DeviceId device;
  std::string device_keys;
  std::vector<OneTimeKey> one_time, fallback;
};

Result<> add_one_time_keys(db::Transaction& transaction, Upload const& upload) {
  if (upload.one_time.empty()) return {};
  auto const number = store::next_upload(transaction, upload.user, upload.device);
  for (auto const& key : upload.one_time) {
    if (store::add_one_time_key(transaction, upload.user, upload.device, key, number) ==
        store::Added::differs) {
      return fail(ErrorCode::invalid_param,
                  "There is another one-time key " + key.algorithm + ":" + key.key_id + " already.");
    }
  }
  for (auto const& [algorithm, count] : store::key_counts(transaction, upload.user, upload.device).one_time) {
    if (count > kMaxKeysPerAlgorithm)
      return fail(ErrorCode::too_large, "This device has too many one-time keys.");
  }
  return {};
}

}  // namespace

void DeviceKeys::load() {
  database_.read_now([this](db::Reader& reader) {
    store::each_device_list_position(
        reader, [this](UserNid user, Position position) { last_changes_.insert_or_assign(user, position); });
  });
}

Position DeviceKeys::last_change(UserNid user) const {
  auto const found = last_changes_.find(user);
  return found == last_changes_.end() ? Position() : found->second;
}

Task<Result<KeyCounts>> DeviceKeys::upload(Requester requester, json::object body) {
  auto device_keys = parse_device_keys(requester, body);
  if (!device_keys) co_return fail(std::move(device_keys));
  auto one_time = parse_keys(body, "one_time_keys");
  if (!one_time) co_return fail(std::move(one_time));
  auto fallback = parse_keys(body, "fallback_keys");
  if (!fallback) co_return fail(std::move(fallback));
  Upload const upload{.user = requester.user,
                      .device = requester.device,
                      .device_keys = std::move(*device_keys),
                      .one_time = std::move(*one_time),
                      .fallback = std::move(*fallback)};
  co_return co_await database_.write([this, upload](db::Transaction& transaction) -> Result<KeyCounts> {
    if (!upload.device_keys.empty() &&
        store::put_device_keys(transaction, upload.user, upload.device, upload.device_keys)) {
      touch(transaction, upload.user);
    }
    if (auto added = add_one_time_keys(transaction, upload); !added) return fail(std::move(added));
    for (auto const& key : upload.fallback)
      store::put_fallback_key(transaction, upload.user, upload.device, key);
    return store::key_counts(transaction, upload.user, upload.device);
  });
}

Task<Result<KeyCounts>> DeviceKeys::counts(UserNid user, DeviceId device) const {
  co_return co_await database_.read(
      [user, device](db::Reader& reader) { return store::key_counts(reader, user, device); });
}

Task<Result<json::object>> DeviceKeys::claim(json::object body) {
  struct Wanted {
    UserNid user;
    std::string user_id;
    DeviceId device;
    std::string algorithm;
  };
  std::vector<Wanted> wanted;
  auto const* users = optional_object(body, "one_time_keys");
  if (users == nullptr)
    co_return fail(ErrorCode::missing_param, "The field 'one_time_keys' must be an object.");
  for (auto const& user : *users) {
    auto const nid = users_.find(user.key());
    if (users_.account(nid) == nullptr || !user.value().is_object()) continue;
    for (auto const& device : user.value().get_object()) {
      if (!device.value().is_string())
        co_return fail(ErrorCode::invalid_param, "An algorithm must be a text.");
      wanted.push_back(
          {nid, user.key(), DeviceId(std::string(device.key())), std::string(device.value().get_string())});
    }
  }
  co_return co_await database_.write([wanted](db::Transaction& transaction) -> Result<json::object> {
    json::object claimed;
    for (auto const& one : wanted) {
      auto const key = store::claim_key(transaction, one.user, one.device, one.algorithm);
      if (!key) continue;
      auto& user = claimed[one.user_id];
      if (!user.is_object()) user.emplace_object();
      user.get_object()[one.device.value] = key_object(*key);
    }
    return json::object{{"failures", json::object()}, {"one_time_keys", std::move(claimed)}};
  });
}

void DeviceKeys::forget(db::Transaction& transaction, UserNid user, DeviceId const& device) {
  if (store::delete_device_keys(transaction, user, device)) touch(transaction, user);
}

void DeviceKeys::touch(db::Transaction& transaction, UserNid user) {
  auto const position = transaction.next_position();
  store::set_device_list_position(transaction, user, position);
  transaction.on_commit([this, user, position] {
    last_changes_.insert_or_assign(user, position);
    for (auto const& observer : observers_) observer({.user = user, .position = position});
  });
}

}  // namespace torg::identity
