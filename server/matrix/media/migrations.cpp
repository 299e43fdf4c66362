#include "matrix/media/media.hpp"

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
    // Addresses made before their file, sums for quotas, and what belongs to the bytes rather than to one
    // upload of them: quarantine, the scanner's verdict, thumbnails.
    {"media", 2, R"sql(
ALTER TABLE media ADD COLUMN authority INTEGER NOT NULL DEFAULT 0;
ALTER TABLE media ADD COLUMN expires_at BIGINT;
CREATE INDEX media_by_uploader ON media (uploader, created_at);
CREATE INDEX media_by_end ON media (expires_at) WHERE expires_at IS NOT NULL;
CREATE TABLE media_pending (media_id TEXT PRIMARY KEY, uploader INTEGER NOT NULL, expires_at BIGINT NOT NULL);
CREATE INDEX media_pending_by_uploader ON media_pending (uploader, expires_at);
CREATE INDEX media_pending_by_end ON media_pending (expires_at);
CREATE TABLE media_usage (
  owner_kind INTEGER NOT NULL,
  owner BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  files BIGINT NOT NULL,
  PRIMARY KEY (owner_kind, owner)
) {rowless};
INSERT INTO media_usage (owner_kind, owner, bytes, files)
  SELECT 1, uploader, SUM(size), COUNT(*) FROM media GROUP BY uploader;
CREATE TABLE media_quarantine (
  blob TEXT PRIMARY KEY,
  quarantined_by INTEGER NOT NULL,
  quarantined_at BIGINT NOT NULL,
  reason TEXT NOT NULL
);
CREATE TABLE media_verdict (blob TEXT PRIMARY KEY, finding TEXT NOT NULL, scanned_at BIGINT NOT NULL);
CREATE TABLE media_thumbnail (
  picture TEXT NOT NULL,
  variant TEXT NOT NULL,
  thumbnail TEXT NOT NULL,
  content_type TEXT NOT NULL,
  size BIGINT NOT NULL,
  PRIMARY KEY (picture, variant)
) {rowless};
CREATE INDEX media_thumbnail_by_thumbnail ON media_thumbnail (thumbnail);
)sql"},
    {"media", 3, R"sql(
CREATE TABLE url_preview (
  url TEXT PRIMARY KEY,
  answer TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX url_preview_by_age ON url_preview (made_at);
CREATE INDEX url_preview_by_end ON url_preview (expires_at);
)sql"},
};

}  // namespace

std::span<db::Migration const> Media::migrations() { return kMigrations; }

}  // namespace torg::matrix
