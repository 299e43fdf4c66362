#pragma once
#include "matrix/media/media.hpp"

namespace torg::matrix::media_store {

void insert(db::Transaction& transaction, MediaFile const& file, std::int64_t now_ms);
[[nodiscard]] std::optional<MediaFile> find(db::Reader& reader, std::string_view media_id);

}  // namespace torg::matrix::media_store
