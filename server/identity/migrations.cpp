#include "identity/migrations.hpp"

namespace torg::identity {
namespace {

constexpr db::Migration kMigrations[] = {
    // Every user id ever met gets a number, local or not; rows are never deleted, so that no id is used
    // again.
    {"identity", 1,
     "CREATE TABLE users (\n"
     "  user_nid {id},\n"
     "  user_id TEXT NOT NULL UNIQUE\n"
     ");\n"
     "CREATE TABLE accounts (\n"
     "  user_nid BIGINT NOT NULL REFERENCES users (user_nid),\n"
     "  password_hash TEXT,\n"
     "  administrator BIGINT NOT NULL,\n"
     "  displayname TEXT NOT NULL,\n"
     "  avatar_url TEXT NOT NULL,\n"
     "  created_ms BIGINT NOT NULL,\n"
     "  deactivated_ms BIGINT,\n"
     "  PRIMARY KEY (user_nid)\n"
     ") {rowless};\n"
     "CREATE TABLE devices (\n"
     "  user_nid BIGINT NOT NULL REFERENCES users (user_nid),\n"
     "  device_id TEXT NOT NULL,\n"
     "  display_name TEXT NOT NULL,\n"
     "  created_ms BIGINT NOT NULL,\n"
     "  PRIMARY KEY (user_nid, device_id)\n"
     ") {rowless};\n"
     // Tokens are kept as SHA-256 only: whoever reads the database can't act for anybody.
     "CREATE TABLE sessions (\n"
     "  session_id {id},\n"
     "  user_nid BIGINT NOT NULL REFERENCES users (user_nid),\n"
     "  device_id TEXT NOT NULL,\n"
     "  token_hash {bytes} NOT NULL UNIQUE,\n"
     "  expires_ms BIGINT NOT NULL,\n"
     "  refresh_hash {bytes} UNIQUE,\n"
     "  previous_refresh_hash {bytes} UNIQUE\n"
     ");\n"
     "CREATE INDEX sessions_by_device ON sessions (user_nid, device_id);\n"},
    {"identity", 2,
     "CREATE TABLE account_data (\n"
     "  user_nid BIGINT NOT NULL REFERENCES users (user_nid),\n"
     "  room_id TEXT NOT NULL,\n"
     "  type TEXT NOT NULL,\n"
     "  content TEXT NOT NULL,\n"
     "  position BIGINT NOT NULL,\n"
     "  PRIMARY KEY (user_nid, room_id, type)\n"
     ") {rowless};\n"
     "CREATE INDEX account_data_by_position ON account_data (user_nid, position);\n"
     "CREATE TABLE filters (\n"
     "  user_nid BIGINT NOT NULL REFERENCES users (user_nid),\n"
     "  filter_id BIGINT NOT NULL,\n"
     "  definition TEXT NOT NULL,\n"
     "  PRIMARY KEY (user_nid, filter_id)\n"
     ") {rowless};\n"},
    {"identity", 3,
     "CREATE TABLE device_keys (\n"
     "  user_nid BIGINT NOT NULL REFERENCES users (user_nid),\n"
     "  device_id TEXT NOT NULL,\n"
     "  keys TEXT NOT NULL,\n"
     "  PRIMARY KEY (user_nid, device_id)\n"
     ") {rowless};\n"
     "CREATE TABLE one_time_keys (\n"
     "  user_nid BIGINT NOT NULL REFERENCES users (user_nid),\n"
     "  device_id TEXT NOT NULL,\n"
     "  algorithm TEXT NOT NULL,\n"
     "  key_id TEXT NOT NULL,\n"
     "  upload BIGINT NOT NULL,\n"
     "  key TEXT NOT NULL,\n"
     "  PRIMARY KEY (user_nid, device_id, algorithm, key_id)\n"
     ") {rowless};\n"
     "CREATE TABLE fallback_keys (\n"
     "  user_nid BIGINT NOT NULL REFERENCES users (user_nid),\n"
     "  device_id TEXT NOT NULL,\n"
     "  algorithm TEXT NOT NULL,\n"
     "  key_id TEXT NOT NULL,\n"
     "  key TEXT NOT NULL,\n"
     "  used BIGINT NOT NULL,\n"
     "  PRIMARY KEY (user_nid, device_id, algorithm)\n"
     ") {rowless};\n"
     "CREATE TABLE cross_signing_keys (\n"
     "  user_nid BIGINT NOT NULL REFERENCES users (user_nid),\n"
     "  usage TEXT NOT NULL,\n"
     "  key TEXT NOT NULL,\n"
     "  PRIMARY KEY (user_nid, usage)\n"
     ") {rowless};\n"
     // What one user signed of another's (or their own) keys: a JSON object of key id to signature.
     "CREATE TABLE key_signatures (\n"
     "  target_nid BIGINT NOT NULL REFERENCES users (user_nid),\n"
     "  target_key TEXT NOT NULL,\n"
     "  signer_nid BIGINT NOT NULL REFERENCES users (user_nid),\n"
     "  signatures TEXT NOT NULL,\n"
     "  PRIMARY KEY (target_nid, target_key, signer_nid)\n"
     ") {rowless};\n"
     "CREATE TABLE device_list_positions (\n"
     "  user_nid BIGINT NOT NULL REFERENCES users (user_nid),\n"
     "  position BIGINT NOT NULL,\n"
     "  PRIMARY KEY (user_nid)\n"
     ") {rowless};\n"},
    {"identity", 4,
     "ALTER TABLE accounts ADD COLUMN locked BIGINT NOT NULL DEFAULT 0;\n"
     "ALTER TABLE accounts ADD COLUMN suspended BIGINT NOT NULL DEFAULT 0;\n"
     // Rows of deleted versions stay, so that their numbers are never given again.
     "CREATE TABLE key_backup_versions (\n"
     "  user_nid BIGINT NOT NULL REFERENCES users (user_nid),\n"
     "  version BIGINT NOT NULL,\n"
     "  algorithm TEXT NOT NULL,\n"
     "  auth_data TEXT NOT NULL,\n"
     "  etag BIGINT NOT NULL,\n"
     "  keys BIGINT NOT NULL,\n"
     "  deleted BIGINT NOT NULL,\n"
     "  PRIMARY KEY (user_nid, version)\n"
     ") {rowless};\n"
     "CREATE TABLE key_backup_keys (\n"
     "  user_nid BIGINT NOT NULL REFERENCES users (user_nid),\n"
     "  version BIGINT NOT NULL,\n"
     "  room_id TEXT NOT NULL,\n"
     "  session_id TEXT NOT NULL,\n"
     "  first_message_index BIGINT NOT NULL,\n"
     "  forwarded_count BIGINT NOT NULL,\n"
     "  verified BIGINT NOT NULL,\n"
     "  session_data TEXT NOT NULL,\n"
     "  PRIMARY KEY (user_nid, version, room_id, session_id)\n"
     ") {rowless};\n"
     "CREATE TABLE dehydrated_devices (\n"
     "  user_nid BIGINT NOT NULL REFERENCES users (user_nid),\n"
     "  device_id TEXT NOT NULL,\n"
     "  device_data TEXT NOT NULL,\n"
     "  PRIMARY KEY (user_nid)\n"
     ") {rowless};\n"},
    // Who ended their account and asked for their words to be taken away, and where in the stream that was.
    {"erasure", 1,
     "CREATE TABLE erased_users (\n"
     "  user_nid BIGINT NOT NULL REFERENCES users (user_nid),\n"
     "  position BIGINT NOT NULL,\n"
     "  PRIMARY KEY (user_nid)\n"
     ") {rowless};\n"},
    // `uses_allowed` and `expires_ms` may be NULL: as often, as long as anybody likes.
    {"registration", 1,
     "ALTER TABLE accounts ADD COLUMN guest BIGINT NOT NULL DEFAULT 0;\n"
     "CREATE TABLE registration_tokens (\n"
     "  token TEXT PRIMARY KEY,\n"
     "  uses_allowed BIGINT,\n"
     "  completed BIGINT NOT NULL,\n"
     "  expires_ms BIGINT\n"
     ") {rowless};\n"},
    // Accounts that application services made.
    {"service_users", 1,
     "CREATE TABLE service_users (\n"
     "  user_nid BIGINT NOT NULL REFERENCES users (user_nid),\n"
     "  service_id TEXT NOT NULL,\n"
     "  PRIMARY KEY (user_nid)\n"
     ") {rowless};\n"},
    // What a profile says besides name and picture; `value` is JSON.
    {"profile_fields", 1,
     "CREATE TABLE profile_fields (\n"
     "  user_nid BIGINT NOT NULL REFERENCES users (user_nid),\n"
     "  name TEXT NOT NULL,\n"
     "  value TEXT NOT NULL,\n"
     "  PRIMARY KEY (user_nid, name)\n"
     ") {rowless};\n"},
};

}  // namespace

std::span<db::Migration const> migrations() { return kMigrations; }

}  // namespace torg::identity
