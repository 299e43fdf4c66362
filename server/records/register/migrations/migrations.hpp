#pragma once
#include "db/database.hpp"

#include <span>

namespace torg::records {

/// Slice `register`.
[[nodiscard]] std::span<db::Migration const> register_migrations();

}  // namespace torg::records
