#pragma once
#include "records/import/lines.hpp"
#include "records/register/register.hpp"

namespace torg::records {

enum class ImportMode : std::uint8_t { dry_run, write };
enum class LineState : std::uint8_t { fresh, there, refused };
[[nodiscard]] std::string_view to_text(LineState state);  ///< `new`, `there`, `refused`

struct ImportedLine {
  std::int64_t line = 0;
  LineState state = LineState::fresh;
  std::string number;  ///< of the record, or of the case
  std::vector<Bilingual> problems;
};
struct ImportReport {
  bool written = false;  ///< all that is new is in the register now
  std::size_t fresh = 0, there = 0, refused = 0;
  std::vector<ImportedLine> lines;
  std::vector<std::string> ignored;  ///< headings that mean nothing here
};

struct ImportRequest {
  UserNid by;  ///< 0: the command line
  AuthorityId authority;
  std::string file;  ///< its name, for the manifests
  ImportSheet sheet;
  ImportMode mode = ImportMode::dry_run;
};

/// Cases and records of an older system, with the numbers they had there. Nothing is written while a line is
/// refused. What is written is an entry of the register from today (its log tells the true time of
/// registering); the line as it stood is the record's manifest. A count goes on above the numbers that came
/// in. Lines that are there already are passed over, so that a run that was cut off is simply run again.
/// Called on the executor only.
class Importer {
 public:
  Importer(Runtime& runtime, db::Database& database, governance::Governance const& governance,
           Register& records, People people)
      : runtime_(runtime),
        database_(database),
        governance_(governance),
        records_(records),
        people_(std::move(people)) {}

  /// `forbidden` unless a registrar or archivist of the authority asks.
  Task<Result<ImportReport>> run(ImportRequest request);

 private:
  Task<Result<ImportReport>> look(ImportRequest const& request);
  Task<Result<>> write(ImportRequest const& request, ImportReport const& report);
  [[nodiscard]] NewRecord record_of(ImportRequest const& request, ImportLine const& line);

  Runtime& runtime_;
  db::Database& database_;
  governance::Governance const& governance_;
  Register& records_;
  People people_;
};

[[nodiscard]] json::object to_json(ImportReport const& report);

}  // namespace torg::records
