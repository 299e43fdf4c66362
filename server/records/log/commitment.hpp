#pragma once
#include "base/json.hpp"
#include "base/time.hpp"
#include "crypto/hash.hpp"

#include <array>
#include <span>
#include <string>
#include <vector>

// How an entry of the log is committed, as pure functions: the same code makes, proves and verifies
// (docs/adr/0020).
//
//   commitment = SHA-256(0x02 ‖ salt ‖ RFC 8785 form of [name, value])       salt: 32 bytes, one per field
//   leaf       = RFC 8785 form of {"at", "fields": [name …], "kind", "v": 1} ‖ "\n" ‖ commitment …, 32 bytes
//   each leaf hash  = SHA-256(0x00 ‖ leaf)                                        RFC 9162, 2.1.1
//
// Name and value can't be confused because they are two members of a JSON array. A list of files is one field
// whose value is the list of the files' own commitments: neither their number nor any hash shows in the leaf.
namespace torg::records {

using Salt = std::array<unsigned char, 32>;
using Commitment = crypto::Sha256;

/// One named value of an entry. Names are ASCII; values hold strings, integers below 2⁵³, booleans, null, and
/// lists and objects (ASCII keys) of these, where RFC 8785 and Matrix's canonical JSON agree.
struct Field {
  Field(std::string_view n, json::value v) : name(n), value(std::move(v)) {}
  template <class Text>
    requires std::is_convertible_v<Text const&, std::string_view>
  Field(std::string_view n, Text const& text) : name(n), value(json::string_view(std::string_view(text))) {}

  std::string name;
  json::value value;
};

/// @throws std::invalid_argument when the value has no RFC 8785 form of the kind above
[[nodiscard]] Commitment commit_field(Salt const& salt, std::string_view name, json::value const& value);

/// The public frame of an entry: all of it may be shown, whatever the fields hold.
struct LeafFrame {
  std::string kind;                 ///< record correction rendition publication disposal
  Instant at{};                     ///< when it was written; so that nothing can be back-dated
  std::vector<std::string> fields;  ///< names, in order of commitment
  friend bool operator==(LeafFrame const&, LeafFrame const&) = default;
};
/// @pre as many commitments as fields
[[nodiscard]] std::string leaf_bytes(LeafFrame const& frame, std::span<Commitment const> commitments);

struct Leaf {
  LeafFrame frame;
  std::vector<Commitment> commitments;
};
/// Reads stored leaf bytes; `bad_json` when they are no leaf.
[[nodiscard]] Result<Leaf> parse_leaf(std::string_view bytes);

}  // namespace torg::records
