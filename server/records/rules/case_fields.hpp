#pragma once
#include "base/json.hpp"
#include "records/rules/case_file.hpp"

// The fields of a case's `inputs`, by name.
namespace torg::records {

/// Fills `item` and `matter` from `inputs`. `invalid_param` for an unknown field, a value of the wrong type,
/// or a word that isn't one of those there are.
[[nodiscard]] Result<> read_inputs(json::object const& inputs, WorkedCase& out);

/// Whether this act is about an item's status.
[[nodiscard]] bool is_item_act(std::string_view act);

/// Whether words of a text say that it is advertising, so plainly of little importance (R22).
[[nodiscard]] bool says_advertising(std::string_view text);

}  // namespace torg::records
