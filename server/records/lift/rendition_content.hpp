#pragma once
#include "records/register/views.hpp"
#include "records/rendition/content.hpp"

namespace torg::records {

/// What a rendition shows of a record, read from its manifest: messages with their earlier wordings and reactions.
/// @return `bad_json` when the manifest is not one of `manifest_json`
[[nodiscard]] Result<RenditionContent> rendition_content(RecordView record, std::string_view manifest);

}  // namespace torg::records
