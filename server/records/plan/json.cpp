#include "governance/zone.hpp"
#include "records/plan/table.hpp"

namespace torg::records {
namespace {

json::object words(Bilingual const& text) { return {{"sv", text.sv}, {"en", text.en}}; }

json::value day_or_null(std::optional<Day> const& day) {
  return day ? json::value(json::string_view(governance::to_text(*day))) : json::value(nullptr);
}

}  // namespace

json::object to_json(PlanProblem const& problem) {
  bool const in_plan = problem.table == PlanProblem::Table::plan;
  return {{"table", in_plan ? "plan" : "classification"},
          {"row", problem.row},
          {"other_row", problem.other_row == 0 ? json::value(nullptr) : json::value(problem.other_row)},
          {"code", problem.code},
          {"text", words(problem.text)}};
}

json::object to_json(ClassRow const& row) {
  return {{"row", row.row},
          {"code", row.code},
          {"parent", row.parent},
          {"level", row.level},
          {"title", words(row.title)},
          {"note", words(row.note)},
          {"valid_from", day_or_null(row.valid.from)},
          {"valid_to", day_or_null(row.valid.to)}};
}

json::object to_json(PlanRow const& row) {
  json::array mandatory;
  for (auto const& field : row.mandatory) mandatory.emplace_back(field);
  return {{"row", row.row},
          {"process", row.process},
          {"record_type", words(row.type)},
          {"where", to_text(row.where)},
          {"place", row.place},
          {"series", row.series},
          {"format", row.format},
          {"disposition", to_text(row.disposition)},
          {"period", row.period},
          {"trigger", row.trigger},
          {"decision", row.decision},
          {"archive_transfer", row.archive_transfer},
          {"secrecy", row.secrecy},
          {"personal_data", row.personal_data},
          {"owner", row.owner},
          {"remark", row.remark},
          {"mandatory_fields", std::move(mandatory)},
          {"list", row.list},
          {"valid_from", day_or_null(row.valid.from)},
          {"valid_to", day_or_null(row.valid.to)}};
}

}  // namespace torg::records
