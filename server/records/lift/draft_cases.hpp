#pragma once
#include "records/lift/draft.hpp"

// The part of a draft that looks at what is there already.
namespace torg::records {

/// The plan's case, else the open case that shares most telling words with the text; class with it.
void guess_case(DraftInput const& input, std::string_view text, Prefilled& out);
/// Records that hold one of the items, or bear nearly the same title.
[[nodiscard]] std::vector<RecordCandidate> duplicates_of(DraftInput const& input, std::string_view title);

}  // namespace torg::records
