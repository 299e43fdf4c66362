#pragma once
#include "db/database.hpp"

#include <span>
#include <vector>

namespace torg::records {

struct RenditionJob {
  RecordId record;
  int attempts = 0;
};

/// Which records wait for a rendition. The first two run in the transaction of whoever makes, corrects or
/// disposes of a record.
namespace rendition_jobs {

/// Asks for a (new) rendition; once is enough however often it is called.
void add(db::Transaction& transaction, RecordId record, Instant now);
void remove(db::Transaction& transaction, RecordId record);

[[nodiscard]] std::vector<RenditionJob> due(db::Reader& reader, Instant now, int limit);
void retry_at(db::Transaction& transaction, RecordId record, Instant due, std::string_view problem);
/// Jobs not yet done, given up ones included.
[[nodiscard]] std::int64_t waiting(db::Reader& reader);

}  // namespace rendition_jobs

[[nodiscard]] std::span<db::Migration const> rendition_migrations();

}  // namespace torg::records
