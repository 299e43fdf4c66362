#pragma once
#include "identity/account_data.hpp"
#include "identity/accounts.hpp"
#include "identity/dehydrated_devices.hpp"
#include "identity/device_keys.hpp"
#include "identity/interactive_auth.hpp"
#include "identity/key_backup.hpp"
#include "identity/login_tokens.hpp"
#include "identity/openid_tokens.hpp"
#include "identity/profile_fields.hpp"
#include "identity/registration_tokens.hpp"
#include "identity/sessions.hpp"
#include "identity/users.hpp"
#include "net/buckets.hpp"

#include <functional>
#include <map>

namespace torg::identity {

/// The public face of this slice: who there is, and who asks. Owns the services below; all on the executor.
class Identity {
 public:
  /// Reads what is kept in memory. @pre `database` has this slice's migrations
  Identity(Runtime& runtime, db::Database& database, Options options);
  Identity(Identity const&) = delete;
  Identity& operator=(Identity const&) = delete;

  // What everybody needs, said short.
  [[nodiscard]] UserNid find(std::string_view user_id) const { return users_.find(user_id); }
  [[nodiscard]] std::string const& user_id(UserNid user) const { return users_.user_id(user); }
  [[nodiscard]] Task<Result<UserNid>> intern(std::string user_id) {
    return users_.intern(std::move(user_id));
  }
  [[nodiscard]] Result<Requester> authenticate(net::Request const& request) const {
    return sessions_.authenticate(request);
  }
  [[nodiscard]] bool is_local(std::string_view user_id) const { return users_.is_local(user_id); }
  /// Null for remote users and ids without an account.
  [[nodiscard]] Account const* account(UserNid user) const { return users_.account(user); }
  [[nodiscard]] Task<Result<UserNid>> create_user(NewAccount account) {
    return accounts_.create(std::move(account));
  }

  [[nodiscard]] Users& users() { return users_; }
  [[nodiscard]] Users const& users() const { return users_; }
  [[nodiscard]] Accounts& accounts() { return accounts_; }
  [[nodiscard]] Sessions& sessions() { return sessions_; }
  [[nodiscard]] AccountData& account_data() { return account_data_; }
  [[nodiscard]] DeviceKeys& device_keys() { return device_keys_; }
  [[nodiscard]] KeyBackup& key_backup() { return key_backup_; }
  [[nodiscard]] DehydratedDevices& dehydrated_devices() { return dehydrated_devices_; }
  [[nodiscard]] InteractiveAuth& interactive_auth() { return interactive_auth_; }
  [[nodiscard]] LoginTokens& login_tokens() { return login_tokens_; }
  [[nodiscard]] RegistrationTokens& registration_tokens() { return registration_tokens_; }
  [[nodiscard]] OpenIdTokens& openid_tokens() { return openid_tokens_; }
  [[nodiscard]] ProfileFields& profile_fields() { return profile_fields_; }
  [[nodiscard]] Options const& options() const { return options_; }
  [[nodiscard]] Runtime& runtime() { return runtime_; }

  /// Awaited after a profile has changed and before the client hears so: rooms write their member events
  /// there.
  std::function<Task<>(UserNid)> on_profile_change;
  /// Awaited after an account has ended: the user leaves all rooms.
  std::function<Task<>(UserNid)> on_deactivation;

  /// Asked about a user id in this server's name that nobody has, before somebody is told so. @return whether
  /// the user may be there now. Unset: nobody knows of others.
  std::function<Task<bool>(std::string user_id)> on_unknown_user;

  /// Says whether a filter that a client wants to keep can be used; unset: any can.
  std::function<Result<>(json::object const& filter)> check_filter;
  /// Whom a search of the user directory may show to `searcher`; unset: everybody.
  std::function<Task<Result<Users::Among>>(UserNid searcher)> who_may_be_found;

  /// Makes what writes an administrator's act into the audit log; unset: it isn't written.
  std::function<Also(UserNid by, std::string what, json::object details)> note;
  /// Whether somebody is an administrator for another reason than the account's own role.
  std::function<bool(UserNid)> also_administrator;
  [[nodiscard]] bool is_administrator(UserNid user) const;
  /// Whether who asks may do what administrators may: an application service that acts as a person may not,
  /// only as one of those it made itself.
  [[nodiscard]] bool acts_as_administrator(Requester const& requester) const;
  /// `by` 0: whoever knows the registration's shared secret.
  [[nodiscard]] Also noted(UserNid by, std::string_view what, json::object details) const;

  // For the routes of this slice.
  /// Checks a password, as often as the account's bucket lets anybody try; `name` is a user id or its first
  /// part. A right one costs nothing. @return the user, or an error, `limit_exceeded` with how long to wait
  struct Refusal {
    Error error;
    std::chrono::milliseconds retry_after{0};
  };
  [[nodiscard]] Task<std::expected<UserNid, Refusal>> check_password(std::string name, std::string password);
  /// A number used once, for registering with the shared secret; good for a minute.
  [[nodiscard]] std::string make_nonce();
  /// @return whether it was good; it no longer is
  [[nodiscard]] bool take_nonce(std::string_view nonce);

 private:
  Runtime& runtime_;
  Options options_;
  Users users_;
  AccountData account_data_;
  DeviceKeys device_keys_;
  Sessions sessions_;
  Accounts accounts_;
  KeyBackup key_backup_;
  DehydratedDevices dehydrated_devices_;
  InteractiveAuth interactive_auth_;
  LoginTokens login_tokens_;
  RegistrationTokens registration_tokens_;
  OpenIdTokens openid_tokens_;
  ProfileFields profile_fields_;
  net::Buckets password_attempts_;
  std::map<std::string, SteadyTime, std::less<>> nonces_;  ///< with the end of their time
};

}  // namespace torg::identity
