#pragma once
#include "db/database.hpp"
#include "records/register/query.hpp"

#include <optional>
#include <span>
#include <string_view>

/// All SQL of the portal: finding entries by their address.
namespace torg::portal::store {

/// `path` as `path_of_number` makes it, decoded: `KS/2026/00123/8`.
[[nodiscard]] std::optional<RecordId> record_at(db::Reader& reader, std::string_view path);
[[nodiscard]] std::optional<CaseId> case_at(db::Reader& reader, std::string_view path);

}  // namespace torg::portal::store

namespace torg::portal {
/// After those of the register.
[[nodiscard]] std::span<db::Migration const> migrations();
}  // namespace torg::portal
