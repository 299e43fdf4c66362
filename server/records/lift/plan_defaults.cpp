#include "records/lift/plan_defaults.hpp"

#include "governance/zone.hpp"
#include "records/register/contains.hpp"
#include "records/secrecy/provisions.hpp"

#include <fmt/format.h>

namespace torg::records {
namespace {

bool blank(std::string const& text) { return text.find_first_not_of(' ') == std::string::npos; }

bool lacks(Draft const& draft, std::string_view field) {
  if (field == "internal_title") return blank(draft.internal_title);
  if (field == "sender") return blank(draft.sender);
  if (field == "recipient") return blank(draft.recipient);
  if (field == "classification") return blank(draft.classification);
  if (field == "case") return std::holds_alternative<std::monostate>(draft.of_case);
  return field == "secrecy" && !draft.secrecy;
}

/// A field as a person calls it.
Bilingual name_of(std::string_view field) {
  if (field == "internal_title") return {"intern rubrik", "an internal title"};
  if (field == "sender") return {"avsändare", "a sender"};
  if (field == "recipient") return {"mottagare", "a recipient"};
  if (field == "classification") return {"klassificering", "a classification"};
  if (field == "case") return {"ärende", "a case"};
  return {"sekretessmarkering", "a secrecy marking"};
}

}  // namespace

json::object plan_json(PlanChoice const& choice) {
  auto shown = to_json(*choice.row);
  shown["version"] = choice.version->id.value;
  shown["version_from"] = governance::to_text(choice.version->valid_from);
  return shown;
}

void fill_from_plan(InformationPlans const& plans, AuthorityId authority, Prefilled& prefilled) {
  auto& draft = prefilled.draft;
  auto const found = plans.guess(authority, draft.classification, draft.record_type);
  if (!found) return;
  auto const& row = *found->row;
  draft.record_type = row.type.sv;
  prefilled.sources["record_type"] = {fmt::format("ur informationshanteringsplanen, rad {}", row.row),
                                      fmt::format("from the information plan, row {}", row.row)};
  prefilled.plan = plan_json(*found);
  auto const* provision = find_provision(row.secrecy);
  if (provision == nullptr) return;
  bool const hinted = contains(prefilled.secrecy_hints, provision->cite,
                               [](auto const& hint) -> std::string const& { return hint.first; });
  if (hinted) return;
  prefilled.secrecy_hints.emplace_back(provision->cite,
                                       Bilingual{"Planen nämner bestämmelsen för den här handlingstypen.",
                                                 "The plan names the provision for this record type."});
}

std::optional<MissingField> missing_field(InformationPlans const& plans, AuthorityId authority,
                                          Draft const& draft) {
  auto const found = plans.find(authority, draft.classification, draft.record_type);
  if (!found) return std::nullopt;
  for (auto const& field : found->row->mandatory) {
    if (!lacks(draft, field)) continue;
    auto const name = name_of(field);
    return MissingField{
        field,
        {fmt::format("Planen kräver {} för handlingstypen {}.", name.sv, found->row->type.sv),
         fmt::format("The plan asks for {} with the record type {}.", name.en, found->row->type.en)}};
  }
  return std::nullopt;
}

}  // namespace torg::records
