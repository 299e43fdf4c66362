#include "records/verify/store.hpp"

namespace torg::records::verify_store {
namespace {

// A left join, so that what is missing on the other side shows.
#define TORG_LEAVES(condition)                                                                     \
  "SELECT e.idx, e.record, e.leaf_hash, e.leaf, o.idx, o.fields, o.salts, r.log_index, r.number, " \
  "r.disposed FROM log_entry e LEFT JOIN log_opening o ON o.idx = e.idx "                          \
  "LEFT JOIN register_record r ON r.id = e.record WHERE " condition
constexpr db::Statement kLeaves{TORG_LEAVES("e.idx >= $1 ORDER BY e.idx LIMIT $2")};
constexpr db::Statement kLeavesOf{TORG_LEAVES("e.record > $1 AND e.record <= $2 ORDER BY e.record, e.idx")};
constexpr db::Statement kLeaf{TORG_LEAVES("e.idx = $1")};
constexpr db::Statement kLeafHashes{
    "SELECT idx, leaf_hash FROM log_entry WHERE idx >= $1 ORDER BY idx LIMIT $2"};
constexpr db::Statement kNodes{
    "SELECT idx, hash FROM log_node WHERE level = $1 AND idx >= $2 ORDER BY idx LIMIT $3"};
constexpr db::Statement kEdge{"SELECT size, hashes, at FROM log_edge WHERE one = 1"};
constexpr db::Statement kHeads{
    "SELECT size, root, at, signature FROM log_head WHERE size > $1 ORDER BY size LIMIT $2"};

#define TORG_RECORD_ROWS(condition)                                                                       \
  "SELECT r.id, r.number, r.document, r.title, r.internal_title, r.public_title, r.direction, r.sender, " \
  "r.recipient, r.private_person, r.day, r.registered_at, r.classification, r.record_type, r.secrecy, "   \
  "r.manifest_hash, r.manifest_size, r.log_index, r.corrected, r.publication, r.disposed, c.number FROM " \
  "register_record r LEFT JOIN register_case c ON c.id = r.case_id WHERE " condition
constexpr db::Statement kRecords{TORG_RECORD_ROWS("r.id > $1 ORDER BY r.id LIMIT $2")};
constexpr db::Statement kRecordByNumber{TORG_RECORD_ROWS("r.number = $1")};
constexpr db::Statement kFiles{
    "SELECT record, role, name, type, size, blob FROM register_file WHERE record > $1 AND record <= $2 "
    "ORDER BY record, n"};
constexpr db::Statement kCorrections{
    "SELECT record, at, field, old_value, new_value, reason, log_index FROM register_correction "
    "WHERE record > $1 AND record <= $2 ORDER BY record, id"};
constexpr db::Statement kManifests{
    "SELECT record, manifest FROM register_manifest WHERE record > $1 AND record <= $2"};

constexpr db::Statement kDisposals{
    "SELECT nid, log_index, number, certificate FROM disposal WHERE nid > $1 AND state = 1 ORDER BY nid "
    "LIMIT $2"};
constexpr db::Statement kHasDisposal{"SELECT 1 FROM disposal WHERE log_index = $1 AND state = 1"};

constexpr db::Statement kRecordUsers{
    "SELECT r.number, f.name FROM register_file f JOIN register_record r ON r.id = f.record "
    "WHERE f.blob = $1 ORDER BY r.id, f.n"};
constexpr db::Statement kMediaUsers{"SELECT file_name FROM media WHERE blob = $1 ORDER BY media_id LIMIT 1"};
constexpr db::Statement kRecordBlobs{
    "SELECT blob, max(size) FROM register_file WHERE blob > $1 GROUP BY blob ORDER BY blob LIMIT $2"};
constexpr db::Statement kMediaBlobs{
    "SELECT blob, max(size) FROM media WHERE blob > $1 GROUP BY blob ORDER BY blob LIMIT $2"};

// A record that was moved to another case keeps its number: cases that one came to or left are not counted.
constexpr db::Statement kCasesWithGaps{
    "SELECT c.id, c.number, c.next_document, count(r.id), max(r.document) FROM register_case c "
    "JOIN register_record r ON r.case_id = c.id WHERE r.document > 0 AND NOT EXISTS (SELECT 1 FROM "
    "register_correction k WHERE k.field = 'case' AND (k.new_value = c.number OR k.old_value = c.number)) "
    "GROUP BY c.id, c.number, c.next_document HAVING count(r.id) <> c.next_document - 1 OR "
    "max(r.document) <> c.next_document - 1 ORDER BY c.id LIMIT $1"};
constexpr db::Statement kTimestamps{
    "SELECT size, at, authority, token FROM log_timestamp WHERE size > $1 ORDER BY size LIMIT $2"};

std::optional<std::string> optional_text(db::Row const& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(row.string(column));
}

LeafRow to_leaf(db::Row const& row) {
  return {row.integer(0),
          row.number<RecordId>(1),
          std::string(row.bytes(2)),
          std::string(row.bytes(3)),
          !row.is_null(4),
          row.string(5),
          std::string(row.bytes(6)),
          row.is_null(7) ? std::nullopt : std::optional(row.integer(7)),
          row.string(8),
          row.integer(9) != 0};
}

RecordRow to_record(db::Row const& row) {
  return {.id = row.number<RecordId>(0),
          .number = row.string(1),
          .document = row.integer(2),
          .title = row.string(3),
          .internal_title = row.string(4),
          .public_title = optional_text(row, 5),
          .direction = row.integer(6),
          .sender = row.string(7),
          .recipient = row.string(8),
          .private_person = row.integer(9) != 0,
          .day = row.integer(10),
          .registered_at = row.integer(11),
          .classification = row.string(12),
          .record_type = row.string(13),
          .secrecy = row.string(14),
          .manifest_hash = row.string(15),
          .manifest_size = row.integer(16),
          .log_index = row.integer(17),
          .corrected = row.string(18),
          .publication = row.integer(19),
          .disposed = row.integer(20) != 0,
          .case_number = optional_text(row, 21)};
}

/// All rows of a query, each read by `read`.
template <class T, class Read>
std::vector<T> all(db::Reader& reader, db::Statement const& statement,
                   std::initializer_list<db::Value> values, Read read) {
  std::vector<T> rows;
  reader.query(statement, values, [&](db::Row const& row) { rows.push_back(read(row)); });
  return rows;
}

BlobRow to_blob(db::Row const& row) { return {row.string(0), row.integer(1)}; }

}  // namespace

std::vector<LeafRow> leaves(db::Reader& reader, std::int64_t from, std::int64_t limit) {
  return all<LeafRow>(reader, kLeaves, {from, limit}, to_leaf);
}

std::vector<LeafRow> leaves_of(db::Reader& reader, RecordId after, RecordId last) {
  return all<LeafRow>(reader, kLeavesOf, {after, last}, to_leaf);
}

std::optional<LeafRow> leaf(db::Reader& reader, std::int64_t index) {
  return reader.query_one(kLeaf, {index}, to_leaf);
}

std::vector<NodeRow> nodes(db::Reader& reader, int level, std::int64_t from, std::int64_t limit) {
  auto const read = [](db::Row const& row) { return NodeRow{row.integer(0), std::string(row.bytes(1))}; };
  if (level == 0) return all<NodeRow>(reader, kLeafHashes, {from, limit}, read);
  return all<NodeRow>(reader, kNodes, {level, from, limit}, read);
}

std::optional<Edge> edge(db::Reader& reader) {
  return reader.query_one(kEdge, {}, [](db::Row const& row) {
    return Edge{row.integer(0), std::string(row.bytes(1)), instant_from_ms(row.integer(2))};
  });
}

std::vector<HeadRow> heads(db::Reader& reader, std::int64_t after, std::int64_t limit) {
  return all<HeadRow>(reader, kHeads, {after, limit}, [](db::Row const& row) {
    return HeadRow{row.integer(0), std::string(row.bytes(1)), instant_from_ms(row.integer(2)),
                   std::string(row.bytes(3))};
  });
}

std::vector<RecordRow> records(db::Reader& reader, RecordId after, std::int64_t limit) {
  return all<RecordRow>(reader, kRecords, {after, limit}, to_record);
}

std::optional<RecordRow> record(db::Reader& reader, std::string_view number) {
  return reader.query_one(kRecordByNumber, {number}, to_record);
}

std::multimap<RecordId, FileRow> files(db::Reader& reader, RecordId after, RecordId last) {
  std::multimap<RecordId, FileRow> found;
  reader.query(kFiles, {after, last}, [&](db::Row const& row) {
    auto const record = row.number<RecordId>(0);
    found.emplace(
        record, FileRow{record, row.integer(1), row.string(2), row.string(3), row.integer(4), row.string(5)});
  });
  return found;
}

std::multimap<RecordId, CorrectionRow> corrections(db::Reader& reader, RecordId after, RecordId last) {
  std::multimap<RecordId, CorrectionRow> found;
  reader.query(kCorrections, {after, last}, [&](db::Row const& row) {
    found.emplace(row.number<RecordId>(0), CorrectionRow{row.integer(1), row.string(2), row.string(3),
                                                         row.string(4), row.string(5), row.integer(6)});
  });
  return found;
}

std::map<RecordId, Manifest> manifests(db::Reader& reader, RecordId after, RecordId last) {
  std::map<RecordId, Manifest> found;
  reader.query(kManifests, {after, last}, [&](db::Row const& row) {
    auto const text = row.text(1);
    found[row.number<RecordId>(0)] = {crypto::sha256(text), static_cast<std::int64_t>(text.size())};
  });
  return found;
}

std::vector<DisposalRow> disposals(db::Reader& reader, std::int64_t after, std::int64_t limit) {
  return all<DisposalRow>(reader, kDisposals, {after, limit}, [](db::Row const& row) {
    return DisposalRow{row.integer(0), row.integer(1), row.string(2), row.string(3)};
  });
}

bool has_disposal(db::Reader& reader, std::int64_t log_index) {
  return reader.query_one(kHasDisposal, {log_index}, [](db::Row const&) { return true; }).has_value();
}

std::vector<BlobUser> users_of(db::Reader& reader, std::string_view blob) {
  auto users = all<BlobUser>(reader, kRecordUsers, {blob},
                             [](db::Row const& row) { return BlobUser{row.string(0), row.string(1)}; });
  if (!users.empty()) return users;
  return all<BlobUser>(reader, kMediaUsers, {blob},
                       [](db::Row const& row) { return BlobUser{{}, row.string(0)}; });
}

std::vector<BlobRow> record_blobs(db::Reader& reader, std::string_view after, std::int64_t limit) {
  return all<BlobRow>(reader, kRecordBlobs, {after, limit}, to_blob);
}

std::vector<BlobRow> media_blobs(db::Reader& reader, std::string_view after, std::int64_t limit) {
  return all<BlobRow>(reader, kMediaBlobs, {after, limit}, to_blob);
}

std::vector<CaseRow> cases_with_gaps(db::Reader& reader, std::int64_t limit) {
  return all<CaseRow>(reader, kCasesWithGaps, {limit}, [](db::Row const& row) {
    return CaseRow{row.integer(0), row.string(1), row.integer(2), row.integer(3), row.integer(4)};
  });
}

std::vector<TimestampRow> timestamps(db::Reader& reader, std::int64_t after, std::int64_t limit) {
  return all<TimestampRow>(reader, kTimestamps, {after, limit}, [](db::Row const& row) {
    return TimestampRow{row.integer(0), instant_from_ms(row.integer(1)), row.string(2),
                        std::string(row.bytes(3))};
  });
}

}  // namespace torg::records::verify_store
