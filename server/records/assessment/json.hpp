#pragma once
#include "records/assessment/service.hpp"
#include "records/rules/explain.hpp"

namespace torg::records {

[[nodiscard]] json::object to_json(Bilingual const& text);

/// `Delivery` of docs/api-records.md, without its authority.
[[nodiscard]] json::object to_json(ShownDelivery const& handover);

/// What `Assessment` of the API needs beside the assessment itself.
struct AssessmentNames {
  governance::Governance const& governance;
  identity::Identity const& identity;
  SettingsByAuthority const& settings;
  Instant now{};
};
/// `Assessment` of docs/api-records.md.
[[nodiscard]] json::object to_json(ShownAssessment const& shown, AssessmentNames const& names);

/// The code of an authority; empty when there is none.
[[nodiscard]] std::string code_of(governance::Governance const& governance, AuthorityId id);
/// What people call a user: display name, else the id.
[[nodiscard]] std::string name_of(identity::Identity const& identity, UserNid user);

}  // namespace torg::records
