#pragma once
#include "base/ids.hpp"
#include "base/time.hpp"
#include "db/blobs.hpp"
#include "governance/types.hpp"

#include <optional>
#include <string>
#include <vector>

// What the register shows to others: plain values, read in one go, with corrections already applied.
namespace torg::records {

using governance::Day;

enum class Direction : std::uint8_t { in, out, internal };
/// What the web shows of an entry: `waiting` for a registrar's check and `number_only` show number, date,
/// direction and authority; `full` adds title and party; `taken_down` was shown once.
enum class Publication : std::uint8_t { waiting, full, number_only, taken_down };
enum class FileRole : std::uint8_t { original, attachment, rendition };
/// `none`: the record was made elsewhere and has no copy of ours.
enum class RenditionState : std::uint8_t { waiting, done, failed, none };
/// Where a case stands. `waiting` for somebody else, `decided` but not yet finally dealt with; `closed`
/// through the review (R13) only, `archived` after that.
enum class CaseStage : std::uint8_t { open, waiting, decided, closed, archived };

[[nodiscard]] std::string_view to_text(Direction direction);  ///< `in`, `out`, `internal`
[[nodiscard]] std::string_view to_text(Publication publication);
[[nodiscard]] std::string_view to_text(FileRole role);
[[nodiscard]] std::string_view to_text(RenditionState state);
[[nodiscard]] std::string_view to_text(CaseStage state);
[[nodiscard]] std::optional<CaseStage> parse_case_stage(std::string_view text);
[[nodiscard]] std::optional<Direction> parse_direction(std::string_view text);
[[nodiscard]] std::optional<Publication> parse_publication(std::string_view text);

/// A marking (R25): a warning with its provision, never a decision.
struct Secrecy {
  std::string provision;  ///< `18 kap. 1 § OSL`
  Day day{};              ///< when it was marked
  std::string note;
  std::string provision_id;  ///< of the list (secrecy/provisions.hpp); empty: not in the list
  std::string authority;     ///< which authority marked: a code, or a name from outside
  friend bool operator==(Secrecy const&, Secrecy const&) = default;
};

/// The same matter at another authority, as that one numbers it.
struct ParallelCase {
  std::string authority, number;
};

struct CaseView {
  CaseId id;
  AuthorityId authority;
  std::string number;  ///< `KS 2026/00123`
  std::string title;
  std::optional<std::string> public_title;  ///< none until a registrar has seen it
  std::string classification;
  Day opened_day{};
  std::optional<Day> closed_day;
  UserNid opened_by;
  std::int64_t records = 0;
  CaseStage state = CaseStage::open;
  UserNid officer;  ///< who deals with it; 0: nobody yet
  std::string unit;
  std::optional<Day> deadline;
  std::vector<ParallelCase> parallel;
};

struct FileView {
  int n = 0;  ///< from 1, in the order of the record; `records/{id}/files/{n}`
  FileRole role = FileRole::original;
  std::string name;
  std::string type;          ///< MIME type
  std::int64_t size = 0;     ///< bytes
  db::BlobId blob;           ///< SHA-256 of the bytes; never shown for what is not released
  bool in_manifest = false;  ///< the bytes are the record's manifest, kept in the database, not a blob
  std::optional<Secrecy> secrecy = std::nullopt;  ///< its own marking
};

struct Correction {
  Instant at;
  UserNid by;
  std::string field;  ///< title internal_title sender recipient case secrecy not_a_record
  std::string from, to;
  std::string reason;
};

/// An entry of the register as those with the right to it see it. The public gets `PublicRecordView` only.
struct RecordView {
  RecordId id;
  AuthorityId authority;
  std::string number;         ///< `KS 2026/00123-4`
  std::int64_t document = 0;  ///< 4
  std::string title;
  std::string internal_title;
  std::optional<std::string> public_title;  ///< what the web shows now
  Direction direction = Direction::in;
  std::string sender, recipient;
  bool private_person = false;  ///< the other party is a private person: the name stays off the web (R63)
  Day came_or_made_day{};
  Instant registered_at;
  UserNid registered_by;
  std::optional<CaseId> case_id;
  std::string case_number, case_title;
  std::optional<std::string> case_public_title;
  CaseStage case_state = CaseStage::open;
  UserNid case_officer;
  std::string classification, record_type;
  std::optional<Secrecy> secrecy;       ///< its own marking
  std::optional<Secrecy> case_secrecy;  ///< its case's, which holds for it too
  bool not_a_record = false;            ///< corrected: was no public record; number and date stay (R24)
  bool disposed = false;                ///< only the tombstone is left
  std::vector<FileView> files;
  Publication publication = Publication::waiting;
  std::vector<Correction> corrections;  ///< oldest first
  std::int64_t log_index = 0;           ///< place of the entry in the log
  RenditionState rendition = RenditionState::waiting;
  RoomNid room;  ///< where it was lifted from
  std::vector<EventNid> items;
};

struct DayCount {
  Day day{};
  std::int64_t records = 0;
};

/// What anyone may see of an entry. Made by `public_view` alone, so that nothing internal slips through.
struct PublicRecordView {
  RecordId id;
  AuthorityId authority;
  std::string number;
  Direction direction = Direction::in;
  Day came_or_made_day{};
  Instant registered_at;
  std::optional<std::string> title;  ///< none: "The title is not shown online."
  std::optional<std::string> party;  ///< sender or recipient; none when withheld
  bool private_party = false;        ///< say "from a private person" instead of a name
  std::string record_type;           ///< empty unless published in full
  std::string classification;
  bool secrecy_marked = false;
  bool corrected = false;
  bool taken_down = false;
  bool disposed = false;
  std::optional<CaseId> case_id;
  std::string case_number;
  std::optional<std::string> case_title;
  std::int64_t log_index = 0;
};
[[nodiscard]] PublicRecordView public_view(RecordView const& record);
/// The sender of what came in or was made here, the recipient of what went out.
[[nodiscard]] std::string const& other_party(RecordView const& record);

}  // namespace torg::records
