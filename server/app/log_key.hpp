#pragma once
#include "crypto/keys.hpp"
#include "db/database.hpp"

#include <filesystem>

namespace torg::app {

/// The key that signs the log's heads, made at the first start; it lies apart from the federation key
/// (architecture, "Data directory"). Goes on with a change of key that a crash interrupted: the new one
/// counts once the log has its entry.
[[nodiscard]] Result<crypto::SigningKey> log_key(Runtime& runtime, db::Database& database,
                                                 std::filesystem::path const& keys);

/// A key to come, durable beside the one in force.
[[nodiscard]] Result<crypto::SigningKey> next_log_key(Runtime& runtime, std::filesystem::path const& keys);
/// Puts it in the place of the old one, which is gone then.
[[nodiscard]] Result<> use_next_log_key(std::filesystem::path const& keys);

}  // namespace torg::app
