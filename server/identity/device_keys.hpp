#pragma once
#include "base/json.hpp"
#include "identity/device_keys_store.hpp"
#include "identity/users.hpp"

#include <functional>
#include <unordered_map>

namespace torg::identity {

/// The public keys of devices and users for end-to-end encryption: kept and handed out, never judged; clients
/// verify them. A one-time key is claimed once, decided in the database. On the executor.
/// @see https://spec.matrix.org/v1.19/client-server-api/#end-to-end-encryption
class DeviceKeys {
 public:
  DeviceKeys(db::Database& database, Users const& users) : database_(database), users_(users) {}
  DeviceKeys(DeviceKeys const&) = delete;
  DeviceKeys& operator=(DeviceKeys const&) = delete;

  void load();
  /// Called on the executor after each commit that changed the devices of a user as others see them.
  void observe(std::function<void(DeviceListChange const&)> observer) {
    observers_.push_back(std::move(observer));
  }
  /// Where the user's devices last changed; zero: never.
  [[nodiscard]] Position last_change(UserNid user) const;

  /// `POST /keys/upload`: `device_keys`, `one_time_keys`, `fallback_keys`. `invalid_param` when they are
  /// somebody else's, or when a one-time key changed.
  [[nodiscard]] Task<Result<KeyCounts>> upload(Requester requester, json::object body);
  [[nodiscard]] Task<Result<KeyCounts>> counts(UserNid user, DeviceId device) const;
  /// `POST /keys/query`; the answer. Users of other servers are left out.
  [[nodiscard]] Task<Result<json::object>> query(UserNid asking, json::object body) const;
  /// `POST /keys/claim`; the answer.
  [[nodiscard]] Task<Result<json::object>> claim(json::object body);

  /// `POST /keys/device_signing/upload`, after the user has proved who they are.
  [[nodiscard]] Task<Result<>> upload_cross_signing(UserNid user, json::object body);
  [[nodiscard]] Task<Result<bool>> has_master_key(UserNid user) const;
  /// `POST /keys/signatures/upload`; the answer.
  [[nodiscard]] Task<Result<json::object>> upload_signatures(UserNid signer, json::object body);

  /// Part of the write that takes a device away.
  void forget(db::Transaction& transaction, UserNid user, DeviceId const& device);
  /// Part of a write: others must look at this user's devices again.
  void touch(db::Transaction& transaction, UserNid user);

 private:
  db::Database& database_;
  Users const& users_;
  std::unordered_map<UserNid, Position> last_changes_;
  std::vector<std::function<void(DeviceListChange const&)>> observers_;
};

}  // namespace torg::identity
