#pragma once
#include "records/plan/table.hpp"

#include <map>

namespace torg::records {

/// Collects what is wrong with one table.
class Problems {
 public:
  Problems(PlanProblem::Table table, std::vector<PlanProblem>& into) : table_(table), into_(into) {}
  void add(std::int64_t row, std::string_view code, Bilingual text, std::int64_t other_row = 0) {
    into_.push_back({table_, row, other_row, code, std::move(text)});
  }

 private:
  PlanProblem::Table table_;
  std::vector<PlanProblem>& into_;
};

/// A table's cells by the names in its first row.
class Columns {
 public:
  /// Says which of `needed` are missing.
  Columns(CsvRow const& head, std::vector<std::string_view> const& needed, Problems& problems);
  [[nodiscard]] bool complete() const { return complete_; }
  [[nodiscard]] std::size_t count() const { return count_; }
  /// Empty where the table or the row has none; without blanks around it.
  [[nodiscard]] std::string cell(CsvRow const& row, std::string_view name) const;

 private:
  std::map<std::string, std::size_t, std::less<>> places_;
  std::size_t count_ = 0;
  bool complete_ = true;
};

[[nodiscard]] std::string trimmed(std::string_view text);
/// `valid_from` and `valid_to` of a row.
[[nodiscard]] Validity read_validity(Columns const& columns, CsvRow const& row, Problems& problems);
/// Whether both hold on some day.
[[nodiscard]] bool overlap(Validity const& a, Validity const& b);

[[nodiscard]] std::vector<ClassRow> read_classes(std::vector<CsvRow> const& rows, Problems& problems);
[[nodiscard]] std::vector<PlanRow> read_rows(std::vector<CsvRow> const& rows, Problems& problems);
/// What the rows say about each other.
void check_classes(std::vector<ClassRow> const& classes, Problems& problems);
void check_rows(PlanTables const& tables, Problems& problems);

}  // namespace torg::records
