#pragma once
#include "records/register/people.hpp"
#include "records/register/register.hpp"
#include "records/rendition/renditions.hpp"

namespace torg::records {

/// What a rendition shows of a record, read from its manifest; pure. Members it does not know are left out:
/// the manifest itself stays beside the rendition.
[[nodiscard]] RenditionContent content_from(RecordView record, std::string_view manifest,
                                            People const& people);

/// Renditions of the register's records, kept and logged by the register.
[[nodiscard]] RenditionRegister rendition_register(Register& reg, governance::Governance const& governance,
                                                   People people);

}  // namespace torg::records
