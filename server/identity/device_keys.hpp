#pragma once
#include "base/json.hpp"
#include "identity/device_keys_store.hpp"
#include "identity/users.hpp"

#include <functional>
#include <map>
#include <unordered_map>

namespace torg::identity {

/// What one `POST /keys/upload` brings.
struct KeyUpload {
  UserNid user;
  DeviceId device;
  std::string device_keys;  ///< JSON text; empty: none
  std::vector<OneTimeKey> one_time, fallback;
};

/// `{"signed_curve25519": 12, …}`: an upload's and a sync's answer. That algorithm is always there, so that a
/// client that has run out learns it.
[[nodiscard]] json::object counts_body(KeyCounts const& counts);

/// The public keys of devices and users for end-to-end encryption, kept and handed out. What clients sign is
/// checked when it comes in, so that no client meets a signature that is none; whom to trust is theirs to
/// say. A one-time key is claimed once, decided in the database. On the executor.
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

  /// Users whose devices changed after `position`, in the order of their numbers. For tokens that the stream
  /// in memory doesn't reach back to.
  [[nodiscard]] std::vector<UserNid> changed_since(Position position) const;

  /// `POST /keys/upload`: `device_keys`, `one_time_keys`, `fallback_keys`. `bad_json` when the device's keys
  /// lack a part; `invalid_param` when they are somebody else's, or when a one-time key changed.
  [[nodiscard]] Task<Result<KeyCounts>> upload(Requester requester, json::object body);
  /// The two halves of `upload`, for whoever makes a device together with its keys.
  [[nodiscard]] static Result<KeyUpload> parse(Requester const& requester, json::object const& body);
  [[nodiscard]] Result<KeyCounts> keep(db::Transaction& transaction, KeyUpload const& upload);
  /// From memory, once asked for.
  [[nodiscard]] Task<Result<KeyCounts>> counts(UserNid user, DeviceId device);
  /// `POST /keys/query`; the answer. Users of other servers are left out.
  [[nodiscard]] Task<Result<json::object>> query(UserNid asking, json::object body) const;
  /// `POST /keys/claim`; the answer.
  [[nodiscard]] Task<Result<json::object>> claim(json::object body);

  // cross_signing.cpp
  enum class Proof : std::uint8_t { none, given };
  enum class CrossSigning : std::uint8_t { stored, unchanged, needs_proof };
  /// `POST /keys/device_signing/upload`. Keys where there were none, and the same keys again, need no proof
  /// of who the user is; `needs_proof` otherwise, with nothing stored. `missing_param` without a master key,
  /// `invalid_signature` when another key isn't signed by it.
  [[nodiscard]] Task<Result<CrossSigning>> upload_cross_signing(UserNid user, json::object body, Proof proof);
  /// `POST /keys/signatures/upload`; the answer. Only signatures that hold are kept: by the user's own
  /// self-signing key of a device, by their devices of their master key, by their user-signing key of
  /// another's master key.
  [[nodiscard]] Task<Result<json::object>> upload_signatures(UserNid signer, json::object body);

  /// Part of the write that takes a device away.
  void forget(db::Transaction& transaction, UserNid user, DeviceId const& device);
  /// Part of the write that ends an account: nobody will vouch with these keys any more.
  void forget_user(db::Transaction& transaction, UserNid user);
  /// Part of a write: others must look at this user's devices again.
  void touch(db::Transaction& transaction, UserNid user);

 private:
  using DeviceOf = std::pair<UserNid, std::string>;
  /// Part of a write that changed these counts.
  void forget_counts(db::Transaction& transaction, UserNid user, DeviceId const& device);

  db::Database& database_;
  Users const& users_;
  std::map<DeviceOf, KeyCounts> counts_;  ///< of devices that have asked; a cache
  std::uint64_t counts_changes_ = 0;      ///< a read that began before a change must not be kept after it
  std::unordered_map<UserNid, Position> last_changes_;
  std::vector<std::function<void(DeviceListChange const&)>> observers_;
};

}  // namespace torg::identity
