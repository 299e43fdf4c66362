#include "identity/device_keys_store.hpp"

#include "base/json.hpp"

namespace torg::identity::store {
namespace {

using db::Statement;

constexpr Statement kPositions{"SELECT user_nid, position FROM device_list_positions"};
constexpr Statement kSetPosition{
    "INSERT INTO device_list_positions (user_nid, position) VALUES ($1, $2) "
    "ON CONFLICT (user_nid) DO UPDATE SET position = excluded.position"};

constexpr Statement kPutDeviceKeys{
    "INSERT INTO device_keys (user_nid, device_id, keys) VALUES ($1, $2, $3) "
    "ON CONFLICT (user_nid, device_id) DO UPDATE SET keys = excluded.keys WHERE device_keys.keys <> "
    "excluded.keys"};
constexpr Statement kDeviceKeys{
    "SELECT k.device_id, k.keys, d.display_name FROM device_keys k "
    "JOIN devices d ON d.user_nid = k.user_nid AND d.device_id = k.device_id "
    "WHERE k.user_nid = $1 ORDER BY k.device_id"};
constexpr Statement kDeleteDeviceKeys{"DELETE FROM device_keys WHERE user_nid = $1 AND device_id = $2"};
constexpr Statement kDeleteOneTimeKeys{"DELETE FROM one_time_keys WHERE user_nid = $1 AND device_id = $2"};
constexpr Statement kDeleteFallbackKeys{"DELETE FROM fallback_keys WHERE user_nid = $1 AND device_id = $2"};
constexpr Statement kDeleteSignatures{"DELETE FROM key_signatures WHERE target_nid = $1 AND target_key = $2"};

constexpr Statement kAddOneTimeKey{
    "INSERT INTO one_time_keys (user_nid, device_id, algorithm, key_id, upload, key) VALUES ($1, $2, $3, $4, "
    "$5, $6) "
    "ON CONFLICT (user_nid, device_id, algorithm, key_id) DO NOTHING"};
constexpr Statement kOneTimeKey{
    "SELECT key FROM one_time_keys WHERE user_nid = $1 AND device_id = $2 AND algorithm = $3 AND key_id = "
    "$4"};
constexpr Statement kNextUpload{
    "SELECT coalesce(max(upload), 0) + 1 FROM one_time_keys WHERE user_nid = $1 AND device_id = $2"};
// A new fallback key of the same id is the old one sent again: it stays used.
constexpr Statement kPutFallbackKey{
    "INSERT INTO fallback_keys (user_nid, device_id, algorithm, key_id, key, used) VALUES ($1, $2, $3, $4, "
    "$5, 0) "
    "ON CONFLICT (user_nid, device_id, algorithm) DO UPDATE SET key_id = excluded.key_id, key = "
    "excluded.key, used = 0 "
    "WHERE fallback_keys.key_id <> excluded.key_id"};
constexpr Statement kCounts{
    "SELECT algorithm, count(*) FROM one_time_keys WHERE user_nid = $1 AND device_id = $2 "
    "GROUP BY algorithm ORDER BY algorithm"};
constexpr Statement kUnusedFallback{
    "SELECT algorithm FROM fallback_keys WHERE user_nid = $1 AND device_id = $2 AND used = 0 ORDER BY "
    "algorithm"};
constexpr Statement kOldestOneTimeKey{
    "SELECT key_id, key FROM one_time_keys WHERE user_nid = $1 AND device_id = $2 AND algorithm = $3 "
    "ORDER BY upload, key_id LIMIT 1"};
constexpr Statement kTakeOneTimeKey{
    "DELETE FROM one_time_keys WHERE user_nid = $1 AND device_id = $2 AND algorithm = $3 AND key_id = $4"};
constexpr Statement kFallbackKey{
    "SELECT key_id, key FROM fallback_keys WHERE user_nid = $1 AND device_id = $2 AND algorithm = $3"};
constexpr Statement kUseFallbackKey{
    "UPDATE fallback_keys SET used = 1 WHERE user_nid = $1 AND device_id = $2 AND algorithm = $3"};

constexpr Statement kPutCrossSigningKey{
    "INSERT INTO cross_signing_keys (user_nid, usage, key) VALUES ($1, $2, $3) "
    "ON CONFLICT (user_nid, usage) DO UPDATE SET key = excluded.key"};
constexpr Statement kDeleteCrossSigningKey{
    "DELETE FROM cross_signing_keys WHERE user_nid = $1 AND usage = $2"};
constexpr Statement kCrossSigningKeys{"SELECT usage, key FROM cross_signing_keys WHERE user_nid = $1"};
constexpr Statement kPutSignatures{
    "INSERT INTO key_signatures (target_nid, target_key, signer_nid, signatures) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (target_nid, target_key, signer_nid) DO UPDATE SET signatures = excluded.signatures"};
constexpr Statement kDeleteAllSignatures{
    "DELETE FROM key_signatures WHERE target_nid = $1 OR signer_nid = $1"};
constexpr Statement kSignatures{
    "SELECT target_key, signer_nid, signatures FROM key_signatures WHERE target_nid = $1 ORDER BY "
    "target_key, signer_nid"};

}  // namespace

void each_device_list_position(db::Reader& reader, std::function<void(UserNid, Position)> const& use) {
  reader.query(kPositions, {},
               [&](db::Row const& row) { use(row.number<UserNid>(0), row.number<Position>(1)); });
}

void set_device_list_position(db::Transaction& transaction, UserNid user, Position position) {
  transaction.execute(kSetPosition, {user, position});
}

bool put_device_keys(db::Transaction& transaction, UserNid user, DeviceId const& device,
                     std::string_view keys) {
  return transaction.execute(kPutDeviceKeys, {user, device, keys}) > 0;
}

std::vector<DeviceKeysRow> device_keys(db::Reader& reader, UserNid user) {
  std::vector<DeviceKeysRow> rows;
  reader.query(kDeviceKeys, {user}, [&](db::Row const& row) {
    rows.push_back({.device = DeviceId(row.string(0)), .keys = row.string(1), .display_name = row.string(2)});
  });
  return rows;
}

bool delete_device_keys(db::Transaction& transaction, UserNid user, DeviceId const& device) {
  transaction.execute(kDeleteOneTimeKeys, {user, device});
  transaction.execute(kDeleteFallbackKeys, {user, device});
  transaction.execute(kDeleteSignatures, {user, device});
  return transaction.execute(kDeleteDeviceKeys, {user, device}) > 0;
}

Added add_one_time_key(db::Transaction& transaction, UserNid user, DeviceId const& device,
                       OneTimeKey const& key, std::int64_t upload) {
  if (transaction.execute(kAddOneTimeKey, {user, device, key.algorithm, key.key_id, upload, key.key}) > 0) {
    return Added::added;
  }
  auto const stored = transaction.query_one(kOneTimeKey, {user, device, key.algorithm, key.key_id},
                                            [](db::Row const& row) { return row.string(0); });
  if (stored == key.key) return Added::same;
  // Sent again, its members may come in another order.
  auto const before = parse_json(stored.value_or(""));
  auto const now = parse_json(key.key);
  return before && now && *before == *now ? Added::same : Added::differs;
}

std::int64_t next_upload(db::Reader& reader, UserNid user, DeviceId const& device) {
  return reader.query_one(kNextUpload, {user, device}, [](db::Row const& row) { return row.integer(0); })
      .value_or(1);
}

void put_fallback_key(db::Transaction& transaction, UserNid user, DeviceId const& device,
                      OneTimeKey const& key) {
  transaction.execute(kPutFallbackKey, {user, device, key.algorithm, key.key_id, key.key});
}

KeyCounts key_counts(db::Reader& reader, UserNid user, DeviceId const& device) {
  KeyCounts counts;
  reader.query(kCounts, {user, device},
               [&](db::Row const& row) { counts.one_time.emplace(row.string(0), row.integer(1)); });
  reader.query(kUnusedFallback, {user, device},
               [&](db::Row const& row) { counts.unused_fallback.push_back(row.string(0)); });
  return counts;
}

std::optional<OneTimeKey> claim_key(db::Transaction& transaction, UserNid user, DeviceId const& device,
                                    std::string_view algorithm) {
  auto const key_of = [&](db::Row const& row) {
    return OneTimeKey{.algorithm = std::string(algorithm), .key_id = row.string(0), .key = row.string(1)};
  };
  if (auto key = transaction.query_one(kOldestOneTimeKey, {user, device, algorithm}, key_of)) {
    transaction.execute(kTakeOneTimeKey, {user, device, algorithm, key->key_id});
    return key;
  }
  auto fallback = transaction.query_one(kFallbackKey, {user, device, algorithm}, key_of);
  if (fallback) transaction.execute(kUseFallbackKey, {user, device, algorithm});
  return fallback;
}

void put_cross_signing_key(db::Transaction& transaction, UserNid user, std::string_view usage,
                           std::string_view key) {
  transaction.execute(kPutCrossSigningKey, {user, usage, key});
}

void delete_cross_signing_key(db::Transaction& transaction, UserNid user, std::string_view usage) {
  transaction.execute(kDeleteCrossSigningKey, {user, usage});
}

std::map<std::string, std::string> cross_signing_keys(db::Reader& reader, UserNid user) {
  std::map<std::string, std::string> keys;
  reader.query(kCrossSigningKeys, {user},
               [&](db::Row const& row) { keys.emplace(row.string(0), row.string(1)); });
  return keys;
}

void put_signatures(db::Transaction& transaction, UserNid target, SignatureRow const& row) {
  transaction.execute(kPutSignatures, {target, row.target_key, row.signer, row.signatures});
}

void delete_signatures(db::Transaction& transaction, UserNid user) {
  transaction.execute(kDeleteAllSignatures, {user});
}

std::vector<SignatureRow> signatures(db::Reader& reader, UserNid target) {
  std::vector<SignatureRow> rows;
  reader.query(kSignatures, {target}, [&](db::Row const& row) {
    rows.push_back(
        {.target_key = row.string(0), .signer = row.number<UserNid>(1), .signatures = row.string(2)});
  });
  return rows;
}

}  // namespace torg::identity::store
