#pragma once
#include "records/assessment/line.hpp"
#include "records/assessment/service.hpp"
#include "records/lift/lifts.hpp"

namespace torg::records {

/// What assessment shows of the register and of lifts under way; `lifts` outlives it.
[[nodiscard]] RegisterLinks register_links(Lifts const& lifts);
/// The prefilled drafts of lines of the queue; `lifts` outlives it.
[[nodiscard]] DraftsOfLines drafts_of_lines(Lifts& lifts);

/// Whether a record or something still at the desk needs the blob's bytes.
[[nodiscard]] bool uses_blob(db::Reader& reader, db::BlobId const& blob);

}  // namespace torg::records
