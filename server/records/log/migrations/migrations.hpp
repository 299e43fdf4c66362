#pragma once
#include "db/database.hpp"

#include <span>

namespace torg::records {

/// Slice `log`.
[[nodiscard]] std::span<db::Migration const> log_migrations();

}  // namespace torg::records
