#include "records/plan/changes.hpp"

#include "records/register/titles.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace torg::records {
namespace {

auto key_of(PlanRow const& row) {
  return std::tuple(row.process, folded(row.type.sv), row.valid.from.value_or(Day{}));
}
auto key_of(ClassRow const& row) { return std::tuple(row.code, row.valid.from.value_or(Day{})); }

template <class Row>
auto by_key(std::vector<Row> const& rows) {
  std::map<decltype(key_of(rows.front())), Row const*> found;
  for (auto const& row : rows) found.emplace(key_of(row), &row);
  return found;
}

/// What both say, without the place in the table.
template <class Row>
json::object said(Row const& row) {
  auto object = to_json(row);
  object.stable_erase("row");
  return object;
}

std::vector<ChangedRow::Field> fields_between(PlanRow const& before, PlanRow const& after) {
  std::vector<ChangedRow::Field> fields;
  auto const was = said(before), is = said(after);
  for (auto const& member : is) {
    auto const& from = was.at(member.key());
    if (from != member.value()) fields.push_back({std::string(member.key()), from, member.value()});
  }
  return fields;
}

bool holds_on(Validity const& valid, Day day) {
  return (!valid.from || *valid.from <= day) && (!valid.to || day <= *valid.to);
}

template <class Row>
json::array to_array(std::vector<Row> const& rows) {
  json::array shown;
  for (auto const& row : rows) shown.push_back(to_json(row));
  return shown;
}

}  // namespace

PlanChanges changes_between(PlanTables const& before, PlanTables const& after) {
  PlanChanges changes;
  auto const old_rows = by_key(before.rows), new_rows = by_key(after.rows);
  for (auto const& [key, row] : new_rows) {
    auto const old = old_rows.find(key);
    if (old == old_rows.end()) {
      changes.added.push_back(*row);
    } else if (auto fields = fields_between(*old->second, *row); !fields.empty()) {
      changes.changed.push_back({*old->second, *row, std::move(fields)});
    }
  }
  for (auto const& [key, row] : old_rows)
    if (!new_rows.contains(key)) changes.removed.push_back(*row);
  auto const old_classes = by_key(before.classes), new_classes = by_key(after.classes);
  for (auto const& [key, row] : new_classes) {
    auto const old = old_classes.find(key);
    if (old == old_classes.end())
      changes.classes_added.push_back(*row);
    else if (said(*old->second) != said(*row))
      changes.classes_changed.push_back(*row);
  }
  for (auto const& [key, row] : old_classes)
    if (!new_classes.contains(key)) changes.classes_removed.push_back(*row);
  return changes;
}

std::set<std::string> PlanChanges::concerned() const {
  std::set<std::string> codes;
  for (auto const& row : removed) codes.insert(row.process);
  for (auto const& row : changed) codes.insert(row.after.process);
  for (auto const& row : classes_removed) codes.insert(row.code);
  for (auto const& row : classes_changed) codes.insert(row.code);
  return codes;
}

json::object to_json(PlanChanges const& changes) {
  json::array changed;
  for (auto const& row : changes.changed) {
    json::array fields;
    for (auto const& field : row.fields)
      fields.push_back(json::object{{"name", field.name}, {"from", field.from}, {"to", field.to}});
    changed.push_back(json::object{{"row", to_json(row.after)}, {"fields", std::move(fields)}});
  }
  return {{"added", to_array(changes.added)},
          {"removed", to_array(changes.removed)},
          {"changed", std::move(changed)},
          {"classes_added", to_array(changes.classes_added)},
          {"classes_removed", to_array(changes.classes_removed)},
          {"classes_changed", to_array(changes.classes_changed)}};
}

PlanRow const* find_row(PlanTables const& tables, std::string_view process, std::string_view type, Day day) {
  auto const wanted = folded(type);
  auto const found = std::ranges::find_if(tables.rows, [&](PlanRow const& row) {
    bool const named = folded(row.type.sv) == wanted || folded(row.type.en) == wanted;
    return named && row.process == process && holds_on(row.valid, day);
  });
  return found == tables.rows.end() ? nullptr : &*found;
}

PlanRow const* guess_row(PlanTables const& tables, std::string_view process, std::string_view type, Day day) {
  if (auto const* exact = find_row(tables, process, type, day)) return exact;
  auto const wanted = folded(type);
  std::vector<PlanRow const*> beginning, holding;
  for (auto const& row : tables.rows) {
    if (row.process != process || wanted.empty() || !holds_on(row.valid, day)) continue;
    auto const name = folded(row.type.sv);
    if (name.starts_with(wanted)) beginning.push_back(&row);
    if (name.contains(wanted)) holding.push_back(&row);
  }
  if (beginning.size() == 1) return beginning.front();
  return holding.size() == 1 ? holding.front() : nullptr;
}

PlanRow const* row_of_list(PlanTables const& tables, std::string_view list, Day day) {
  auto const found = std::ranges::find_if(
      tables.rows, [&](PlanRow const& row) { return row.list == list && holds_on(row.valid, day); });
  return found == tables.rows.end() ? nullptr : &*found;
}

}  // namespace torg::records
