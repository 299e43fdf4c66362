#include "identity/store.hpp"

#include <cstring>

namespace torg::identity::store {
namespace {

using db::Bytes;
using db::Statement;

constexpr Statement kUsers{"SELECT user_nid, user_id FROM users ORDER BY user_nid"};
// Numbers without gaps, because memory is indexed by them; the lane is the only writer.
constexpr Statement kInsertUser{
    "INSERT INTO users (user_nid, user_id) SELECT coalesce(max(user_nid), 0) + 1, $1 FROM users WHERE true "
    "ON CONFLICT (user_id) DO NOTHING"};
constexpr Statement kFindUser{"SELECT user_nid FROM users WHERE user_id = $1"};

constexpr Statement kAccounts{
    "SELECT user_nid, displayname, avatar_url, administrator, deactivated_ms, locked, suspended, guest, "
    "created_ms FROM accounts ORDER BY user_nid"};
constexpr Statement kInsertAccount{
    "INSERT INTO accounts (user_nid, password_hash, administrator, displayname, avatar_url, created_ms, "
    "guest) VALUES ($1, $2, $3, $4, '', $5, $6) ON CONFLICT (user_nid) DO NOTHING"};
constexpr Statement kInsertServiceUser{"INSERT INTO service_users (user_nid, service_id) VALUES ($1, $2)"};
constexpr Statement kServiceUsers{"SELECT user_nid, service_id FROM service_users"};
constexpr Statement kAllDevices{"SELECT user_nid, device_id FROM devices"};
constexpr Statement kIsActive{"SELECT 1 FROM accounts WHERE user_nid = $1 AND deactivated_ms IS NULL"};
constexpr Statement kPasswordHash{
    "SELECT password_hash FROM accounts WHERE user_nid = $1 AND password_hash IS NOT NULL AND deactivated_ms "
    "IS NULL"};
constexpr Statement kSetPasswordHash{
    "UPDATE accounts SET password_hash = $1 WHERE user_nid = $2 AND deactivated_ms IS NULL"};
constexpr Statement kSetDisplayname{"UPDATE accounts SET displayname = $1 WHERE user_nid = $2"};
constexpr Statement kSetAvatarUrl{"UPDATE accounts SET avatar_url = $1 WHERE user_nid = $2"};
constexpr Statement kSetLocked{"UPDATE accounts SET locked = $1 WHERE user_nid = $2"};
constexpr Statement kSetSuspended{"UPDATE accounts SET suspended = $1 WHERE user_nid = $2"};
constexpr Statement kSetRole{"UPDATE accounts SET administrator = $1 WHERE user_nid = $2"};
constexpr Statement kDeactivate{
    "UPDATE accounts SET deactivated_ms = $1, password_hash = NULL, displayname = '', avatar_url = '' "
    "WHERE user_nid = $2 AND deactivated_ms IS NULL"};

constexpr Statement kMarkErased{
    "INSERT INTO erased_users (user_nid, position) VALUES ($1, $2) ON CONFLICT DO NOTHING"};
constexpr Statement kErased{"SELECT user_nid, position FROM erased_users"};

constexpr Statement kSessions{"SELECT session_id, user_nid, device_id, token_hash, expires_ms FROM sessions"};
constexpr Statement kInsertDevice{
    "INSERT INTO devices (user_nid, device_id, display_name, created_ms) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (user_nid, device_id) DO NOTHING"};
constexpr Statement kInsertSession{
    "INSERT INTO sessions (session_id, user_nid, device_id, token_hash, expires_ms, refresh_hash) "
    "VALUES ($1, $2, $3, $4, $5, $6)"};
constexpr Statement kFindRefresh{
    "SELECT session_id, user_nid, device_id, token_hash, expires_ms, 0 FROM sessions WHERE refresh_hash = $1 "
    "UNION ALL "
    "SELECT session_id, user_nid, device_id, token_hash, expires_ms, 1 FROM sessions WHERE "
    "previous_refresh_hash = $1"};
constexpr Statement kRenewSession{
    "UPDATE sessions SET token_hash = $1, expires_ms = $2, refresh_hash = $3, previous_refresh_hash = $4 "
    "WHERE session_id = $5"};
constexpr Statement kSessionKeys{
    "SELECT session_id, token_hash FROM sessions WHERE user_nid = $1 AND device_id = $2"};
constexpr Statement kDeleteSessions{"DELETE FROM sessions WHERE user_nid = $1 AND device_id = $2"};

constexpr Statement kDevices{
    "SELECT device_id, display_name, created_ms FROM devices WHERE user_nid = $1 ORDER BY created_ms, "
    "device_id"};
constexpr Statement kDevice{
    "SELECT device_id, display_name, created_ms FROM devices WHERE user_nid = $1 AND device_id = $2"};
constexpr Statement kRenameDevice{
    "UPDATE devices SET display_name = $1 WHERE user_nid = $2 AND device_id = $3"};
constexpr Statement kDeleteDevice{"DELETE FROM devices WHERE user_nid = $1 AND device_id = $2"};

constexpr Statement kDehydrated{"SELECT device_id, device_data FROM dehydrated_devices WHERE user_nid = $1"};
constexpr Statement kPutDehydrated{
    "INSERT INTO dehydrated_devices (user_nid, device_id, device_data) VALUES ($1, $2, $3)"};
constexpr Statement kDeleteDehydrated{
    "DELETE FROM dehydrated_devices WHERE user_nid = $1 AND device_id = $2"};

crypto::Sha256 hash_of(std::string_view bytes) {
  crypto::Sha256 hash{};
  if (bytes.size() != hash.size()) throw db::Failure(ErrorCode::internal, "a stored hash has the wrong size");
  std::memcpy(hash.data(), bytes.data(), hash.size());
  return hash;
}

Bytes bytes(crypto::Sha256 const& hash) { return {crypto::view(hash)}; }

SessionRow session_of(db::Row const& row) {
  return {.id = row.integer(0),
          .user = row.number<UserNid>(1),
          .device = DeviceId(row.string(2)),
          .token_hash = hash_of(row.bytes(3)),
          .expires_ms = row.integer(4)};
}

Device device_of(db::Row const& row) {
  return {.id = DeviceId(row.string(0)),
          .display_name = row.string(1),
          .created = instant_from_ms(row.integer(2))};
}

}  // namespace

void each_user(db::Reader& reader, std::function<void(UserNid, std::string)> const& use) {
  reader.query(kUsers, {}, [&](db::Row const& row) { use(row.number<UserNid>(0), row.string(1)); });
}

void each_service_user(db::Reader& reader, std::function<void(UserNid, std::string)> const& use) {
  reader.query(kServiceUsers, {}, [&](db::Row const& row) { use(row.number<UserNid>(0), row.string(1)); });
}

void each_device(db::Reader& reader, std::function<void(UserNid, DeviceId)> const& use) {
  reader.query(kAllDevices, {},
               [&](db::Row const& row) { use(row.number<UserNid>(0), DeviceId(row.string(1))); });
}

void each_account(db::Reader& reader, std::function<void(UserNid, Account)> const& use) {
  reader.query(kAccounts, {}, [&](db::Row const& row) {
    use(row.number<UserNid>(0), {.profile = {.displayname = row.string(1), .avatar_url = row.string(2)},
                                 .role = row.integer(3) != 0 ? Role::administrator : Role::person,
                                 .created = instant_from_ms(row.integer(8)),
                                 .active = row.is_null(4),
                                 .locked = row.integer(5) != 0,
                                 .suspended = row.integer(6) != 0,
                                 .guest = row.integer(7) != 0});
  });
}

UserNid intern(db::Transaction& transaction, std::string_view user_id) {
  transaction.execute(kInsertUser, {user_id});
  auto const found =
      transaction.query_one(kFindUser, {user_id}, [](db::Row const& row) { return row.number<UserNid>(0); });
  if (!found) throw db::Failure(ErrorCode::internal, "a user id was not there after it was written");
  return *found;
}

Result<UserNid> insert_account(db::Transaction& transaction, AccountRow const& row) {
  auto const user = intern(transaction, row.user_id);
  std::optional<std::string_view> hash;
  if (!row.password_hash.empty()) hash = row.password_hash;
  auto const added =
      transaction.execute(kInsertAccount, {user, hash, row.role == Role::administrator ? 1 : 0,
                                           row.displayname, to_ms(row.created), row.guest ? 1 : 0});
  if (added == 0) return fail(ErrorCode::user_in_use, "This user name is taken.");
  if (!row.service.empty()) transaction.execute(kInsertServiceUser, {user, row.service});
  return user;
}

std::optional<std::string> password_hash(db::Reader& reader, UserNid user) {
  return reader.query_one(kPasswordHash, {user}, [](db::Row const& row) { return row.string(0); });
}

bool is_active(db::Reader& reader, UserNid user) {
  return reader.query_one(kIsActive, {user}, [](db::Row const&) { return true; }).has_value();
}

void set_password_hash(db::Transaction& transaction, UserNid user, std::string_view hash) {
  transaction.execute(kSetPasswordHash, {hash, user});
}

void set_profile_field(db::Transaction& transaction, UserNid user, ProfileField field,
                       std::string_view value) {
  transaction.execute(field == ProfileField::displayname ? kSetDisplayname : kSetAvatarUrl, {value, user});
}

void deactivate(db::Transaction& transaction, UserNid user, Instant when) {
  transaction.execute(kDeactivate, {to_ms(when), user});
}

void mark_erased(db::Transaction& transaction, UserNid user, Position position) {
  transaction.execute(kMarkErased, {user, position});
}

void each_erased(db::Reader& reader, std::function<void(UserNid, Position)> const& use) {
  reader.query(kErased, {},
               [&](db::Row const& row) { use(row.number<UserNid>(0), row.number<Position>(1)); });
}

void set_role(db::Transaction& transaction, UserNid user, Role role) {
  transaction.execute(kSetRole, {role == Role::administrator ? 1 : 0, user});
}

void set_restriction(db::Transaction& transaction, UserNid user, Restriction restriction,
                     Restricted restricted) {
  transaction.execute(restriction == Restriction::locked ? kSetLocked : kSetSuspended,
                      {restricted == Restricted::yes ? 1 : 0, user});
}

void each_session(db::Reader& reader, std::function<void(SessionRow const&)> const& use) {
  reader.query(kSessions, {}, [&](db::Row const& row) { use(session_of(row)); });
}

bool ensure_device(db::Transaction& transaction, UserNid user, DeviceId const& device,
                   std::string_view display_name, Instant now) {
  return transaction.execute(kInsertDevice, {user, device, display_name, to_ms(now)}) > 0;
}

void insert_session(db::Transaction& transaction, SessionRow const& row,
                    std::optional<crypto::Sha256> const& refresh_hash) {
  std::optional<Bytes> refresh;
  if (refresh_hash) refresh = bytes(*refresh_hash);
  transaction.execute(kInsertSession,
                      {row.id, row.user, row.device, bytes(row.token_hash), row.expires_ms, refresh});
}

std::optional<RefreshRow> find_refresh(db::Reader& reader, crypto::Sha256 const& refresh_hash) {
  return reader.query_one(kFindRefresh, {bytes(refresh_hash)}, [](db::Row const& row) {
    return RefreshRow{.session = session_of(row), .is_previous = row.integer(5) != 0};
  });
}

void renew_session(db::Transaction& transaction, SessionRow const& row, crypto::Sha256 const& refresh_hash,
                   crypto::Sha256 const& used_refresh_hash) {
  transaction.execute(kRenewSession, {bytes(row.token_hash), row.expires_ms, bytes(refresh_hash),
                                      bytes(used_refresh_hash), row.id});
}

std::vector<SessionKey> session_keys(db::Reader& reader, UserNid user, DeviceId const& device) {
  std::vector<SessionKey> keys;
  reader.query(kSessionKeys, {user, device},
               [&](db::Row const& row) { keys.push_back({row.integer(0), hash_of(row.bytes(1))}); });
  return keys;
}

void delete_sessions(db::Transaction& transaction, UserNid user, DeviceId const& device) {
  transaction.execute(kDeleteSessions, {user, device});
}

std::vector<Device> devices(db::Reader& reader, UserNid user) {
  std::vector<Device> found;
  reader.query(kDevices, {user}, [&](db::Row const& row) { found.push_back(device_of(row)); });
  return found;
}

std::optional<Device> device(db::Reader& reader, UserNid user, DeviceId const& device) {
  return reader.query_one(kDevice, {user, device}, device_of);
}

bool rename_device(db::Transaction& transaction, UserNid user, DeviceId const& device,
                   std::string_view display_name) {
  return transaction.execute(kRenameDevice, {display_name, user, device}) > 0;
}

bool delete_device(db::Transaction& transaction, UserNid user, DeviceId const& device) {
  return transaction.execute(kDeleteDevice, {user, device}) > 0;
}

std::optional<DehydratedRow> dehydrated(db::Reader& reader, UserNid user) {
  return reader.query_one(kDehydrated, {user}, [](db::Row const& row) {
    return DehydratedRow{.device = DeviceId(row.string(0)), .data = row.string(1)};
  });
}

void put_dehydrated(db::Transaction& transaction, UserNid user, DehydratedRow const& row) {
  transaction.execute(kPutDehydrated, {user, row.device, row.data});
}

void delete_dehydrated(db::Transaction& transaction, UserNid user, DeviceId const& device) {
  transaction.execute(kDeleteDehydrated, {user, device});
}

}  // namespace torg::identity::store
