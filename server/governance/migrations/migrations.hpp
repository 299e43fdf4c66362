#pragma once
#include "db/database.hpp"

#include <span>

namespace torg::governance {

[[nodiscard]] std::span<db::Migration const> migrations();

}  // namespace torg::governance
