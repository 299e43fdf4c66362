#pragma once
#include "base/ids.hpp"

#include <span>
#include <string>
#include <vector>

namespace torg::matrix {

/// A few event numbers as bytes: LEB128, each as its difference to the one before (signed, zigzag).
[[nodiscard]] std::string pack_nids(std::span<EventNid const> nids);
/// @pre `bytes` came from `pack_nids`
[[nodiscard]] std::vector<EventNid> unpack_nids(std::string_view bytes);

}  // namespace torg::matrix
