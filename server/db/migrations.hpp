#pragma once
#include "db/connection.hpp"

namespace torg::db {

/// The text of a migration in the dialect of one database (`Migration` lists the placeholders).
[[nodiscard]] std::string migration_text(std::string_view sql, Database::Kind kind);

/// Applies those of `migrations` that are missing, all in one transaction. Fails without touching anything
/// when the database has one that is not among them.
[[nodiscard]] Result<> apply_migrations(Connection& connection, std::span<Migration const> migrations);

}  // namespace torg::db
