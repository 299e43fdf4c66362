#pragma once
// All SQL about the end-to-end encryption keys of devices and users.
#include "db/database.hpp"
#include "identity/types.hpp"

#include <map>

namespace torg::identity {

/// Unclaimed one-time keys of a device by algorithm, and algorithms whose fallback key was not used yet.
struct KeyCounts {
  std::map<std::string, std::int64_t> one_time;
  std::vector<std::string> unused_fallback;
};

/// A one-time or fallback key as uploaded: `{algorithm}:{key_id}` and its JSON text.
struct OneTimeKey {
  std::string algorithm;
  std::string key_id;
  std::string key;
};

namespace store {

void each_device_list_position(db::Reader& reader, std::function<void(UserNid, Position)> const& use);
void set_device_list_position(db::Transaction& transaction, UserNid user, Position position);

/// @return whether anything changed
[[nodiscard]] bool put_device_keys(db::Transaction& transaction, UserNid user, DeviceId const& device,
                                   std::string_view keys);
struct DeviceKeysRow {
  DeviceId device;
  std::string keys;
  std::string display_name;
};
[[nodiscard]] std::vector<DeviceKeysRow> device_keys(db::Reader& reader, UserNid user);
/// Removes all keys of a device. @return whether it had identity keys, which other users may have seen
[[nodiscard]] bool delete_device_keys(db::Transaction& transaction, UserNid user, DeviceId const& device);

enum class Added : std::uint8_t { added, same, differs };
/// `differs`: there is another key of this id.
[[nodiscard]] Added add_one_time_key(db::Transaction& transaction, UserNid user, DeviceId const& device,
                                     OneTimeKey const& key, std::int64_t upload);
/// One more than the highest number of an upload so far.
[[nodiscard]] std::int64_t next_upload(db::Reader& reader, UserNid user, DeviceId const& device);
void put_fallback_key(db::Transaction& transaction, UserNid user, DeviceId const& device,
                      OneTimeKey const& key);
[[nodiscard]] KeyCounts key_counts(db::Reader& reader, UserNid user, DeviceId const& device);
/// Takes the oldest one-time key away, or marks and gives the fallback key.
[[nodiscard]] std::optional<OneTimeKey> claim_key(db::Transaction& transaction, UserNid user,
                                                  DeviceId const& device, std::string_view algorithm);

void put_cross_signing_key(db::Transaction& transaction, UserNid user, std::string_view usage,
                           std::string_view key);
void delete_cross_signing_key(db::Transaction& transaction, UserNid user, std::string_view usage);
/// By usage: `master`, `self_signing`, `user_signing`.
[[nodiscard]] std::map<std::string, std::string> cross_signing_keys(db::Reader& reader, UserNid user);

struct SignatureRow {
  std::string target_key;  ///< a device id or the base64 of a master key
  UserNid signer;
  std::string signatures;  ///< JSON: key id → signature
};
void put_signatures(db::Transaction& transaction, UserNid target, SignatureRow const& row);
/// Those of the user's keys and those that the user made.
void delete_signatures(db::Transaction& transaction, UserNid user);
[[nodiscard]] std::vector<SignatureRow> signatures(db::Reader& reader, UserNid target);

}  // namespace store
}  // namespace torg::identity
