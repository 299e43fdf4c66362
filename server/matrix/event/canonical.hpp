#pragma once
#include "base/json.hpp"

namespace torg::matrix {

/// Canonical JSON: keys sorted by code point, shortest form, integers in [-(2^53)+1, 2^53-1] only.
/// @return `bad_json` for a float or an integer out of range
/// @see https://spec.matrix.org/v1.19/appendices/#canonical-json
[[nodiscard]] Result<std::string> canonical_json(json::value const& value);
/// The same for an object at hand (an object would be copied to become a value).
[[nodiscard]] Result<std::string> canonical_json(json::object const& object);

}  // namespace torg::matrix
