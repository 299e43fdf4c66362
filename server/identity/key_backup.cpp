#include "identity/key_backup.hpp"

namespace torg::identity {
namespace {

constexpr std::int64_t kMaxVersions = 50;
/// Ten years of a person in very many rooms; bounds what one account can fill.
constexpr std::int64_t kMaxKeys = 500'000;

std::unexpected<Error> no_backup() { return fail(ErrorCode::not_found, "There is no such key backup."); }

}  // namespace

Task<Result<std::int64_t>> KeyBackup::create(UserNid user, std::string algorithm, std::string auth_data) {
  co_return co_await database_.write(
      [user, algorithm, auth_data](db::Transaction& transaction) -> Result<std::int64_t> {
        if (store::count_backups(transaction, user) >= kMaxVersions)
          return fail(ErrorCode::limit_exceeded, "You have too many key backups. Delete old ones first.");
        return store::insert_backup(transaction, user, algorithm, auth_data);
      });
}

Task<Result<BackupVersion>> KeyBackup::version(UserNid user, std::int64_t version) const {
  auto found = co_await database_.read([user, version](db::Reader& reader) {
    return version == 0 ? store::newest_backup(reader, user) : store::backup(reader, user, version);
  });
  if (!found) co_return std::unexpected(found.error());
  if (!*found) co_return no_backup();
  co_return std::move(**found);
}

Task<Result<>> KeyBackup::update(UserNid user, std::int64_t version, std::string algorithm,
                                 std::string auth_data) {
  co_return co_await database_.write([=](db::Transaction& transaction) -> Result<> {
    auto const stored = store::backup(transaction, user, version);
    if (!stored) return no_backup();
    if (stored->algorithm != algorithm)
      return fail(ErrorCode::invalid_param, "The algorithm of a key backup can't be changed.");
    store::set_auth_data(transaction, user, version, auth_data);
    return {};
  });
}

Task<Result<>> KeyBackup::remove(UserNid user, std::int64_t version) {
  co_return co_await database_.write([user, version](db::Transaction& transaction) -> Result<> {
    if (!store::backup(transaction, user, version)) return no_backup();
    store::delete_backup(transaction, user, version);
    return {};
  });
}

Task<Result<BackupVersion>> KeyBackup::put_keys(UserNid user, std::int64_t version,
                                                std::vector<BackupKey> keys) {
  co_return co_await database_.write([=](db::Transaction& transaction) -> Result<BackupVersion> {
    auto backup = store::newest_backup(transaction, user);
    if (!backup) return no_backup();
    if (backup->version != version) {
      return fail(ErrorCode::wrong_room_keys_version, "There is a newer key backup.",
                  std::to_string(backup->version));
    }
    bool changed = false;
    for (auto const& key : keys) {
      auto const put = store::put_backup_key(transaction, user, version, key);
      changed = changed || put != store::KeyPut::kept;
      if (put == store::KeyPut::added) ++backup->keys;
    }
    if (backup->keys > kMaxKeys) return fail(ErrorCode::too_large, "This key backup is full.");
    if (!changed) return *backup;
    ++backup->etag;
    store::set_backup_counts(transaction, user, *backup);
    return *backup;
  });
}

Task<Result<std::vector<BackupKey>>> KeyBackup::keys(UserNid user, std::int64_t version, std::string room_id,
                                                     std::string session_id) const {
  auto read = co_await database_.read([=](db::Reader& reader) -> std::optional<std::vector<BackupKey>> {
    if (!store::backup(reader, user, version)) return std::nullopt;
    return store::backup_keys(reader, user, version, room_id, session_id);
  });
  if (!read) co_return std::unexpected(read.error());
  if (!*read) co_return no_backup();
  co_return std::move(**read);
}

Task<Result<BackupVersion>> KeyBackup::remove_keys(UserNid user, std::int64_t version, std::string room_id,
                                                   std::string session_id) {
  co_return co_await database_.write([=](db::Transaction& transaction) -> Result<BackupVersion> {
    auto backup = store::backup(transaction, user, version);
    if (!backup) return no_backup();
    auto const removed = store::delete_backup_keys(transaction, user, version, room_id, session_id);
    if (removed == 0) return *backup;
    ++backup->etag;
    backup->keys -= removed;
    store::set_backup_counts(transaction, user, *backup);
    return *backup;
  });
}

void KeyBackup::forget_user(db::Transaction& transaction, UserNid user) {
  store::delete_backups(transaction, user);
}

}  // namespace torg::identity
