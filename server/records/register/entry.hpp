#pragma once
#include "db/database.hpp"
#include "records/log/log.hpp"
#include "records/plan/store.hpp"
#include "records/register/number_pattern.hpp"
#include "records/register/views.hpp"

#include <variant>

// The acts of the register, each inside its caller's transaction, in the lane: numbers are handed out in the
// commit.
namespace torg::records {

/// The series an act writes into, read from memory before the lane.
struct Series {
  AuthorityId authority;
  std::string code;
  NumberPattern pattern = NumberPattern::standard();
  std::int64_t n = 0;  ///< which of the authority's
};

struct NewCase {
  std::string title;
  std::string classification;
  bool checked = false;  ///< opened by a registrar: its title may be shown at once
};

struct NewFile {
  FileRole role = FileRole::attachment;
  std::string name, type;
  std::int64_t size = 0;
  db::BlobId blob;
};

/// Everything a record is made of, gathered before the lane.
struct NewRecord {
  Series series;
  Instant at{};
  Day today{};  ///< of `at`, in the authority's zone; its year is the number's
  UserNid by;
  std::string by_id;  ///< user id, as committed to the log
  std::variant<NewCase, CaseId> of_case;
  std::string title, internal_title;
  Direction direction = Direction::in;
  std::string sender, recipient;
  bool private_person = false;
  Day came_or_made_day{};
  std::string classification, record_type;
  std::optional<Secrecy> secrecy;
  RoomNid room;
  std::vector<EventNid> items;
  std::vector<std::string> item_ids;  ///< event ids, in the order of `items`
  std::string manifest;               ///< JSON: the originals as they were
  std::vector<NewFile> attachments;
  Publication publication = Publication::waiting;  ///< `full` when a registrar registers herself
  SaltSeed seed;
  std::optional<PlanUse> plan = std::nullopt;  ///< the row of the information plan it falls under
};

struct Registered {
  RecordId id;
  std::string number;
  std::int64_t document = 0;  ///< 0 in a series that does not count documents
  int year = 0;
  CaseId case_id;
  std::int64_t log_index = 0;
  Instant at{};
};

/// `conflict` when the case is closed, `not_found` when it isn't this authority's.
[[nodiscard]] Result<Registered> register_record(db::Transaction& transaction, NewRecord const& record);

/// Numbers that a record brings along from an older system.
struct GivenNumber {
  CaseId of_case;
  std::string case_number, number;
  std::int64_t document = 0;  ///< 0 when it isn't known
};
/// The same for a record that has its number already; the case's count goes on above it. Fails as a whole
/// when the number is there.
[[nodiscard]] Registered register_given(db::Transaction& transaction, NewRecord const& record,
                                        GivenNumber const& given);

struct OpenCase {
  Series series;
  Instant at{};
  Day today{};
  UserNid by;
  NewCase what;
};
[[nodiscard]] CaseId open_case(db::Transaction& transaction, OpenCase const& request);

/// `not_found`, or `conflict` when it is closed already.
[[nodiscard]] Result<> close_case(db::Transaction& transaction, CaseId id, Day today);

/// What a registrar decided about the web.
struct Publish {
  RecordId record;
  Publication show = Publication::full;
  std::optional<std::string> title;  ///< another public title than the record's
  UserNid by;
  std::string by_id;
  Instant at{};
  SaltSeed seed;
};
/// `not_found`; `rule_refuses` for `waiting`, which nobody decides.
[[nodiscard]] Result<> publish(db::Transaction& transaction, Publish const& decision);

/// Takes title and party off the web until a registrar has looked again; nothing to do where they aren't
/// shown. `decision.show` and `title` don't count.
void check_again(db::Transaction& transaction, Publish const& decision);

/// A correction: an event of its own, both wordings stay.
struct Correct {
  RecordId record;
  std::string field;  ///< title internal_title sender recipient case secrecy not_a_record
  std::string value;  ///< text; JSON for secrecy; a case's number or id for case
  std::string reason;
  bool by_registrar = false;  ///< a registrar's own wording needs no further check before the web
  UserNid by;
  std::string by_id;
  Instant at{};
  Day today{};
  SaltSeed seed;
};
/// `not_found`, `invalid_param` for an unknown field or value, `rule_refuses` for a marking without provision
/// (R25).
[[nodiscard]] Result<> correct(db::Transaction& transaction, Correct const& correction);

/// A rendition was made (or could not be): a file of the record and an entry of the log.
struct Rendered {
  RecordId record;
  std::optional<NewFile> file;  ///< none: it failed
  std::string tool;             ///< name and version
  Instant at{};
  SaltSeed seed;
};
[[nodiscard]] Result<> add_rendition(db::Transaction& transaction, Rendered const& rendered);

/// Disposal: everything but the tombstone goes – number, case, dates, direction, type and class stay (R56).
/// The caller removes the blobs that nobody else refers to and logs its certificate.
struct DisposedFiles {
  std::vector<db::BlobId> blobs;  ///< that the record referred to
};
[[nodiscard]] Result<DisposedFiles> dispose_record(db::Transaction& transaction, RecordId record);
/// Whether any record still refers to the blob.
[[nodiscard]] bool refers_to(db::Reader& reader, db::BlobId const& blob);

}  // namespace torg::records
