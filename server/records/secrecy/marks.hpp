#pragma once
#include "records/register/register.hpp"
#include "records/secrecy/store.hpp"

namespace torg::records {

/// What becomes of titles and parties that the web shows when their case is marked.
enum class ShownTitles : std::uint8_t { check_again, keep };

/// Markings of cases and files (R25). A marking is a warning: every request is assessed afresh, and no
/// refusal rests on it. It is inherited downwards – case, record, file – and each level keeps its own: ending
/// the case's leaves the record's. Called on the executor only.
class SecrecyMarks {
 public:
  SecrecyMarks(Runtime& runtime, db::Database& database, governance::Governance const& governance,
               Register& records, People people)
      : runtime_(runtime),
        database_(database),
        governance_(governance),
        records_(records),
        people_(std::move(people)) {}

  /// Marks it, in the place of an earlier marking. `not_found` for those who may not read the register,
  /// `forbidden` for others than officers and registrars.
  Task<Result<Mark>> mark_case(UserNid by, CaseId id, Secrecy secrecy, ShownTitles titles);
  Task<Result<Mark>> mark_file(UserNid by, RecordId record, int n, Secrecy secrecy);
  /// `conflict` when there is none; `missing_param` without a reason.
  Task<Result<>> end_case(UserNid by, CaseId id, std::string reason);
  Task<Result<>> end_file(UserNid by, RecordId record, int n, std::string reason);
  /// All there were, the newest first.
  [[nodiscard]] Task<Result<std::vector<Mark>>> of_case(UserNid by, CaseId id);

 private:
  [[nodiscard]] Result<> may_mark(UserNid by, AuthorityId authority) const;
  Task<Result<AuthorityId>> case_for(UserNid by, CaseId id);
  Task<Result<AuthorityId>> file_for(UserNid by, RecordId record, int n);
  Task<Result<>> end(UserNid by, AuthorityId authority, MarkedThing thing, std::string reason);
  [[nodiscard]] Mark new_mark(UserNid by, AuthorityId authority, Secrecy secrecy) const;

  Runtime& runtime_;
  db::Database& database_;
  governance::Governance const& governance_;
  Register& records_;
  People people_;
};

}  // namespace torg::records
