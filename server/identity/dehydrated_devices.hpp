#pragma once
#include "identity/device_keys.hpp"
#include "identity/sessions.hpp"

namespace torg::identity {

/// A device that a user leaves on the server, pickled and encrypted, to receive keys while none of theirs is
/// signed in; one per user. It is a device like others, without a session. On the executor.
/// @see https://github.com/matrix-org/matrix-spec-proposals/pull/3814
class DehydratedDevices {
 public:
  struct Dehydrated {
    DeviceId device;
    std::string data;  ///< JSON text of an object
  };

  DehydratedDevices(Runtime& runtime, db::Database& database, DeviceKeys& keys, Sessions& sessions)
      : runtime_(runtime), database_(database), keys_(keys), sessions_(sessions) {}

  /// `PUT …/dehydrated_device`; takes the place of the one before. `invalid_param` when the id is that of a
  /// device in use.
  [[nodiscard]] Task<Result<DeviceId>> put(Requester requester, json::object body);
  /// `not_found` when the user has none.
  [[nodiscard]] Task<Result<Dehydrated>> get(UserNid user) const;
  [[nodiscard]] Task<Result<DeviceId>> remove(UserNid user);

  /// Part of the write that takes a device away.
  static void forget(db::Transaction& transaction, UserNid user, DeviceId const& device);

 private:
  Runtime& runtime_;
  db::Database& database_;
  DeviceKeys& keys_;
  Sessions& sessions_;
};

}  // namespace torg::identity
