#pragma once
#include "records/lift/draft.hpp"
#include "records/plan/plans.hpp"

namespace torg::records {

/// Puts what the information plan says of the guessed class and type into a draft: the type by its name
/// there, where such records go and how long they live, and the provisions that may apply, as hints; a plan
/// marks nothing.
void fill_from_plan(InformationPlans const& plans, AuthorityId authority, Prefilled& prefilled);

/// The row as the API shows it beside a draft or a record, with the version it is of.
[[nodiscard]] json::object plan_json(PlanChoice const& choice);

/// A field that the plan asks for and a draft does not have.
struct MissingField {
  std::string field;
  Bilingual why;
};
/// None when the plan asks for nothing, or all is there.
[[nodiscard]] std::optional<MissingField> missing_field(InformationPlans const& plans, AuthorityId authority,
                                                        Draft const& draft);

}  // namespace torg::records
