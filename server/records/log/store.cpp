#include "records/log/store.hpp"

#include "crypto/merkle.hpp"

#include <bit>
#include <cstring>
#include <stdexcept>

namespace torg::records::log_store {
namespace {

constexpr db::Statement kEdge{"SELECT size, hashes, at FROM log_edge WHERE one = 1"};
constexpr db::Statement kFirstEdge{"INSERT INTO log_edge (one, size, hashes, at) VALUES (1, $1, $2, $3)"};
// `size = $3` makes a lost update impossible to miss: the lane is the only writer, and stays it.
constexpr db::Statement kMoveEdge{
    "UPDATE log_edge SET size = $1, hashes = $2, at = $3 WHERE one = 1 AND size = $4"};
constexpr db::Statement kRaiseTime{"UPDATE log_edge SET at = $1 WHERE one = 1 AND at < $2"};
constexpr db::Statement kAddEntry{
    "INSERT INTO log_entry (idx, record, leaf_hash, leaf) VALUES ($1, $2, $3, $4)"};
constexpr db::Statement kAddOpening{"INSERT INTO log_opening (idx, fields, salts) VALUES ($1, $2, $3)"};
constexpr db::Statement kReplaceOpening{"UPDATE log_opening SET fields = $1, salts = $2 WHERE idx = $3"};
constexpr db::Statement kAddNode{"INSERT INTO log_node (level, idx, hash) VALUES ($1, $2, $3)"};
constexpr db::Statement kLeafHash{"SELECT leaf_hash FROM log_entry WHERE idx = $1"};
constexpr db::Statement kNode{"SELECT hash FROM log_node WHERE level = $1 AND idx = $2"};
constexpr db::Statement kEntriesOf{
    "SELECT e.idx, e.record, e.leaf, o.fields, o.salts FROM log_entry e JOIN log_opening o ON o.idx = e.idx "
    "WHERE e.record = $1 ORDER BY e.idx"};
constexpr db::Statement kEntries{
    "SELECT e.idx, e.record, e.leaf, o.fields, o.salts FROM log_entry e JOIN log_opening o ON o.idx = e.idx "
    "WHERE e.idx >= $1 AND e.idx < $2 ORDER BY e.idx"};
constexpr db::Statement kAddKey{"INSERT INTO log_key (idx) VALUES ($1)"};
constexpr db::Statement kKeyPlaces{"SELECT idx FROM log_key ORDER BY idx"};
// Another process of ours can't be there; a repeated write is no second stamp.
constexpr db::Statement kAddTimestamp{
    "INSERT INTO log_timestamp (size, at, authority, token) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"};
constexpr db::Statement kHasTimestamp{"SELECT 1 FROM log_timestamp WHERE size = $1"};
constexpr db::Statement kLastTimestamp{"SELECT at FROM log_timestamp ORDER BY size DESC LIMIT 1"};
constexpr db::Statement kAddHead{"INSERT INTO log_head (size, root, at, signature) VALUES ($1, $2, $3, $4)"};
constexpr db::Statement kLastHead{
    "SELECT size, root, at, signature FROM log_head ORDER BY size DESC LIMIT 1"};
constexpr db::Statement kHead{"SELECT size, root, at, signature FROM log_head WHERE size = $1"};

constexpr std::size_t kHashBytes = 32;

crypto::Sha256 to_hash(std::string_view bytes) {
  crypto::Sha256 hash;
  if (bytes.size() != hash.size()) throw std::runtime_error("a hash of the log has the wrong length");
  std::memcpy(hash.data(), bytes.data(), hash.size());
  return hash;
}

/// The tree's right edge: hashes of the perfect subtrees of the binary digits of `size`, largest first.
struct Edge {
  std::int64_t size = 0;
  std::string hashes;
  Instant at{};  ///< of the last leaf
};

Edge read_edge(db::Reader& reader) {
  return reader
      .query_one(kEdge, {},
                 [](db::Row const& row) {
                   return Edge{row.integer(0), std::string(row.bytes(1)), instant_from_ms(row.integer(2))};
                 })
      .value_or(Edge{});
}

void write_edge(db::Transaction& transaction, Edge const& edge) {
  auto const old_size = edge.size - 1;
  if (old_size == 0) {
    transaction.execute(kFirstEdge, {edge.size, db::Bytes{edge.hashes}, to_ms(edge.at)});
    return;
  }
  if (transaction.execute(kMoveEdge, {edge.size, db::Bytes{edge.hashes}, to_ms(edge.at), old_size}) != 1) {
    throw std::runtime_error("the log grew outside the lane");
  }
}

crypto::MerkleAppender appender(Edge const& edge) {
  auto next = std::size_t{0};
  return {static_cast<std::uint64_t>(edge.size), [&](unsigned, std::uint64_t) {
            auto const hash = to_hash(std::string_view(edge.hashes).substr(next, kHashBytes));
            next += kHashBytes;
            return hash;
          }};
}

/// Reads perfect subtrees one by one: a proof needs O(log n) of them, each by primary key.
crypto::ReadNode node_reader(db::Reader& reader) {
  return [&reader](unsigned level, std::uint64_t index) {
    auto const read = [](db::Row const& row) { return to_hash(row.bytes(0)); };
    auto const hash = level == 0 ? reader.query_one(kLeafHash, {index}, read)
                                 : reader.query_one(kNode, {level, index}, read);
    if (!hash) throw std::runtime_error("a node of the log is missing");
    return *hash;
  };
}

StoredEntry to_entry(db::Row const& row) {
  auto leaf = parse_leaf(row.bytes(2));
  if (!leaf) throw std::runtime_error("a leaf of the log is broken");
  auto openings = from_stored(row.text(3), row.bytes(4));
  return {row.integer(0), row.number<RecordId>(1), std::move(*leaf), std::move(openings.fields),
          std::move(openings.files)};
}

StoredHead to_head(db::Row const& row) {
  return {row.integer(0), to_hash(row.bytes(1)), instant_from_ms(row.integer(2)), std::string(row.bytes(3))};
}

}  // namespace

std::int64_t append(db::Transaction& transaction, RecordId record, Instant at, std::string_view leaf,
                    Openings const& openings) {
  auto edge = read_edge(transaction);
  auto const index = edge.size;
  auto const hash = crypto::leaf_hash(leaf);
  transaction.execute(kAddEntry, {index, record, db::Bytes{crypto::view(hash)}, db::Bytes{leaf}});
  auto const stored = to_stored(openings);
  transaction.execute(kAddOpening, {index, stored.values, db::Bytes{stored.salts}});

  auto const completed = appender(edge).append(hash);
  for (auto const& node : completed) {
    // Level 0 stands in log_entry.
    if (node.level > 0)
      transaction.execute(kAddNode, {node.level, node.index, db::Bytes{crypto::view(node.hash)}});
  }
  // Each carry joins the last subtree of the edge; what is left is the new last one.
  edge.hashes.resize(edge.hashes.size() - (completed.size() - 1) * kHashBytes);
  edge.hashes += crypto::view(completed.back().hash);
  ++edge.size;
  edge.at = at;
  write_edge(transaction, edge);
  return index;
}

void replace_openings(db::Transaction& transaction, std::int64_t index, Openings const& openings) {
  auto const stored = to_stored(openings);
  transaction.execute(kReplaceOpening, {stored.values, db::Bytes{stored.salts}, index});
}

void add_key(db::Transaction& transaction, std::int64_t index) { transaction.execute(kAddKey, {index}); }

std::vector<std::int64_t> key_places(db::Reader& reader) {
  std::vector<std::int64_t> places;
  reader.query(kKeyPlaces, {}, [&](db::Row const& row) { places.push_back(row.integer(0)); });
  return places;
}

std::optional<StoredEntry> entry(db::Reader& reader, std::int64_t index) {
  return reader.query_one(kEntries, {index, index + 1}, to_entry);
}

std::int64_t size(db::Reader& reader) { return read_edge(reader).size; }

Instant last_time(db::Reader& reader) { return read_edge(reader).at; }

void raise_time(db::Transaction& transaction, Instant at) {
  transaction.execute(kRaiseTime, {to_ms(at), to_ms(at)});
}

crypto::Sha256 root(db::Reader& reader, std::int64_t size) {
  if (size == 0) return crypto::empty_root();
  return crypto::MerkleAppender(static_cast<std::uint64_t>(size), node_reader(reader)).root();
}

std::vector<StoredEntry> entries_of(db::Reader& reader, RecordId record) {
  std::vector<StoredEntry> found;
  reader.query(kEntriesOf, {record}, [&](db::Row const& row) { found.push_back(to_entry(row)); });
  return found;
}

std::vector<StoredEntry> entries(db::Reader& reader, std::int64_t from, std::int64_t count) {
  std::vector<StoredEntry> found;
  reader.query(kEntries, {from, from + count}, [&](db::Row const& row) { found.push_back(to_entry(row)); });
  return found;
}

std::vector<crypto::Sha256> inclusion(db::Reader& reader, std::int64_t index, std::int64_t size) {
  return crypto::inclusion_proof(static_cast<std::uint64_t>(index), static_cast<std::uint64_t>(size),
                                 node_reader(reader));
}

std::vector<crypto::Sha256> consistency(db::Reader& reader, std::int64_t old_size, std::int64_t size) {
  return crypto::consistency_proof(static_cast<std::uint64_t>(old_size), static_cast<std::uint64_t>(size),
                                   node_reader(reader));
}

void add_timestamp(db::Transaction& transaction, std::int64_t size, Instant at, std::string_view authority,
                   std::string_view token) {
  transaction.execute(kAddTimestamp, {size, to_ms(at), authority, db::Bytes{token}});
}

bool has_timestamp(db::Reader& reader, std::int64_t size) {
  return reader.query_one(kHasTimestamp, {size}, [](db::Row const&) { return true; }).has_value();
}

Instant last_timestamp(db::Reader& reader) {
  auto const read = [](db::Row const& row) { return instant_from_ms(row.integer(0)); };
  return reader.query_one(kLastTimestamp, {}, read).value_or(Instant{});
}

void add_head(db::Transaction& transaction, StoredHead const& head) {
  transaction.execute(
      kAddHead, {head.size, db::Bytes{crypto::view(head.root)}, to_ms(head.at), db::Bytes{head.signature}});
}

std::optional<StoredHead> last_head(db::Reader& reader) { return reader.query_one(kLastHead, {}, to_head); }

std::optional<StoredHead> head(db::Reader& reader, std::int64_t size) {
  return reader.query_one(kHead, {size}, to_head);
}

}  // namespace torg::records::log_store
