#pragma once
#include "base/json.hpp"
#include "matrix/event/room_version.hpp"

namespace torg::matrix {

/// Canonical JSON: keys sorted by code point, shortest form, integers in [-(2^53)+1, 2^53-1] only.
/// @return `bad_json` for a float or an integer out of range
/// @see https://spec.matrix.org/v1.19/appendices/#canonical-json
[[nodiscard]] Result<std::string> canonical_json(json::value const& value);
/// The same for an object at hand (an object would be copied to become a value). `Numbers::any` is for events
/// of room versions 1 to 5: any number has a form there, a float the shortest that reads back as the same.
[[nodiscard]] Result<std::string> canonical_json(json::object const& object,
                                                 Numbers numbers = Numbers::canonical);

}  // namespace torg::matrix
