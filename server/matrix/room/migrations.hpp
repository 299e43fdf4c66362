#pragma once
#include "db/database.hpp"

#include <span>

namespace torg::matrix {

[[nodiscard]] std::span<db::Migration const> room_migrations();

}  // namespace torg::matrix
