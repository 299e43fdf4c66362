#include "identity/key_backup_store.hpp"

namespace torg::identity::store {
namespace {

using db::Statement;

constexpr Statement kNextVersion{
    "SELECT coalesce(max(version), 0) + 1 FROM key_backup_versions WHERE user_nid = $1"};
constexpr Statement kInsert{
    "INSERT INTO key_backup_versions (user_nid, version, algorithm, auth_data, etag, keys, deleted) "
    "VALUES ($1, $2, $3, $4, 0, 0, 0)"};
constexpr Statement kCount{"SELECT count(*) FROM key_backup_versions WHERE user_nid = $1 AND deleted = 0"};
constexpr Statement kBackup{
    "SELECT version, algorithm, auth_data, etag, keys FROM key_backup_versions "
    "WHERE user_nid = $1 AND version = $2 AND deleted = 0"};
constexpr Statement kNewest{
    "SELECT version, algorithm, auth_data, etag, keys FROM key_backup_versions "
    "WHERE user_nid = $1 AND deleted = 0 ORDER BY version DESC LIMIT 1"};
constexpr Statement kSetAuthData{
    "UPDATE key_backup_versions SET auth_data = $1 WHERE user_nid = $2 AND version = $3"};
constexpr Statement kDelete{
    "UPDATE key_backup_versions SET deleted = 1, auth_data = '', keys = 0 WHERE user_nid = $1 AND version = "
    "$2"};
constexpr Statement kSetCounts{
    "UPDATE key_backup_versions SET etag = $1, keys = $2 WHERE user_nid = $3 AND version = $4"};

constexpr Statement kAddKey{
    "INSERT INTO key_backup_keys (user_nid, version, room_id, session_id, first_message_index, "
    "forwarded_count, "
    "verified, session_data) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING"};
constexpr Statement kReplaceKey{
    "UPDATE key_backup_keys SET first_message_index = $1, forwarded_count = $2, verified = $3, session_data "
    "= "
    "$4 WHERE user_nid = $5 AND version = $6 AND room_id = $7 AND session_id = $8 AND (verified < $3 OR "
    "(verified = $3 AND (first_message_index > $1 OR (first_message_index = $1 AND forwarded_count > $2))))"};
constexpr Statement kKeys{
    "SELECT room_id, session_id, first_message_index, forwarded_count, verified, session_data "
    "FROM key_backup_keys WHERE user_nid = $1 AND version = $2 ORDER BY room_id, session_id"};
constexpr Statement kKeysOfRoom{
    "SELECT room_id, session_id, first_message_index, forwarded_count, verified, session_data "
    "FROM key_backup_keys WHERE user_nid = $1 AND version = $2 AND room_id = $3 ORDER BY session_id"};
constexpr Statement kKey{
    "SELECT room_id, session_id, first_message_index, forwarded_count, verified, session_data "
    "FROM key_backup_keys WHERE user_nid = $1 AND version = $2 AND room_id = $3 AND session_id = $4"};
constexpr Statement kDeleteKeys{"DELETE FROM key_backup_keys WHERE user_nid = $1 AND version = $2"};
constexpr Statement kDeleteKeysOfRoom{
    "DELETE FROM key_backup_keys WHERE user_nid = $1 AND version = $2 AND room_id = $3"};
constexpr Statement kDeleteKey{
    "DELETE FROM key_backup_keys WHERE user_nid = $1 AND version = $2 AND room_id = $3 AND session_id = $4"};
constexpr Statement kDeleteAllKeys{"DELETE FROM key_backup_keys WHERE user_nid = $1"};
constexpr Statement kDeleteAll{"DELETE FROM key_backup_versions WHERE user_nid = $1"};

BackupVersion version_of(db::Row const& row) {
  return {.version = row.integer(0),
          .algorithm = row.string(1),
          .auth_data = row.string(2),
          .etag = row.integer(3),
          .keys = row.integer(4)};
}

BackupKey key_of(db::Row const& row) {
  return {.room_id = row.string(0),
          .session_id = row.string(1),
          .first_message_index = row.integer(2),
          .forwarded_count = row.integer(3),
          .verified = row.integer(4) != 0,
          .session_data = row.string(5)};
}

}  // namespace

std::int64_t insert_backup(db::Transaction& transaction, UserNid user, std::string_view algorithm,
                           std::string_view auth_data) {
  auto const version =
      transaction.query_one(kNextVersion, {user}, [](db::Row const& row) { return row.integer(0); })
          .value_or(1);
  transaction.execute(kInsert, {user, version, algorithm, auth_data});
  return version;
}

std::int64_t count_backups(db::Reader& reader, UserNid user) {
  return reader.query_one(kCount, {user}, [](db::Row const& row) { return row.integer(0); }).value_or(0);
}

std::optional<BackupVersion> backup(db::Reader& reader, UserNid user, std::int64_t version) {
  return reader.query_one(kBackup, {user, version}, version_of);
}

std::optional<BackupVersion> newest_backup(db::Reader& reader, UserNid user) {
  return reader.query_one(kNewest, {user}, version_of);
}

void set_auth_data(db::Transaction& transaction, UserNid user, std::int64_t version,
                   std::string_view auth_data) {
  transaction.execute(kSetAuthData, {auth_data, user, version});
}

void delete_backup(db::Transaction& transaction, UserNid user, std::int64_t version) {
  transaction.execute(kDeleteKeys, {user, version});
  transaction.execute(kDelete, {user, version});
}

void set_backup_counts(db::Transaction& transaction, UserNid user, BackupVersion const& backup) {
  transaction.execute(kSetCounts, {backup.etag, backup.keys, user, backup.version});
}

KeyPut put_backup_key(db::Transaction& transaction, UserNid user, std::int64_t version,
                      BackupKey const& key) {
  auto const verified = key.verified ? 1 : 0;
  auto const added =
      transaction.execute(kAddKey, {user, version, key.room_id, key.session_id, key.first_message_index,
                                    key.forwarded_count, verified, key.session_data});
  if (added > 0) return KeyPut::added;
  auto const replaced =
      transaction.execute(kReplaceKey, {key.first_message_index, key.forwarded_count, verified,
                                        key.session_data, user, version, key.room_id, key.session_id});
  return replaced > 0 ? KeyPut::replaced : KeyPut::kept;
}

std::vector<BackupKey> backup_keys(db::Reader& reader, UserNid user, std::int64_t version,
                                   std::string_view room_id, std::string_view session_id) {
  std::vector<BackupKey> keys;
  auto const take = [&](db::Row const& row) { keys.push_back(key_of(row)); };
  if (room_id.empty())
    reader.query(kKeys, {user, version}, take);
  else if (session_id.empty())
    reader.query(kKeysOfRoom, {user, version, room_id}, take);
  else
    reader.query(kKey, {user, version, room_id, session_id}, take);
  return keys;
}

std::int64_t delete_backup_keys(db::Transaction& transaction, UserNid user, std::int64_t version,
                                std::string_view room_id, std::string_view session_id) {
  if (room_id.empty()) return transaction.execute(kDeleteKeys, {user, version});
  if (session_id.empty()) return transaction.execute(kDeleteKeysOfRoom, {user, version, room_id});
  return transaction.execute(kDeleteKey, {user, version, room_id, session_id});
}

void delete_backups(db::Transaction& transaction, UserNid user) {
  transaction.execute(kDeleteAllKeys, {user});
  transaction.execute(kDeleteAll, {user});
}

}  // namespace torg::identity::store
