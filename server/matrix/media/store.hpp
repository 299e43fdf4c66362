#pragma once
#include "matrix/media/media.hpp"

namespace torg::matrix::media_store {

struct Pending {
  UserNid uploader;
  Instant expires_at;
};
struct Found {
  std::optional<MediaFile> file;
  bool quarantined = false;
  std::optional<Pending> pending;
};

void insert(db::Transaction& transaction, MediaFile const& file);
[[nodiscard]] Found find(db::Reader& reader, std::string_view media_id);
/// Forgets a file. @return the blobs that it needed (its own, and those of its thumbnails when it was the
/// last to use it); none when there was no such file. Others may need them too: `uses_blob`
std::vector<db::BlobId> remove(db::Transaction& transaction, std::string_view media_id);
/// Whether a file or a thumbnail has these bytes.
[[nodiscard]] bool uses_blob(db::Reader& reader, db::BlobId const& blob);
/// Of those of an uploader that expire, the media id of the first.
[[nodiscard]] std::optional<std::string> first_to_expire(db::Reader& reader, UserNid uploader);
[[nodiscard]] std::vector<std::string> expired(db::Reader& reader, Instant now, int limit);

// Addresses that wait for their file.
void insert_pending(db::Transaction& transaction, std::string_view media_id, Pending const& pending);
/// @return false when there is none (any more)
[[nodiscard]] bool take_pending(db::Transaction& transaction, std::string_view media_id);
[[nodiscard]] std::int64_t count_pending(db::Reader& reader, UserNid uploader, Instant now);
void drop_expired_pending(db::Transaction& transaction, Instant now);

// How much there is.
struct Usage {
  std::uint64_t bytes = 0;
  std::int64_t files = 0;
};
[[nodiscard]] Usage usage(db::Reader& reader, UserNid user);
[[nodiscard]] Usage usage(db::Reader& reader, AuthorityId authority);
struct UserUsage {
  UserNid user;
  Usage usage;
};
[[nodiscard]] std::vector<UserUsage> usage_by_user(db::Reader& reader, std::int64_t offset, int limit);

// Quarantine: by the bytes, so that another upload of them is no way around it.
struct Quarantine {
  UserNid by;
  Instant at;
  std::string reason;
};
/// @return false when it is quarantined already
bool quarantine(db::Transaction& transaction, db::BlobId const& blob, Quarantine const& why);
void release(db::Transaction& transaction, db::BlobId const& blob);
struct Listed {
  MediaFile file;
  bool quarantined = false;
};
/// Newest first.
[[nodiscard]] std::vector<Listed> of_user(db::Reader& reader, UserNid user, std::int64_t offset, int limit);

// What the scanner said of a blob.
struct Verdict {
  std::string finding;  ///< name of what was found; empty: nothing
  Instant at;
};
[[nodiscard]] std::optional<Verdict> verdict(db::Reader& reader, db::BlobId const& blob);
void put_verdict(db::Transaction& transaction, db::BlobId const& blob, Verdict const& verdict);

// Thumbnails, by the blob of the picture and what was asked for.
struct Thumbnail {
  db::BlobId blob;
  std::string content_type;
  std::uint64_t size = 0;
};
[[nodiscard]] std::optional<Thumbnail> thumbnail(db::Reader& reader, db::BlobId const& picture,
                                                 std::string_view variant);
/// @return false when no file has the picture any more: the thumbnail must go too
[[nodiscard]] bool put_thumbnail(db::Transaction& transaction, db::BlobId const& picture,
                                 std::string_view variant, Thumbnail const& thumbnail);

// Previews of links, by address.
[[nodiscard]] std::optional<std::string> preview(db::Reader& reader, std::string_view url, Instant now);
/// Forgets those whose time is over, and of the others the oldest beyond `most`.
void put_preview(db::Transaction& transaction, std::string_view url, std::string_view answer, Instant now,
                 std::chrono::milliseconds how_long, std::int64_t most);

}  // namespace torg::matrix::media_store
