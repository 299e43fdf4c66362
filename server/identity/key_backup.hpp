#pragma once
#include "identity/key_backup_store.hpp"

namespace torg::identity {

/// Backups of room keys, which clients encrypt; only the newest version of a user takes keys. On the
/// executor.
/// @see https://spec.matrix.org/v1.19/client-server-api/#server-side-key-backups
class KeyBackup {
 public:
  explicit KeyBackup(db::Database& database) : database_(database) {}

  /// `auth_data` is the JSON text of an object. `limit_exceeded` when the user has very many versions.
  [[nodiscard]] Task<Result<std::int64_t>> create(UserNid user, std::string algorithm, std::string auth_data);
  /// The newest version when `version` is zero. `not_found`.
  [[nodiscard]] Task<Result<BackupVersion>> version(UserNid user, std::int64_t version) const;
  /// `not_found`; `invalid_param` when the algorithm is another.
  [[nodiscard]] Task<Result<>> update(UserNid user, std::int64_t version, std::string algorithm,
                                      std::string auth_data);
  /// With its keys. `not_found`.
  [[nodiscard]] Task<Result<>> remove(UserNid user, std::int64_t version);

  /// Stores each key that is new or better than the one that is there. `not_found` when there is no backup,
  /// `wrong_room_keys_version` when `version` isn't the newest, which is the error's detail.
  [[nodiscard]] Task<Result<BackupVersion>> put_keys(UserNid user, std::int64_t version,
                                                     std::vector<BackupKey> keys);
  /// In order of room and session; an empty `room_id` or `session_id` takes all. `not_found` when there is no
  /// such version.
  [[nodiscard]] Task<Result<std::vector<BackupKey>>> keys(UserNid user, std::int64_t version,
                                                          std::string room_id, std::string session_id) const;
  [[nodiscard]] Task<Result<BackupVersion>> remove_keys(UserNid user, std::int64_t version,
                                                        std::string room_id, std::string session_id);

  /// Part of the write that ends an account.
  static void forget_user(db::Transaction& transaction, UserNid user);

 private:
  db::Database& database_;
};

}  // namespace torg::identity
