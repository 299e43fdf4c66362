#pragma once
#include "db/database.hpp"

#include <span>

namespace torg::identity {

/// The tables of this slice, in order.
[[nodiscard]] std::span<db::Migration const> migrations();

}  // namespace torg::identity
