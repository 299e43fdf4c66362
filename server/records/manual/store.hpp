#pragma once
#include "db/blobs.hpp"
#include "db/database.hpp"

#include <optional>
#include <span>
#include <string>

namespace torg::records {

/// Bytes that were handed in at the desk, as they came, until they are registered or assessed; others go
/// after a day.
struct Upload {
  std::string id;  ///< 32 hexadecimal digits
  UserNid by;
  db::BlobId blob;
  std::string name, type;
  std::int64_t size = 0;
  Instant at{};
};

/// All SQL of manual entry.
namespace manual_store {

[[nodiscard]] std::optional<RoomNid> desk(db::Reader& reader, AuthorityId authority);
void add_desk(db::Transaction& transaction, AuthorityId authority, RoomNid room);
void add_upload(db::Transaction& transaction, Upload const& upload);
[[nodiscard]] std::optional<Upload> upload(db::Reader& reader, std::string_view id);
void drop_upload(db::Transaction& transaction, std::string_view id);
/// Id and blob of uploads from before `before`.
[[nodiscard]] std::vector<std::pair<std::string, db::BlobId>> unused(db::Reader& reader, Instant before);
/// Whether an upload still needs the blob.
[[nodiscard]] bool refers_to(db::Reader& reader, db::BlobId const& blob);

}  // namespace manual_store

/// Slice `manual`.
[[nodiscard]] std::span<db::Migration const> manual_migrations();

}  // namespace torg::records
