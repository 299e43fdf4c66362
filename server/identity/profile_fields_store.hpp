#pragma once
// All SQL about what a profile says besides name and picture.
#include "base/json.hpp"
#include "db/database.hpp"
#include "identity/types.hpp"

namespace torg::identity::store {

/// By name; the values as they were sent.
[[nodiscard]] json::object profile_fields(db::Reader& reader, UserNid user);
/// The JSON text of one.
[[nodiscard]] std::optional<std::string> profile_field(db::Reader& reader, UserNid user,
                                                       std::string_view name);
void put_profile_field(db::Transaction& transaction, UserNid user, std::string_view name,
                       std::string_view value);
void delete_profile_field(db::Transaction& transaction, UserNid user, std::string_view name);
void delete_profile_fields(db::Transaction& transaction, UserNid user);

/// `profile_too_large` when the whole profile, name and picture included, is larger than `kLargestProfile`
/// bytes of JSON. Asked after a write, which it then undoes.
[[nodiscard]] Result<> check_profile_size(db::Transaction& transaction, UserNid user);

}  // namespace torg::identity::store
