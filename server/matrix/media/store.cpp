#include "matrix/media/store.hpp"

namespace torg::matrix {
namespace {

constexpr db::Migration kMigrations[] = {
    {"media", 1, R"sql(
CREATE TABLE media (
  media_id TEXT PRIMARY KEY,
  blob TEXT NOT NULL,
  size BIGINT NOT NULL,
  content_type TEXT NOT NULL,
  file_name TEXT NOT NULL,
  uploader INTEGER NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX media_by_blob ON media (blob);
)sql"},
};

}  // namespace

std::span<db::Migration const> Media::migrations() { return kMigrations; }

namespace media_store {
namespace {

constexpr db::Statement kInsert{
    "INSERT INTO media (media_id, blob, size, content_type, file_name, uploader, created_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7)"};
constexpr db::Statement kFind{
    "SELECT media_id, blob, size, content_type, file_name, uploader FROM media WHERE media_id = $1"};
constexpr db::Statement kRemove{"DELETE FROM media WHERE media_id = $1"};
constexpr db::Statement kUsesBlob{"SELECT 1 FROM media WHERE blob = $1 LIMIT 1"};

}  // namespace

void insert(db::Transaction& transaction, MediaFile const& file, std::int64_t now_ms) {
  transaction.execute(kInsert, {file.media_id, file.blob, file.size, file.content_type, file.file_name,
                                file.uploader, now_ms});
}

std::optional<MediaFile> find(db::Reader& reader, std::string_view media_id) {
  return reader.query_one(kFind, {media_id}, [](db::Row const& row) {
    return MediaFile{row.string(0), {row.string(1)}, static_cast<std::uint64_t>(row.integer(2)),
                     row.string(3), row.string(4),   row.number<UserNid>(5)};
  });
}

std::optional<db::BlobId> remove(db::Transaction& transaction, std::string_view media_id) {
  auto const file = find(transaction, media_id);
  if (!file) return std::nullopt;
  transaction.execute(kRemove, {media_id});
  return file->blob;
}

bool uses_blob(db::Reader& reader, db::BlobId const& blob) {
  return reader.query_one(kUsesBlob, {blob}, [](db::Row const& row) { return row.integer(0); }).has_value();
}

}  // namespace media_store
}  // namespace torg::matrix
