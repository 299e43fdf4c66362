#include "records/plan/columns.hpp"

#include "governance/zone.hpp"
#include "records/register/titles.hpp"

#include <fmt/format.h>

namespace torg::records {

std::string trimmed(std::string_view text) {
  auto const from = text.find_first_not_of(" \t\r\n");
  if (from == std::string_view::npos) return {};
  return std::string(text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1));
}

Columns::Columns(CsvRow const& head, std::vector<std::string_view> const& needed, Problems& problems)
    : count_(head.cells.size()) {
  for (std::size_t n = 0; n < head.cells.size(); ++n) {
    auto const name = folded(trimmed(head.cells[n]));
    if (name.empty() || places_.emplace(name, n).second) continue;
    problems.add(head.number, "column_twice",
                 {fmt::format("Kolumnen {} finns två gånger.", name),
                  fmt::format("The column {} is there twice.", name)});
    complete_ = false;
  }
  for (auto const name : needed) {
    if (places_.contains(name)) continue;
    problems.add(head.number, "column_missing",
                 {fmt::format("Kolumnen {} saknas.", name), fmt::format("The column {} is missing.", name)});
    complete_ = false;
  }
}

std::string Columns::cell(CsvRow const& row, std::string_view name) const {
  auto const place = places_.find(name);
  if (place == places_.end() || place->second >= row.cells.size()) return {};
  return trimmed(row.cells[place->second]);
}

Validity read_validity(Columns const& columns, CsvRow const& row, Problems& problems) {
  Validity valid;
  for (auto const& [name, target] : {std::pair(std::string_view("valid_from"), &valid.from),
                                     std::pair(std::string_view("valid_to"), &valid.to)}) {
    auto const text = columns.cell(row, name);
    *target = governance::parse_day(text);
    if (*target || text.empty()) continue;
    problems.add(row.number, "bad_day",
                 {fmt::format("{} är ingen dag: ”{}”. Skriv 2026-01-01.", name, text),
                  fmt::format("{} is no day: “{}”. Write 2026-01-01.", name, text)});
  }
  if (valid.from && valid.to && *valid.to < *valid.from) {
    problems.add(row.number, "ends_before_it_begins",
                 {"Raden slutar gälla innan den börjar.", "The row ends before it begins."});
  }
  return valid;
}

bool overlap(Validity const& a, Validity const& b) {
  bool const a_ended = a.to && b.from && *a.to < *b.from;
  bool const b_ended = b.to && a.from && *b.to < *a.from;
  return !a_ended && !b_ended;
}

}  // namespace torg::records
