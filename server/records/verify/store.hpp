#pragma once
#include "records/log/store.hpp"

#include <map>

// What verification reads of a whole database, page by page: rows as they stand, whatever is in them.
namespace torg::records::verify_store {

/// An entry of the log and what the register says of its record; broken columns stay as they are.
struct LeafRow {
  std::int64_t index = 0;
  RecordId record;
  std::string hash, leaf;
  bool has_opening = false;
  std::string fields, salts;
  std::optional<std::int64_t> register_index;  ///< `log_index` of the record; none: it isn't in the register
  std::string number;
  bool disposed = false;
};
/// At most `limit` with index >= `from`, in order.
[[nodiscard]] std::vector<LeafRow> leaves(db::Reader& reader, std::int64_t from, std::int64_t limit);
/// All about records in (after, last], by record and place.
[[nodiscard]] std::vector<LeafRow> leaves_of(db::Reader& reader, RecordId after, RecordId last);
/// Of disposals and keys.
[[nodiscard]] std::optional<LeafRow> leaf(db::Reader& reader, std::int64_t index);

struct NodeRow {
  std::int64_t index = 0;
  std::string hash;
};
/// At most `limit` of a level with index >= `from`, in order; level 0 are the leaves' stored hashes.
[[nodiscard]] std::vector<NodeRow> nodes(db::Reader& reader, int level, std::int64_t from,
                                         std::int64_t limit);

struct Edge {
  std::int64_t size = 0;
  std::string hashes;
  Instant at{};
};
[[nodiscard]] std::optional<Edge> edge(db::Reader& reader);

/// A stored head as it stands: its root may have any length.
struct HeadRow {
  std::int64_t size = 0;
  std::string root;
  Instant at{};
  std::string signature;
};
/// At most `limit` larger than `after`, by size.
[[nodiscard]] std::vector<HeadRow> heads(db::Reader& reader, std::int64_t after, std::int64_t limit);

struct RecordRow {
  RecordId id;
  std::string number;
  std::int64_t document = 0;
  std::string title, internal_title;
  std::optional<std::string> public_title;
  std::int64_t direction = 0;
  std::string sender, recipient;
  bool private_person = false;
  std::int64_t day = 0, registered_at = 0;
  std::string classification, record_type, secrecy, manifest_hash;
  std::int64_t manifest_size = 0, log_index = 0;
  std::string corrected;
  std::int64_t publication = 0;
  bool disposed = false;
  std::optional<std::string> case_number;
};
/// At most `limit` after `after`, by id.
[[nodiscard]] std::vector<RecordRow> records(db::Reader& reader, RecordId after, std::int64_t limit);
[[nodiscard]] std::optional<RecordRow> record(db::Reader& reader, std::string_view number);

struct FileRow {
  RecordId record;
  std::int64_t role = 0;
  std::string name, type;
  std::int64_t size = 0;
  std::string blob;
};
/// Of records in (after, last].
[[nodiscard]] std::multimap<RecordId, FileRow> files(db::Reader& reader, RecordId after, RecordId last);

struct CorrectionRow {
  std::int64_t at = 0;
  std::string field, from, to, reason;
  std::int64_t log_index = 0;
};
[[nodiscard]] std::multimap<RecordId, CorrectionRow> corrections(db::Reader& reader, RecordId after,
                                                                 RecordId last);
/// Hash and size of each record's manifest, hashed as it is read.
struct Manifest {
  crypto::Sha256 hash{};
  std::int64_t size = 0;
};
[[nodiscard]] std::map<RecordId, Manifest> manifests(db::Reader& reader, RecordId after, RecordId last);

struct DisposalRow {
  std::int64_t id = 0, log_index = 0;
  std::string number, certificate;
};
/// Done ones after `after`, by id.
[[nodiscard]] std::vector<DisposalRow> disposals(db::Reader& reader, std::int64_t after, std::int64_t limit);
[[nodiscard]] bool has_disposal(db::Reader& reader, std::int64_t log_index);

/// Who refers to a blob, in words: `record KS 2026/00012-3: the file bilaga.pdf`; empty: nobody.
struct BlobUser {
  std::string number;  ///< of a record; empty: an uploaded file
  std::string name;
};
[[nodiscard]] std::vector<BlobUser> users_of(db::Reader& reader, std::string_view blob);
struct BlobRow {
  std::string blob;
  std::int64_t size = 0;
};
/// Blobs that must be there, of records and of uploads, each with an order of its own: at most `limit` after
/// `after`.
[[nodiscard]] std::vector<BlobRow> record_blobs(db::Reader& reader, std::string_view after,
                                                std::int64_t limit);
[[nodiscard]] std::vector<BlobRow> media_blobs(db::Reader& reader, std::string_view after,
                                               std::int64_t limit);

/// Documents of each case against the count of documents it has given.
struct CaseRow {
  std::int64_t id = 0;
  std::string number;
  std::int64_t next_document = 0, records = 0, highest = 0;
};
/// Cases whose own documents do not count up to what was given, moved ones left out: at most `limit`.
[[nodiscard]] std::vector<CaseRow> cases_with_gaps(db::Reader& reader, std::int64_t limit);

struct TimestampRow {
  std::int64_t size = 0;
  Instant at{};
  std::string authority, token;
};
[[nodiscard]] std::vector<TimestampRow> timestamps(db::Reader& reader, std::int64_t after,
                                                   std::int64_t limit);

}  // namespace torg::records::verify_store
