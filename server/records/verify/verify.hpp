#pragma once
#include "base/json.hpp"

#include <optional>
#include <string>
#include <vector>

// Offline verification (`torg verify`): files in, a report out. No database, no network, no clock.
namespace torg::records {

/// What is wrong, in the words a person would use of a register.
enum class FindingKind : std::uint8_t {
  changed,     ///< what is shown is not what was written
  missing,     ///< an entry, or a number, that was there or must be there is not
  back_dated,  ///< claims to be older than the log can be
  signature,   ///< a head that its key has not signed, or another key than expected
  unproven,    ///< something needed for an answer was not given
};

struct Finding {
  FindingKind kind;
  std::optional<std::int64_t> index;                ///< place in the log, from 0
  std::string number;                               ///< of the record, when it is known
  std::string text;                                 ///< one sentence that names what it is about
  std::optional<std::int64_t> head = std::nullopt;  ///< size of the tree head it is about
  std::string file = {};                            ///< name of the file it is about
};

struct VerifyReport {
  std::string log;        ///< its name
  std::string root;       ///< of the head that was verified, base64
  std::int64_t size = 0;  ///< of that head
  std::int64_t head_at_ms = 0;
  std::int64_t entries = 0;       ///< looked at
  std::int64_t fields_shown = 0;  ///< opened and found right
  std::int64_t fields_withheld = 0;
  std::vector<Finding> findings;  ///< at most `kMostFindings`
  std::int64_t more = 0;          ///< findings beyond those
  [[nodiscard]] bool holds() const { return findings.empty(); }
  void add(Finding finding);

  // Of a whole data directory only.
  struct Directory {
    std::int64_t heads = 0, keys = 0, timestamps = 0, records = 0, disposals = 0;
    std::int64_t reserved = 0;          ///< numbers kept for bad days and not used yet
    std::int64_t voided = 0;            ///< numbers kept so that nobody used
    std::int64_t files = 0, bytes = 0;  ///< hashed
    std::int64_t unsigned_entries =
        0;  ///< after the last head: nothing but the rest of the directory holds them
  };
  std::optional<Directory> directory{};
};
inline constexpr std::size_t kMostFindings = 1000;

/// The texts of the files; the caller reads them.
struct VerifyRequest {
  std::optional<std::string> proof;           ///< `bevis.json`; either this
  std::optional<std::string> register_lines;  ///< or an exported register
  std::optional<std::string> earlier_head;    ///< `huvud.json` as somebody kept it
  std::optional<std::string>
      consistency;                 ///< `konsistens.json` between the two heads; not needed for an export
  std::optional<std::string> key;  ///< the log's public key in base64, when one knows it
};

/// Verifies a proof or an exported register, against an earlier signed head when there is one.
/// @return `bad_json` or `missing_param` when the files can't be read; what they prove or not is in the
/// report
[[nodiscard]] Result<VerifyReport> verify(VerifyRequest const& request);

[[nodiscard]] std::string_view to_text(FindingKind kind);
/// For a terminal: a verdict, what was looked at, one line per finding.
[[nodiscard]] std::string human_text(VerifyReport const& report);
/// For programs: `{"holds", "log", "size", "root", "timestamp", "entries", "fields", "findings": [..]}`.
[[nodiscard]] json::object to_json(VerifyReport const& report);

}  // namespace torg::records
