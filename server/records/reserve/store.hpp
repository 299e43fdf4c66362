#pragma once
#include "records/reserve/reserve.hpp"

// What only the acts of this folder write.
namespace torg::records::reserve_store {

/// @return its id
[[nodiscard]] std::int64_t add(db::Transaction& transaction, Reserve const& request, std::int64_t log_index,
                               std::vector<ReservedNumber> const& numbers);
/// @return false when it is not open any more
[[nodiscard]] bool set_void(db::Transaction& transaction, VoidNumbers const& request, std::string_view number,
                            std::int64_t log_index);

}  // namespace torg::records::reserve_store
