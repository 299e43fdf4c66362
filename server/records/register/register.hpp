#pragma once
#include "db/database.hpp"
#include "governance/governance.hpp"
#include "records/log/log_service.hpp"
#include "records/register/case_changes.hpp"
#include "records/register/entry.hpp"
#include "records/register/people.hpp"
#include "records/register/query.hpp"
#include "records/register/series.hpp"
#include "records/register/staff_search.hpp"
#include "records/register/titles.hpp"

#include <map>
#include <set>

namespace torg::records {

/// A line of the registrar's check before the web.
struct CheckLine {
  RecordView record;
  std::vector<NameSpan> names;  ///< in the title
  std::optional<std::string> suggested_title;
};

/// The register of every authority: cases, records, publication, corrections. Called on the executor only.
class Register {
 public:
  Register(Runtime& runtime, db::Database& database, governance::Governance const& governance, People people,
           LogService& log);

  /// Reads the series; call once after the migrations.
  void load();
  /// The series that a record of this type opens its case in.
  [[nodiscard]] Series series(AuthorityId authority, std::string_view record_type = {}) const;
  /// All of an authority, retired ones too.
  [[nodiscard]] std::vector<NumberSeries> all_series(AuthorityId authority) const;
  /// Replaces the series in use, for what is opened from now on, with a line in the audit log that names the
  /// decision. The inner error says what is wrong with which line. `by` 0: the command line.
  using Refused = std::vector<SeriesProblem>;
  Task<Result<std::expected<std::vector<NumberSeries>, Refused>>> set_series(UserNid by,
                                                                             AuthorityId authority,
                                                                             std::vector<WantedSeries> wanted,
                                                                             std::string decision);
  /// Why an authority that isn't there yet could not write its numbers like this; none: it could.
  [[nodiscard]] std::optional<Bilingual> refusal_of(std::string code, std::string pattern) const;
  /// Which of its series have given numbers.
  [[nodiscard]] Task<Result<std::set<std::int64_t>>> used_series(AuthorityId authority);

  [[nodiscard]] Task<Result<RecordView>> record(RecordId id);  ///< `not_found`
  [[nodiscard]] Task<Result<RecordView>> record_by_number(std::string number);
  [[nodiscard]] Task<Result<CaseView>> case_view(CaseId id);
  [[nodiscard]] Task<Result<CaseView>> case_by_number(std::string number);
  [[nodiscard]] Task<Result<std::vector<RecordView>>> records_of(CaseId id);  ///< by document
  enum class Open : std::uint8_t { any, open, closed };
  static constexpr std::size_t kCasesPage = 200;
  /// At most `limit`, newest first: those made before `before`.
  [[nodiscard]] Task<Result<std::vector<CaseView>>> cases(std::vector<AuthorityId> authorities,
                                                          std::string text, Open open,
                                                          CaseId before = CaseId(INT64_MAX),
                                                          std::size_t limit = kCasesPage,
                                                          CaseFilter filter = {});
  /// What was registered on a day, by number.
  [[nodiscard]] Task<Result<std::vector<RecordView>>> day_list(AuthorityId authority, Day day);
  /// The public's search: newest first, over what the web shows and nothing else.
  [[nodiscard]] Task<Result<std::vector<PublicRecordView>>> public_search(RecordQuery query);
  /// The search of the register's own people; the caller has looked at what the person may read.
  [[nodiscard]] Task<Result<StaffPage>> staff_search(StaffQuery query);
  /// Records whose titles share words with `title`, likeliest first; for duplicates and similar cases.
  [[nodiscard]] Task<Result<std::vector<RecordView>>> similar(AuthorityId authority, std::string title);
  /// The authority's latest records, newest first, without files and corrections.
  [[nodiscard]] Task<Result<std::vector<RecordView>>> recent(AuthorityId authority);
  [[nodiscard]] Task<Result<std::vector<CheckLine>>> checks(std::vector<AuthorityId> authorities);
  /// Decisions about the web since then, for the registrar's count.
  [[nodiscard]] Task<Result<std::int64_t>> checked_since(AuthorityId authority, Instant since);
  /// The next number as it would be now: a guess, never a promise. `of_case` 0: in a new case.
  [[nodiscard]] Task<Result<std::string>> next_number(AuthorityId authority, CaseId of_case,
                                                      std::string classification,
                                                      std::string record_type = {});
  /// The manifest's bytes; `not_found` after disposal.
  [[nodiscard]] Task<Result<std::string>> manifest(RecordId id);
  /// The proof file of a record with what its publication lets through.
  [[nodiscard]] Task<Result<ProofFile>> proof(RecordId id);
  /// The exported register for `torg verify`, line by line.
  [[nodiscard]] Task<Result<>> export_register(std::function<void(std::string_view)> line);

  // Acts. Each checks the person's role in the record's authority: `not_found` without one, `forbidden` when
  // another is needed.
  /// In the series of `record_type`, the type of what opens it; empty: where all else goes.
  Task<Result<CaseView>> open_case(UserNid by, AuthorityId authority, std::string title,
                                   std::string classification, std::string record_type = {});
  Task<Result<RecordView>> publish(UserNid by, RecordId id, Publication show,
                                   std::optional<std::string> title);
  Task<Result<RecordView>> correct(UserNid by, RecordId id, std::string field, std::string value,
                                   std::string reason);
  /// Closes it; what its rooms hold was reviewed by the caller (R13), in `review`, inside the same
  /// transaction.
  Task<Result<CaseView>> close_case(UserNid by, CaseId id, std::function<void(db::Transaction&)> review);
  /// A change of one field (case_changes.hpp); `officer` takes a user id of somebody with a role in the
  /// register.
  Task<Result<CaseView>> change_case(UserNid by, CaseId id, std::string field, std::string value,
                                     std::string reason);
  [[nodiscard]] Task<Result<std::vector<CaseEvent>>> case_events(CaseId id);
  /// Both ends must be hers to read: `not_found`.
  Task<Result<std::int64_t>> relate(Relate relation);
  Task<Result<>> end_relation(UserNid by, std::int64_t id);
  /// What a thing is related to; titles only of what `reader` may read.
  [[nodiscard]] Task<Result<std::vector<RelationView>>> relations(UserNid reader, Related what,
                                                                  std::int64_t id);
  /// By the rendition job; `file` none: it could not be made.
  Task<Result<>> add_rendition(RecordId id, std::optional<NewFile> file, std::string tool);

  /// May `user` read the records of `authority` whole? Officers, registrars and archivists of it.
  [[nodiscard]] bool may_read(UserNid user, AuthorityId authority) const;
  [[nodiscard]] bool is_registrar(UserNid user, AuthorityId authority) const;

 private:
  [[nodiscard]] std::map<AuthorityId, std::string> series_codes() const;
  [[nodiscard]] Task<Result<>> may_touch(UserNid user, Related what, std::int64_t id);
  /// Puts into the staff's index what a version before it registered.
  void index_the_old();
  /// `not_found` too when `by` may not read it, so that numbers tell nothing.
  [[nodiscard]] Task<Result<AuthorityId>> authority_of(RecordId id, UserNid by);

  Runtime& runtime_;
  db::Database& database_;
  governance::Governance const& governance_;
  People people_;
  LogService& log_;
  SeriesByAuthority series_;
};

/// What a proof may reveal of the entries about `record`, now.
[[nodiscard]] MayShow may_show(RecordView record);

}  // namespace torg::records
