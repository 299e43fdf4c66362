#pragma once
#include "db/database.hpp"

#include <span>

namespace torg::records {

[[nodiscard]] std::span<db::Migration const> disposal_migrations();

}  // namespace torg::records
