// What the rows of both tables say about each other.
#include "governance/zone.hpp"
#include "records/plan/columns.hpp"
#include "records/register/titles.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

namespace torg::records {
namespace {

using ByCode = std::map<std::string, std::vector<ClassRow const*>, std::less<>>;

ByCode by_code(std::vector<ClassRow> const& classes) {
  ByCode found;
  for (auto const& row : classes) found[row.code].push_back(&row);
  return found;
}

void check_overlaps(ByCode const& codes, Problems& problems) {
  for (auto const& [code, rows] : codes) {
    for (std::size_t n = 1; n < rows.size(); ++n) {
      for (std::size_t before = 0; before < n; ++before) {
        if (!overlap(rows[before]->valid, rows[n]->valid)) continue;
        problems.add(rows[n]->row, "overlapping_validity",
                     {fmt::format("Koden {} gäller samtidigt på rad {}.", code, rows[before]->row),
                      fmt::format("The code {} holds at the same time in row {}.", code, rows[before]->row)},
                     rows[before]->row);
      }
    }
  }
}

/// Both are about one process and type on some day: the same thing twice, or two different things.
void compare(PlanRow const& before, PlanRow const& row, Problems& problems) {
  auto const same = [&](auto member) { return std::invoke(member, before) == std::invoke(member, row); };
  bool const agree = same(&PlanRow::where) && same(&PlanRow::disposition) && same(&PlanRow::period) &&
                     same(&PlanRow::trigger) && same(&PlanRow::decision);
  if (agree) {
    problems.add(row.row, "row_twice",
                 {fmt::format("Samma process och handlingstyp som rad {}.", before.row),
                  fmt::format("The same process and record type as row {}.", before.row)},
                 before.row);
    return;
  }
  auto const of = [](PlanRow const& one) {
    return fmt::format("{} {} {}", to_text(one.where), to_text(one.disposition), one.period);
  };
  problems.add(row.row, "contradicting_rows",
               {fmt::format("”{}” i {}: {} här, {} på rad {}.", row.type.sv, row.process, trimmed(of(row)),
                            trimmed(of(before)), before.row),
                fmt::format("“{}” in {}: {} here, {} in row {}.", row.type.en, row.process, trimmed(of(row)),
                            trimmed(of(before)), before.row)},
               before.row);
}

void check_lists(std::vector<PlanRow> const& rows, Problems& problems) {
  std::map<std::string, PlanRow const*> lists;
  for (auto const& row : rows) {
    if (row.list.empty()) continue;
    auto const [place, first] = lists.emplace(row.list, &row);
    if (first || !overlap(place->second->valid, row.valid)) continue;
    problems.add(row.row, "list_twice",
                 {fmt::format("Listan {} står redan på rad {}.", row.list, place->second->row),
                  fmt::format("The list {} stands in row {} already.", row.list, place->second->row)},
                 place->second->row);
  }
}

/// Problems of one row stay in their order.
void sort_by_row(std::vector<PlanProblem>& problems) {
  std::multimap<std::pair<PlanProblem::Table, std::int64_t>, PlanProblem> sorted;
  for (auto& one : problems) sorted.emplace(std::pair(one.table, one.row), std::move(one));
  problems.clear();
  for (auto& [place, one] : sorted) problems.push_back(std::move(one));
}

}  // namespace

void check_classes(std::vector<ClassRow> const& classes, Problems& problems) {
  auto const codes = by_code(classes);
  check_overlaps(codes, problems);
  for (auto const& row : classes) {
    if (row.parent.empty()) {
      if (row.level > 1)
        problems.add(row.row, "missing_parent",
                     {fmt::format("Koden {} på nivå {} har ingen överordnad.", row.code, row.level),
                      fmt::format("The code {} of level {} has no parent.", row.code, row.level)});
      continue;
    }
    auto const parent = codes.find(row.parent);
    if (parent == codes.end()) {
      problems.add(row.row, "missing_parent",
                   {fmt::format("Den överordnade koden {} finns inte.", row.parent),
                    fmt::format("The parent code {} is not there.", row.parent)});
    } else if (parent->second.front()->level != row.level - 1) {
      problems.add(row.row, "wrong_level",
                   {fmt::format("Nivån ska vara en mer än för {}.", row.parent),
                    fmt::format("The level must be one more than that of {}.", row.parent)},
                   parent->second.front()->row);
    }
  }
}

void check_rows(PlanTables const& tables, Problems& problems) {
  auto const codes = by_code(tables.classes);
  std::map<std::pair<std::string, std::string>, std::vector<PlanRow const*>> seen;
  for (auto const& row : tables.rows) {
    if (row.process.empty() || !codes.contains(row.process)) {
      problems.add(row.row, "unknown_process",
                   {fmt::format("Processkoden ”{}” finns inte i klassificeringen.", row.process),
                    fmt::format("The process code “{}” is not in the classification.", row.process)});
    }
    auto& earlier = seen[{row.process, folded(row.type.sv)}];
    for (auto const* before : earlier) {
      if (overlap(before->valid, row.valid)) compare(*before, row, problems);
    }
    earlier.push_back(&row);
  }
  check_lists(tables.rows, problems);
}

Result<ReadPlan> read_plan(std::string_view classification, std::string_view plan) {
  auto const class_table = read_csv(classification);
  if (!class_table) return std::unexpected(class_table.error());
  auto const plan_table = read_csv(plan);
  if (!plan_table) return std::unexpected(plan_table.error());
  ReadPlan read;
  Problems of_classes(PlanProblem::Table::classification, read.problems);
  Problems of_rows(PlanProblem::Table::plan, read.problems);
  if (class_table->empty())
    of_classes.add(1, "empty", {"Klassificeringen är tom.", "The classification is empty."});
  if (plan_table->empty()) of_rows.add(1, "empty", {"Planen är tom.", "The plan is empty."});
  read.tables.classes = read_classes(*class_table, of_classes);
  read.tables.rows = read_rows(*plan_table, of_rows);
  check_classes(read.tables.classes, of_classes);
  check_rows(read.tables, of_rows);
  sort_by_row(read.problems);
  return read;
}

}  // namespace torg::records
