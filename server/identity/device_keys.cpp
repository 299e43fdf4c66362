#include "identity/device_keys.hpp"

#include <algorithm>

namespace torg::identity {
namespace {

/// More than any client makes; bounds what one device can store.
constexpr std::size_t kMaxKeysPerUpload = 500;
constexpr std::int64_t kMaxKeysPerAlgorithm = 1'000;
constexpr std::size_t kMaxFallbackKeys = 10;
constexpr std::size_t kMaxCountsKept = 50'000;
constexpr std::string_view kUsualAlgorithm = "signed_curve25519";

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
  auto const* value = body.if_contains("device_keys");
  if (value == nullptr || value->is_null()) return std::string();
  auto const* keys = value->if_object();
  bool const whole = keys != nullptr && optional_string(*keys, "user_id") &&
                     optional_string(*keys, "device_id") && optional_array(*keys, "algorithms") != nullptr &&
                     optional_object(*keys, "keys") != nullptr &&
                     optional_object(*keys, "signatures") != nullptr;
  if (!whole) {
    return fail(ErrorCode::bad_json,
                "The field 'device_keys' needs user_id, device_id, algorithms, keys and signatures.");
  }
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

Result<> add_one_time_keys(db::Transaction& transaction, KeyUpload const& upload) {
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

json::object counts_body(KeyCounts const& counts) {
  json::object by_algorithm{{kUsualAlgorithm, 0}};
  for (auto const& [algorithm, count] : counts.one_time) by_algorithm[algorithm] = count;
  return by_algorithm;
}

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

std::vector<UserNid> DeviceKeys::changed_since(Position position) const {
  std::vector<UserNid> users;
  for (auto const& [user, last] : last_changes_) {
    if (last > position) users.push_back(user);
  }
  std::ranges::sort(users);
  return users;
}

Result<KeyUpload> DeviceKeys::parse(Requester const& requester, json::object const& body) {
  auto device_keys = parse_device_keys(requester, body);
  if (!device_keys) return fail(std::move(device_keys));
  auto one_time = parse_keys(body, "one_time_keys");
  if (!one_time) return fail(std::move(one_time));
  auto fallback = parse_keys(body, "fallback_keys");
  if (!fallback) return fail(std::move(fallback));
  if (fallback->size() > kMaxFallbackKeys)
    return fail(ErrorCode::too_large, "These are too many fallback keys.");
  return KeyUpload{.user = requester.user,
                   .device = requester.device,
                   .device_keys = std::move(*device_keys),
                   .one_time = std::move(*one_time),
                   .fallback = std::move(*fallback)};
}

Result<KeyCounts> DeviceKeys::keep(db::Transaction& transaction, KeyUpload const& upload) {
  if (!upload.device_keys.empty() &&
      store::put_device_keys(transaction, upload.user, upload.device, upload.device_keys)) {
    touch(transaction, upload.user);
  }
  if (auto added = add_one_time_keys(transaction, upload); !added) return fail(std::move(added));
  for (auto const& key : upload.fallback)
    store::put_fallback_key(transaction, upload.user, upload.device, key);
  forget_counts(transaction, upload.user, upload.device);
  return store::key_counts(transaction, upload.user, upload.device);
}

Task<Result<KeyCounts>> DeviceKeys::upload(Requester requester, json::object body) {
  auto const parsed = parse(requester, body);
  if (!parsed) co_return std::unexpected(parsed.error());
  co_return co_await database_.write(
      [this, upload = *parsed](db::Transaction& transaction) { return keep(transaction, upload); });
}

Task<Result<KeyCounts>> DeviceKeys::counts(UserNid user, DeviceId device) {
  DeviceOf const key{user, device.value};
  if (auto const known = counts_.find(key); known != counts_.end()) co_return known->second;
  auto const changes = counts_changes_;
  auto read = co_await database_.read(
      [user, device](db::Reader& reader) { return store::key_counts(reader, user, device); });
  if (!read || changes != counts_changes_) co_return read;
  if (counts_.size() >= kMaxCountsKept) counts_.clear();
  counts_.insert_or_assign(key, *read);
  co_return read;
}

void DeviceKeys::forget_counts(db::Transaction& transaction, UserNid user, DeviceId const& device) {
  transaction.on_commit([this, key = DeviceOf(user, device.value)] {
    ++counts_changes_;
    counts_.erase(key);
  });
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
  co_return co_await database_.write([this, wanted](db::Transaction& transaction) -> Result<json::object> {
    json::object claimed;
    for (auto const& one : wanted) {
      auto const key = store::claim_key(transaction, one.user, one.device, one.algorithm);
      if (!key) continue;
      forget_counts(transaction, one.user, one.device);
      auto& user = claimed[one.user_id];
      if (!user.is_object()) user.emplace_object();
      user.get_object()[one.device.value] = key_object(*key);
    }
    return json::object{{"failures", json::object()}, {"one_time_keys", std::move(claimed)}};
  });
}

void DeviceKeys::forget(db::Transaction& transaction, UserNid user, DeviceId const& device) {
  if (store::delete_device_keys(transaction, user, device)) touch(transaction, user);
  forget_counts(transaction, user, device);
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
