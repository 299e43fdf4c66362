#pragma once
#include "records/plan/table.hpp"

#include <set>

namespace torg::records {

/// A row that says something else than before, field by field as the API names them.
struct ChangedRow {
  PlanRow before, after;
  struct Field {
    std::string name;
    json::value from, to;
  };
  std::vector<Field> fields;
};

/// What a version changes, before it takes effect. A row is the same row by process, record type and first
/// day.
struct PlanChanges {
  std::vector<PlanRow> added, removed;
  std::vector<ChangedRow> changed;
  std::vector<ClassRow> classes_added, classes_removed, classes_changed;
  /// Process codes whose rooms and items are concerned: a class or row of theirs went or changed.
  [[nodiscard]] std::set<std::string> concerned() const;
};
[[nodiscard]] PlanChanges changes_between(PlanTables const& before, PlanTables const& after);
[[nodiscard]] json::object to_json(PlanChanges const& changes);

/// The row for a record type of a process on a day; null when the plan has none. Names in either language.
[[nodiscard]] PlanRow const* find_row(PlanTables const& tables, std::string_view process,
                                      std::string_view type, Day day);
/// The same for a guess from the words of a text: the type itself, or the only one of the process that begins
/// with it or holds it.
[[nodiscard]] PlanRow const* guess_row(PlanTables const& tables, std::string_view process,
                                       std::string_view type, Day day);
/// Which row holds for a list that the server keeps (R14).
[[nodiscard]] PlanRow const* row_of_list(PlanTables const& tables, std::string_view list, Day day);

}  // namespace torg::records
