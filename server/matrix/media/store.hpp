#pragma once
#include "matrix/media/media.hpp"

namespace torg::matrix::media_store {

void insert(db::Transaction& transaction, MediaFile const& file, std::int64_t now_ms);
[[nodiscard]] std::optional<MediaFile> find(db::Reader& reader, std::string_view media_id);
/// Forgets a file. @return its blob; none when there was no such file
std::optional<db::BlobId> remove(db::Transaction& transaction, std::string_view media_id);
[[nodiscard]] bool uses_blob(db::Reader& reader, db::BlobId const& blob);

}  // namespace torg::matrix::media_store
