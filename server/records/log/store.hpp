#pragma once
#include "db/database.hpp"
#include "records/log/opening.hpp"

#include <optional>

namespace torg::records {

/// An entry as it is stored.
struct StoredEntry {
  std::int64_t index = 0;
  RecordId record;
  Leaf leaf;
  std::vector<Opening> openings;  ///< of its fields, in order
  std::vector<Opening> files;     ///< of the members of the field `files`
};

/// A tree head before or after it is signed.
struct StoredHead {
  std::int64_t size = 0;
  crypto::Sha256 root{};
  Instant at{};
  std::string signature;  ///< 64 bytes
};

/// All SQL of the log.
namespace log_store {

/// Appends a leaf, written at `at`, and its openings. @return its index
std::int64_t append(db::Transaction& transaction, RecordId record, Instant at, std::string_view leaf,
                    Openings const& openings);
/// Notes that the entry at `index` brings in a new key.
void add_key(db::Transaction& transaction, std::int64_t index);
/// Places of such entries, in order.
[[nodiscard]] std::vector<std::int64_t> key_places(db::Reader& reader);
/// The entry at `index`; none when there is none.
[[nodiscard]] std::optional<StoredEntry> entry(db::Reader& reader, std::int64_t index);
void replace_openings(db::Transaction& transaction, std::int64_t index, Openings const& openings);

/// Leaves in the tree.
[[nodiscard]] std::int64_t size(db::Reader& reader);
/// When the last leaf was written; the epoch for an empty log.
[[nodiscard]] Instant last_time(db::Reader& reader);
/// Entries to come bear at least this time. Nothing happens in an empty log.
void raise_time(db::Transaction& transaction, Instant at);
/// Root of the tree when it had `size` leaves. @pre size <= log_store::size
[[nodiscard]] crypto::Sha256 root(db::Reader& reader, std::int64_t size);
/// Entries about a record, oldest first.
[[nodiscard]] std::vector<StoredEntry> entries_of(db::Reader& reader, RecordId record);
/// Entries with index in [from, from + count), in order.
[[nodiscard]] std::vector<StoredEntry> entries(db::Reader& reader, std::int64_t from, std::int64_t count);
/// @pre index < size
[[nodiscard]] std::vector<crypto::Sha256> inclusion(db::Reader& reader, std::int64_t index,
                                                    std::int64_t size);
/// @pre 0 < old_size <= size
[[nodiscard]] std::vector<crypto::Sha256> consistency(db::Reader& reader, std::int64_t old_size,
                                                      std::int64_t size);

void add_timestamp(db::Transaction& transaction, std::int64_t size, Instant at, std::string_view authority,
                   std::string_view token);
[[nodiscard]] bool has_timestamp(db::Reader& reader, std::int64_t size);
/// When a head was last stamped; the epoch for never.
[[nodiscard]] Instant last_timestamp(db::Reader& reader);
void add_head(db::Transaction& transaction, StoredHead const& head);
[[nodiscard]] std::optional<StoredHead> last_head(db::Reader& reader);
/// The signed head with exactly this size.
[[nodiscard]] std::optional<StoredHead> head(db::Reader& reader, std::int64_t size);

}  // namespace log_store

}  // namespace torg::records
