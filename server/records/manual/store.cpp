#include "records/manual/store.hpp"

namespace torg::records::manual_store {
namespace {

constexpr db::Statement kDesk{"SELECT room FROM manual_desk WHERE authority = $1"};
constexpr db::Statement kAddDesk{"INSERT INTO manual_desk (authority, room) VALUES ($1, $2)"};
constexpr db::Statement kAddUpload{
    "INSERT INTO manual_upload (id, by_user, blob, name, type, size, at) VALUES ($1, $2, $3, $4, $5, $6, "
    "$7)"};
constexpr db::Statement kUpload{
    "SELECT id, by_user, blob, name, type, size, at FROM manual_upload WHERE id = $1"};
constexpr db::Statement kDrop{"DELETE FROM manual_upload WHERE id = $1"};
constexpr db::Statement kUnused{"SELECT id, blob FROM manual_upload WHERE at < $1 ORDER BY at, id"};
constexpr db::Statement kRefersTo{"SELECT 1 FROM manual_upload WHERE blob = $1 LIMIT 1"};

}  // namespace

std::optional<RoomNid> desk(db::Reader& reader, AuthorityId authority) {
  return reader.query_one(kDesk, {authority}, [](db::Row const& row) { return row.number<RoomNid>(0); });
}

void add_desk(db::Transaction& transaction, AuthorityId authority, RoomNid room) {
  transaction.execute(kAddDesk, {authority, room});
}

void add_upload(db::Transaction& transaction, Upload const& upload) {
  transaction.execute(kAddUpload, {upload.id, upload.by, upload.blob.value, upload.name, upload.type,
                                   upload.size, to_ms(upload.at)});
}

std::optional<Upload> upload(db::Reader& reader, std::string_view id) {
  return reader.query_one(kUpload, {id}, [](db::Row const& row) {
    return Upload{row.string(0), row.number<UserNid>(1), db::BlobId{row.string(2)},      row.string(3),
                  row.string(4), row.integer(5),         instant_from_ms(row.integer(6))};
  });
}

void drop_upload(db::Transaction& transaction, std::string_view id) { transaction.execute(kDrop, {id}); }

std::vector<std::pair<std::string, db::BlobId>> unused(db::Reader& reader, Instant before) {
  std::vector<std::pair<std::string, db::BlobId>> found;
  reader.query(kUnused, {to_ms(before)},
               [&](db::Row const& row) { found.emplace_back(row.string(0), db::BlobId{row.string(1)}); });
  return found;
}

bool refers_to(db::Reader& reader, db::BlobId const& blob) {
  return reader.query_one(kRefersTo, {blob.value}, [](db::Row const&) { return true; }).has_value();
}

}  // namespace torg::records::manual_store
