#include "matrix/media/store.hpp"

namespace torg::matrix::media_store {
namespace {

constexpr std::int64_t kUser = 1;       ///< `media_usage.owner_kind`
constexpr std::int64_t kAuthority = 2;  ///< the same

constexpr db::Statement kInsert{
    "INSERT INTO media (media_id, blob, size, content_type, file_name, uploader, created_at, authority, "
    "expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"};
constexpr db::Statement kFind{
    "SELECT m.media_id, m.blob, m.size, m.content_type, m.file_name, m.uploader, m.created_at, m.authority, "
    "m.expires_at, q.quarantined_at FROM media m LEFT JOIN media_quarantine q ON q.blob = m.blob "
    "WHERE m.media_id = $1"};
constexpr db::Statement kRemove{"DELETE FROM media WHERE media_id = $1"};
constexpr db::Statement kFileHas{"SELECT 1 FROM media WHERE blob = $1 LIMIT 1"};
constexpr db::Statement kThumbnailHas{"SELECT 1 FROM media_thumbnail WHERE thumbnail = $1 LIMIT 1"};
constexpr db::Statement kExpired{"SELECT media_id FROM media WHERE expires_at <= $1 LIMIT $2"};

constexpr db::Statement kFirstToExpire{
    "SELECT media_id FROM media WHERE uploader = $1 AND expires_at IS NOT NULL ORDER BY expires_at, media_id "
    "LIMIT 1"};

constexpr db::Statement kInsertPending{
    "INSERT INTO media_pending (media_id, uploader, expires_at) VALUES ($1, $2, $3)"};
constexpr db::Statement kFindPending{"SELECT uploader, expires_at FROM media_pending WHERE media_id = $1"};
constexpr db::Statement kTakePending{"DELETE FROM media_pending WHERE media_id = $1"};
constexpr db::Statement kCountPending{
    "SELECT count(*) FROM media_pending WHERE uploader = $1 AND expires_at > $2"};
constexpr db::Statement kDropPending{"DELETE FROM media_pending WHERE expires_at <= $1"};

// Kept as sums: to add up all files of an authority at each upload would cost more every year.
constexpr db::Statement kAddUsage{
    "INSERT INTO media_usage (owner_kind, owner, bytes, files) VALUES ($1, $2, $3, $4) ON CONFLICT "
    "(owner_kind, owner) DO UPDATE SET bytes = media_usage.bytes + excluded.bytes, files = "
    "media_usage.files + excluded.files"};
constexpr db::Statement kUsage{"SELECT bytes, files FROM media_usage WHERE owner_kind = $1 AND owner = $2"};
constexpr db::Statement kUsageByUser{
    "SELECT owner, bytes, files FROM media_usage WHERE owner_kind = 1 AND owner > 0 AND files > 0 "
    "ORDER BY bytes DESC, owner LIMIT $1 OFFSET $2"};

constexpr db::Statement kQuarantine{
    "INSERT INTO media_quarantine (blob, quarantined_by, quarantined_at, reason) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (blob) DO NOTHING"};
constexpr db::Statement kRelease{"DELETE FROM media_quarantine WHERE blob = $1"};
constexpr db::Statement kOfUser{
    "SELECT m.media_id, m.blob, m.size, m.content_type, m.file_name, m.uploader, m.created_at, m.authority, "
    "m.expires_at, q.quarantined_at FROM media m LEFT JOIN media_quarantine q ON q.blob = m.blob "
    "WHERE m.uploader = $1 ORDER BY m.created_at DESC, m.media_id LIMIT $2 OFFSET $3"};

constexpr db::Statement kVerdict{"SELECT finding, scanned_at FROM media_verdict WHERE blob = $1"};
constexpr db::Statement kPutVerdict{
    "INSERT INTO media_verdict (blob, finding, scanned_at) VALUES ($1, $2, $3) ON CONFLICT (blob) DO UPDATE "
    "SET finding = excluded.finding, scanned_at = excluded.scanned_at"};
constexpr db::Statement kDropVerdict{"DELETE FROM media_verdict WHERE blob = $1"};

constexpr db::Statement kThumbnail{
    "SELECT thumbnail, content_type, size FROM media_thumbnail WHERE picture = $1 AND variant = $2"};
constexpr db::Statement kPutThumbnail{
    "INSERT INTO media_thumbnail (picture, variant, thumbnail, content_type, size) VALUES ($1, $2, $3, $4, "
    "$5) ON CONFLICT (picture, variant) DO NOTHING"};
constexpr db::Statement kThumbnails{"SELECT thumbnail FROM media_thumbnail WHERE picture = $1"};
constexpr db::Statement kDropThumbnails{"DELETE FROM media_thumbnail WHERE picture = $1"};

constexpr db::Statement kPreview{"SELECT answer FROM url_preview WHERE url = $1 AND expires_at > $2"};
constexpr db::Statement kPutPreview{
    "INSERT INTO url_preview (url, answer, made_at, expires_at) VALUES ($1, $2, $3, $4) ON CONFLICT (url) DO "
    "UPDATE SET answer = excluded.answer, made_at = excluded.made_at, expires_at = excluded.expires_at"};
constexpr db::Statement kDropOldPreviews{"DELETE FROM url_preview WHERE expires_at <= $1"};
constexpr db::Statement kDropMostPreviews{
    "DELETE FROM url_preview WHERE made_at < (SELECT made_at FROM url_preview ORDER BY made_at DESC LIMIT 1 "
    "OFFSET $1)"};

MediaFile file_from(db::Row const& row) {
  return {.media_id = row.string(0),
          .blob = {row.string(1)},
          .size = static_cast<std::uint64_t>(row.integer(2)),
          .content_type = row.string(3),
          .file_name = row.string(4),
          .uploader = row.number<UserNid>(5),
          .created_at = instant_from_ms(row.integer(6)),
          .authority = row.number<AuthorityId>(7),
          .expires_at = row.is_null(8) ? std::nullopt : std::optional(instant_from_ms(row.integer(8)))};
}

void count(db::Transaction& transaction, MediaFile const& file, std::int64_t sign) {
  auto const bytes = sign * static_cast<std::int64_t>(file.size);
  transaction.execute(kAddUsage, {kUser, file.uploader, bytes, sign});
  if (file.authority) transaction.execute(kAddUsage, {kAuthority, file.authority, bytes, sign});
}

bool any(db::Reader& reader, db::Statement const& statement, db::BlobId const& blob) {
  return reader.query_one(statement, {blob}, [](db::Row const&) { return true; }).has_value();
}

Usage usage_of(db::Reader& reader, std::int64_t kind, std::int64_t owner) {
  return reader
      .query_one(kUsage, {kind, owner},
                 [](db::Row const& row) {
                   return Usage{static_cast<std::uint64_t>(row.integer(0)), row.integer(1)};
                 })
      .value_or(Usage{});
}

}  // namespace

void insert(db::Transaction& transaction, MediaFile const& file) {
  auto const expires = file.expires_at.transform([](Instant at) { return to_ms(at); });
  transaction.execute(kInsert, {file.media_id, file.blob, file.size, file.content_type, file.file_name,
                                file.uploader, to_ms(file.created_at), file.authority, expires});
  count(transaction, file, 1);
}

Found find(db::Reader& reader, std::string_view media_id) {
  Found found;
  reader.query(kFind, {media_id}, [&](db::Row const& row) {
    found.file = file_from(row);
    found.quarantined = !row.is_null(9);
  });
  if (!found.file)
    found.pending = reader.query_one(kFindPending, {media_id}, [](db::Row const& row) {
      return Pending{row.number<UserNid>(0), instant_from_ms(row.integer(1))};
    });
  return found;
}

std::vector<db::BlobId> remove(db::Transaction& transaction, std::string_view media_id) {
  auto const found = find(transaction, media_id);
  if (!found.file) return {};
  transaction.execute(kRemove, {media_id});
  count(transaction, *found.file, -1);
  auto const& picture = found.file->blob;
  std::vector<db::BlobId> blobs{picture};
  if (any(transaction, kFileHas, picture)) return blobs;
  transaction.query(kThumbnails, {picture}, [&](db::Row const& row) { blobs.push_back({row.string(0)}); });
  transaction.execute(kDropThumbnails, {picture});
  transaction.execute(kDropVerdict, {picture});
  return blobs;
}

bool uses_blob(db::Reader& reader, db::BlobId const& blob) {
  return any(reader, kFileHas, blob) || any(reader, kThumbnailHas, blob);
}

std::vector<std::string> expired(db::Reader& reader, Instant now, int limit) {
  std::vector<std::string> ids;
  reader.query(kExpired, {to_ms(now), limit}, [&](db::Row const& row) { ids.push_back(row.string(0)); });
  return ids;
}

std::optional<std::string> first_to_expire(db::Reader& reader, UserNid uploader) {
  return reader.query_one(kFirstToExpire, {uploader}, [](db::Row const& row) { return row.string(0); });
}

void insert_pending(db::Transaction& transaction, std::string_view media_id, Pending const& pending) {
  transaction.execute(kInsertPending, {media_id, pending.uploader, to_ms(pending.expires_at)});
}

bool take_pending(db::Transaction& transaction, std::string_view media_id) {
  return transaction.execute(kTakePending, {media_id}) > 0;
}

std::int64_t count_pending(db::Reader& reader, UserNid uploader, Instant now) {
  return reader
      .query_one(kCountPending, {uploader, to_ms(now)}, [](db::Row const& row) { return row.integer(0); })
      .value_or(0);
}

void drop_expired_pending(db::Transaction& transaction, Instant now) {
  transaction.execute(kDropPending, {to_ms(now)});
}

Usage usage(db::Reader& reader, UserNid user) { return usage_of(reader, kUser, user.value); }
Usage usage(db::Reader& reader, AuthorityId authority) {
  return usage_of(reader, kAuthority, authority.value);
}

std::vector<UserUsage> usage_by_user(db::Reader& reader, std::int64_t offset, int limit) {
  std::vector<UserUsage> all;
  reader.query(kUsageByUser, {limit, offset}, [&](db::Row const& row) {
    all.push_back({row.number<UserNid>(0), {static_cast<std::uint64_t>(row.integer(1)), row.integer(2)}});
  });
  return all;
}

bool quarantine(db::Transaction& transaction, db::BlobId const& blob, Quarantine const& why) {
  return transaction.execute(kQuarantine, {blob, why.by, to_ms(why.at), why.reason}) > 0;
}

void release(db::Transaction& transaction, db::BlobId const& blob) { transaction.execute(kRelease, {blob}); }

std::vector<Listed> of_user(db::Reader& reader, UserNid user, std::int64_t offset, int limit) {
  std::vector<Listed> files;
  reader.query(kOfUser, {user, limit, offset},
               [&](db::Row const& row) { files.push_back({file_from(row), !row.is_null(9)}); });
  return files;
}

std::optional<Verdict> verdict(db::Reader& reader, db::BlobId const& blob) {
  return reader.query_one(kVerdict, {blob}, [](db::Row const& row) {
    return Verdict{row.string(0), instant_from_ms(row.integer(1))};
  });
}

void put_verdict(db::Transaction& transaction, db::BlobId const& blob, Verdict const& verdict) {
  transaction.execute(kPutVerdict, {blob, verdict.finding, to_ms(verdict.at)});
}

std::optional<Thumbnail> thumbnail(db::Reader& reader, db::BlobId const& picture, std::string_view variant) {
  return reader.query_one(kThumbnail, {picture, variant}, [](db::Row const& row) {
    return Thumbnail{{row.string(0)}, row.string(1), static_cast<std::uint64_t>(row.integer(2))};
  });
}

bool put_thumbnail(db::Transaction& transaction, db::BlobId const& picture, std::string_view variant,
                   Thumbnail const& thumbnail) {
  if (!any(transaction, kFileHas, picture)) return false;
  transaction.execute(kPutThumbnail,
                      {picture, variant, thumbnail.blob, thumbnail.content_type, thumbnail.size});
  return true;
}

std::optional<std::string> preview(db::Reader& reader, std::string_view url, Instant now) {
  return reader.query_one(kPreview, {url, to_ms(now)}, [](db::Row const& row) { return row.string(0); });
}

void put_preview(db::Transaction& transaction, std::string_view url, std::string_view answer, Instant now,
                 std::chrono::milliseconds how_long, std::int64_t most) {
  transaction.execute(kDropOldPreviews, {to_ms(now)});
  transaction.execute(kPutPreview, {url, answer, to_ms(now), to_ms(now + how_long)});
  transaction.execute(kDropMostPreviews, {most});
}

}  // namespace torg::matrix::media_store
