#pragma once
#include "records/log/head.hpp"
#include "records/log/store.hpp"

#include <functional>

// The file formats of the log, as values: what the server writes and `torg verify` reads.
namespace torg::records {

/// One entry as it is shown: its leaf whole, and the openings that may be public.
struct ShownEntry {
  std::int64_t index = 0;
  Leaf leaf;
  std::vector<Opening> revealed;          ///< of fields
  std::vector<Opening> revealed_files;    ///< of members of the field `files`, which is then revealed too
  std::vector<crypto::Sha256> inclusion;  ///< empty in an export
};
[[nodiscard]] json::object to_json(ShownEntry const& entry);
/// `bad_json` with a sentence that says what is missing.
[[nodiscard]] Result<ShownEntry> parse_entry(json::object const& object);

struct ProofFile {
  SignedHead head;
  std::vector<ShownEntry> entries;  ///< all about one record, oldest first
  std::vector<ShownEntry> keys;     ///< every change of the log's key, oldest first
};
[[nodiscard]] json::object to_json(ProofFile const& file);
[[nodiscard]] Result<ProofFile> parse_proof(std::string_view text);

/// Consistency of the trees of two sizes (RFC 9162, 2.1.4).
struct Consistency {
  std::int64_t from = 0, to = 0;
  std::vector<crypto::Sha256> proof;
};
[[nodiscard]] json::object to_json(Consistency const& consistency);
[[nodiscard]] Result<Consistency> parse_consistency(std::string_view text);

/// What may be shown of a stored entry. Files are shown when their field is and `may_show(entry, "file")`
/// agrees.
using MayShow = std::function<bool(StoredEntry const& entry, std::string_view field)>;
[[nodiscard]] ShownEntry show(StoredEntry const& entry, MayShow const& may_show);

}  // namespace torg::records
