#pragma once
// All SQL about key backups.
#include "db/database.hpp"

#include <optional>
#include <string>
#include <vector>

namespace torg::identity {

struct BackupVersion {
  std::int64_t version = 0;
  std::string algorithm;
  std::string auth_data;  ///< JSON text of an object
  std::int64_t etag = 0;  ///< counts the changes to the keys
  std::int64_t keys = 0;
};

struct BackupKey {
  std::string room_id;
  std::string session_id;
  std::int64_t first_message_index = 0;
  std::int64_t forwarded_count = 0;
  bool verified = false;
  std::string session_data;  ///< JSON text of an object
};

namespace store {

/// Gives the user's next number.
[[nodiscard]] std::int64_t insert_backup(db::Transaction& transaction, UserNid user,
                                         std::string_view algorithm, std::string_view auth_data);
/// Those that aren't deleted.
[[nodiscard]] std::int64_t count_backups(db::Reader& reader, UserNid user);
[[nodiscard]] std::optional<BackupVersion> backup(db::Reader& reader, UserNid user, std::int64_t version);
[[nodiscard]] std::optional<BackupVersion> newest_backup(db::Reader& reader, UserNid user);
void set_auth_data(db::Transaction& transaction, UserNid user, std::int64_t version,
                   std::string_view auth_data);
/// Keeps the number, forgets everything else.
void delete_backup(db::Transaction& transaction, UserNid user, std::int64_t version);
void set_backup_counts(db::Transaction& transaction, UserNid user, BackupVersion const& backup);

enum class KeyPut : std::uint8_t { added, replaced, kept };
/// Puts the key when there is none or a worse one: verified beats unverified, then the lower first index
/// wins, then the lower count of forwarding.
[[nodiscard]] KeyPut put_backup_key(db::Transaction& transaction, UserNid user, std::int64_t version,
                                    BackupKey const& key);
/// An empty id takes all.
[[nodiscard]] std::vector<BackupKey> backup_keys(db::Reader& reader, UserNid user, std::int64_t version,
                                                 std::string_view room_id, std::string_view session_id);
/// @return how many there were
[[nodiscard]] std::int64_t delete_backup_keys(db::Transaction& transaction, UserNid user,
                                              std::int64_t version, std::string_view room_id,
                                              std::string_view session_id);
void delete_backups(db::Transaction& transaction, UserNid user);

}  // namespace store
}  // namespace torg::identity
