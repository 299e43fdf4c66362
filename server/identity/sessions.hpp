#pragma once
#include "crypto/hash.hpp"
#include "db/database.hpp"
#include "identity/types.hpp"
#include "identity/users.hpp"
#include "net/http.hpp"

#include <cstring>
#include <functional>
#include <set>

#include <boost/unordered/unordered_flat_map.hpp>

namespace torg::identity {

namespace store {
struct SessionRow;
}

/// Access tokens and the devices behind them. Only hashes of tokens are kept, in the database and in memory;
/// all of them in memory, so that authenticating a request touches nothing else. On the executor.
/// @see https://spec.matrix.org/v1.19/client-server-api/#client-authentication
class Sessions {
 public:
  /// Runs inside the write that takes a device away, for what else belongs to the device.
  using ForgetDevice = std::function<void(db::Transaction&, UserNid, DeviceId const&)>;

  Sessions(Runtime& runtime, db::Database& database, Users const& users,
           std::shared_ptr<matrix::Registrations const> services,
           std::chrono::milliseconds access_token_lifetime, ForgetDevice forget_device);
  Sessions(Sessions const&) = delete;
  Sessions& operator=(Sessions const&) = delete;

  /// Sessions that end, and the device they were of.
  struct Ended {
    UserNid user;
    DeviceId device;
    std::vector<std::int64_t> sessions;
    bool device_gone = false;  ///< otherwise it goes on with a new session
  };
  /// `forget` runs inside the write that ends sessions, for what other services keep about them. It must
  /// touch nothing but the transaction. At set-up.
  void at_end(std::function<void(db::Transaction&, Ended const&)> forget) {
    at_end_.push_back(std::move(forget));
  }
  /// Whether the user has this device, now and inside a write.
  [[nodiscard]] static bool has_device(db::Reader& reader, UserNid user, DeviceId const& device);

  /// Reads all sessions; once, at start-up.
  void load();

  /// Who sends this request, by `authorization: Bearer` or the older `access_token` parameter.
  /// `missing_token`; `unknown_token`, with the detail `soft_logout` when the token has expired and may be
  /// refreshed.
  /// `user_locked` likewise, while an administrator has locked the account. `guest_access_forbidden` for what
  /// guests may not ask for.
  ///
  /// An application service's token makes the request its own user's, or that of the user (and device) which
  /// its parameters `user_id` and `device_id` name: `forbidden` when that isn't its own, or isn't there,
  /// `unknown_device`.
  /// @see https://spec.matrix.org/v1.19/application-service-api/#identity-assertion
  [[nodiscard]] Result<Requester> authenticate(net::Request const& request) const;
  /// The same for logging out, which a locked account may.
  [[nodiscard]] Result<Requester> authenticate_even_locked(net::Request const& request) const;

  /// The application service that sends this request, whoever it acts as. `missing_token`, `unknown_token`.
  [[nodiscard]] Result<matrix::Registration const*> service_of(net::Request const& request) const;

  /// Makes a session, and its device when that is new. An older session of the same device ends. Of very many
  /// devices the oldest that hasn't been used since this server started goes, so that nobody's grow without
  /// end.
  /// `user_deactivated` when the account has ended meanwhile.
  [[nodiscard]] Task<Result<Grant>> open(NewSession wanted);
  /// Gives new tokens for a refresh token. The one before it stays good until the new access token is used,
  /// so that an answer lost on the way loses nothing. `unknown_token` otherwise.
  [[nodiscard]] Task<Result<Grant>> refresh(std::string refresh_token);

  [[nodiscard]] Task<Result<std::vector<Device>>> devices(UserNid user) const;
  [[nodiscard]] Task<Result<Device>> device(UserNid user, DeviceId device) const;
  /// Makes a device without a session, for an application service's user, or gives it a new name.
  [[nodiscard]] Task<Result<>> make_device(UserNid user, DeviceId device, std::string display_name);
  [[nodiscard]] Task<Result<>> rename_device(UserNid user, DeviceId device, std::string display_name);
  /// Ends the sessions of these devices and forgets the devices; those that are not there are passed over.
  [[nodiscard]] Task<Result<>> remove_devices(UserNid user, std::vector<DeviceId> devices, Also also = {});
  /// The same for all devices but `kept`.
  [[nodiscard]] Task<Result<>> remove_all_devices(UserNid user, std::optional<DeviceId> kept = std::nullopt,
                                                  Also also = {});
  /// Parts of another service's write.
  void remove_device(db::Transaction& transaction, UserNid user, DeviceId const& device);
  void remove_all_devices(db::Transaction& transaction, UserNid user, std::optional<DeviceId> const& kept);

  [[nodiscard]] std::size_t size() const { return sessions_.size(); }

 private:
  struct Session {
    std::int64_t id = 0;
    UserNid user;
    DeviceId device;
    std::int64_t expires_ms = 0;  ///< 0: never
    std::int64_t device_key = 0;
    mutable bool used = false;  ///< since the tokens were made: ends the refresh token before them
  };
  struct Hasher {
    using is_avalanching = void;
    std::size_t operator()(crypto::Sha256 const& hash) const noexcept {
      std::size_t start = 0;
      std::memcpy(&start, hash.data(), sizeof start);  // any part of a SHA-256 is as good as a hash of it
      return start;
    }
  };
  struct Tokens;

  [[nodiscard]] static Session to_session(store::SessionRow const& row);
  [[nodiscard]] static std::unexpected<Error> locked_out();
  [[nodiscard]] Result<Requester> act_as(matrix::Registration const& service,
                                         net::Request const& request) const;
  void learn_device(UserNid user, DeviceId const& device);
  [[nodiscard]] Tokens make_tokens(Refresh refresh);
  [[nodiscard]] std::string random_token(std::string_view prefix);
  [[nodiscard]] std::string random_device_id();
  [[nodiscard]] std::int64_t random_session_id();
  [[nodiscard]] Grant grant(UserNid user, DeviceId const& device, Tokens tokens) const;
  enum class Fate : std::uint8_t { device_stays, device_goes };
  void end_sessions(db::Transaction& transaction, UserNid user, DeviceId const& device, Fate fate);
  [[nodiscard]] Task<Result<std::optional<DeviceId>>> superfluous_device(UserNid user) const;

  Runtime& runtime_;
  db::Database& database_;
  Users const& users_;
  std::shared_ptr<matrix::Registrations const> services_;
  std::chrono::milliseconds access_token_lifetime_;
  ForgetDevice forget_device_;
  std::vector<std::function<void(db::Transaction&, Ended const&)>> at_end_;
  boost::unordered_flat_map<crypto::Sha256, Session, Hasher> sessions_;
  std::set<std::pair<UserNid, std::string>> service_devices_;  ///< of users whom a service may act as
};

}  // namespace torg::identity
