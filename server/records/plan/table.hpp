#pragma once
#include "base/json.hpp"
#include "records/rules/types.hpp"
#include "records/text/csv.hpp"

// A classification and an information plan as their tables say them. Pure.
namespace torg::records {

/// What can't stand in a table, with the row as a spreadsheet counts. All of a table's problems are shown at
/// once.
struct PlanProblem {
  enum class Table : std::uint8_t { classification, plan };
  Table table = Table::plan;
  std::int64_t row = 0;
  std::int64_t other_row = 0;  ///< what it contradicts; 0: nothing
  std::string_view code;       ///< `period_without_trigger`
  Bilingual text;
};

/// From and to which day a row holds; none: as long as its version does.
struct Validity {
  std::optional<Day> from, to;
};

struct ClassRow {
  std::int64_t row = 0;
  std::string code, parent;
  int level = 0;
  Bilingual title, note;
  Validity valid;
};

enum class PlanWhere : std::uint8_t { registered, kept_ordered, trivial, working, not_public };
enum class Disposition : std::uint8_t { preserve, dispose, weed, expire };
[[nodiscard]] std::string_view to_text(PlanWhere where);
[[nodiscard]] std::string_view to_text(Disposition disposition);

/// A record type of a process: where it goes and how long it lives.
struct PlanRow {
  std::int64_t row = 0;
  std::string process;
  Bilingual type;
  PlanWhere where = PlanWhere::registered;
  std::string place;   ///< system or place
  std::string series;  ///< of the register, from `series KS`; empty: none said
  std::string format;
  Disposition disposition = Disposition::preserve;
  std::string period, trigger, decision, archive_transfer;
  std::string secrecy;  ///< provisions that may apply, as written
  std::string personal_data, owner, remark;
  std::vector<std::string> mandatory;  ///< fields of a draft that a record of this type must have
  std::string list;                    ///< which list kept continuously this row is about (R14); empty: none
  Validity valid;
};

/// The fields of a draft that a plan may ask for.
[[nodiscard]] std::vector<std::string_view> const& mandatory_fields();
/// A list that the server keeps itself: a record from when it is ready for its first row (TF 2:10, R14).
struct KeptList {
  std::string_view name;  ///< as the plan's column `list` names it
  Bilingual what;
};
[[nodiscard]] std::vector<KeptList> const& kept_lists();

struct PlanTables {
  std::vector<ClassRow> classes;
  std::vector<PlanRow> rows;
};
struct ReadPlan {
  PlanTables tables;  ///< rows that could be read, in their order
  std::vector<PlanProblem> problems;
};

/// Reads both and checks them against each other: unknown codes and parents, contradicting rows, periods
/// without trigger, disposal without decision (R51), a record type without retention, overlapping validity.
/// `invalid_param` when a text is no table at all.
[[nodiscard]] Result<ReadPlan> read_plan(std::string_view classification, std::string_view plan);

[[nodiscard]] json::object to_json(PlanProblem const& problem);
[[nodiscard]] json::object to_json(ClassRow const& row);
[[nodiscard]] json::object to_json(PlanRow const& row);

}  // namespace torg::records
