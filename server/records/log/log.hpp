#pragma once
#include "db/database.hpp"
#include "records/log/opening.hpp"

#include <set>

// The append-only log of the register: what was registered, corrected, rendered, shown, taken down and
// disposed of, as leaves of one Merkle tree (RFC 9162), written in the transaction of the act itself.
namespace torg::records {

/// Randomness for one entry, drawn on the executor and given into the lane by value. Every field's salt comes
/// from it by a one-way step; the seed itself is stored nowhere, so a destroyed salt can't be found again
/// from another one.
struct SaltSeed {
  std::array<unsigned char, 32> bytes{};
};
[[nodiscard]] SaltSeed draw_salt_seed(Runtime& runtime);

/// One entry to write. Each file is a commitment of its own inside the field `files`; its value names role,
/// name, type, size and sha256.
struct Entry {
  std::string_view kind;  ///< `record`, `correction`, `rendition`, `publication`, `disposal`; static text
  Instant at{};
  RecordId record;            ///< 0: about several, as a disposal certificate
  std::vector<Field> fields;  ///< in order; `files` is added after them
  std::vector<json::value> files;
  SaltSeed seed;
};

struct Appended {
  std::int64_t index = 0;  ///< from 0
  Instant at{};  ///< as written: `Entry::at`, or that of the entry before when the clock fell behind
};

/// The time an entry written now gets: times in the log never go back, so that a back-dated entry shows.
[[nodiscard]] Instant log_time(db::Reader& reader, Instant now);

/// Writes to the log. Runs in the lane; keeps nothing between calls: the tree's right edge is a row.
struct LogAppender {
  static Appended append(db::Transaction& transaction, Entry const& entry);
};

/// Destroys values and salts of every entry about `record`, but those of the fields in `keep`. No leaf
/// changes: what is destroyed can never again be shown or guessed, and all proofs of the rest still hold.
/// Runs in the lane.
void destroy_openings(db::Transaction& transaction, RecordId record,
                      std::set<std::string, std::less<>> const& keep);

}  // namespace torg::records
