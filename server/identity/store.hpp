#pragma once
// All SQL about users, accounts, devices and sessions. Each function is one step of a read or a write of the
// services; those that change something run inside the commit lane.
#include "crypto/hash.hpp"
#include "db/database.hpp"
#include "identity/types.hpp"

namespace torg::identity::store {

// ---- Users and accounts

void each_user(db::Reader& reader, std::function<void(UserNid, std::string)> const& use);
/// Accounts that application services made, with the id of theirs.
void each_service_user(db::Reader& reader, std::function<void(UserNid, std::string)> const& use);
void each_device(db::Reader& reader, std::function<void(UserNid, DeviceId)> const& use);
void each_account(db::Reader& reader, std::function<void(UserNid, Account)> const& use);
/// The number of a user id, new when it was never met.
[[nodiscard]] UserNid intern(db::Transaction& transaction, std::string_view user_id);

struct AccountRow {
  std::string user_id;
  std::string password_hash;  ///< empty: none
  std::string displayname;
  Role role = Role::person;
  bool guest = false;
  Instant created;
  std::string service;  ///< that made it; empty: none
};
/// `user_in_use` when there is or was an account of this name.
[[nodiscard]] Result<UserNid> insert_account(db::Transaction& transaction, AccountRow const& row);
[[nodiscard]] bool is_active(db::Reader& reader, UserNid user);
[[nodiscard]] std::optional<std::string> password_hash(db::Reader& reader, UserNid user);
void set_password_hash(db::Transaction& transaction, UserNid user, std::string_view hash);
void set_profile_field(db::Transaction& transaction, UserNid user, ProfileField field,
                       std::string_view value);
void set_restriction(db::Transaction& transaction, UserNid user, Restriction restriction,
                     Restricted restricted);
void set_role(db::Transaction& transaction, UserNid user, Role role);
/// Marks the account as ended and forgets its password and profile.
void deactivate(db::Transaction& transaction, UserNid user, Instant when);
void mark_erased(db::Transaction& transaction, UserNid user, Position position);
void each_erased(db::Reader& reader, std::function<void(UserNid, Position)> const& use);

// ---- Devices and sessions

struct SessionRow {
  std::int64_t id = 0;
  UserNid user;
  DeviceId device;
  crypto::Sha256 token_hash{};
  std::int64_t expires_ms = 0;  ///< 0: never
};
void each_session(db::Reader& reader, std::function<void(SessionRow const&)> const& use);

/// Makes the device when it is new. @return whether it was
[[nodiscard]] bool ensure_device(db::Transaction& transaction, UserNid user, DeviceId const& device,
                                 std::string_view display_name, Instant now);
void insert_session(db::Transaction& transaction, SessionRow const& row,
                    std::optional<crypto::Sha256> const& refresh_hash);

struct RefreshRow {
  SessionRow session;
  bool is_previous = false;  ///< the refresh token is the one before the current one
};
[[nodiscard]] std::optional<RefreshRow> find_refresh(db::Reader& reader, crypto::Sha256 const& refresh_hash);
/// Gives the session new tokens; the refresh token that was used stays good for a repetition.
void renew_session(db::Transaction& transaction, SessionRow const& row, crypto::Sha256 const& refresh_hash,
                   crypto::Sha256 const& used_refresh_hash);

struct SessionKey {
  std::int64_t id = 0;
  crypto::Sha256 token_hash{};
};
[[nodiscard]] std::vector<SessionKey> session_keys(db::Reader& reader, UserNid user, DeviceId const& device);
void delete_sessions(db::Transaction& transaction, UserNid user, DeviceId const& device);

[[nodiscard]] std::vector<Device> devices(db::Reader& reader, UserNid user);
[[nodiscard]] std::optional<Device> device(db::Reader& reader, UserNid user, DeviceId const& device);
/// @return false when there is no such device
[[nodiscard]] bool rename_device(db::Transaction& transaction, UserNid user, DeviceId const& device,
                                 std::string_view display_name);
/// The device row alone. @return false when there is no such device
[[nodiscard]] bool delete_device(db::Transaction& transaction, UserNid user, DeviceId const& device);

struct DehydratedRow {
  DeviceId device;
  std::string data;
};
[[nodiscard]] std::optional<DehydratedRow> dehydrated(db::Reader& reader, UserNid user);
void put_dehydrated(db::Transaction& transaction, UserNid user, DehydratedRow const& row);
/// If it is this device.
void delete_dehydrated(db::Transaction& transaction, UserNid user, DeviceId const& device);

}  // namespace torg::identity::store
