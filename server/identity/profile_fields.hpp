#pragma once
#include "base/json.hpp"
#include "db/database.hpp"
#include "identity/types.hpp"

namespace torg::identity {

inline constexpr std::string_view kDisplayname = "displayname";
inline constexpr std::string_view kAvatarUrl = "avatar_url";
inline constexpr std::string_view kTimeZone = "m.tz";
inline constexpr std::size_t kLongestProfileKey = 255;      ///< bytes
inline constexpr std::size_t kLargestProfile = 64 * 1'024;  ///< bytes of JSON, all fields together

/// Whether a profile may have a field of this name: the predefined ones, and what follows the grammar of
/// namespaced identifiers (`org.example.pronouns`). `key_too_large`, `invalid_param`.
/// @see https://spec.matrix.org/v1.19/appendices/#common-namespaced-identifier-grammar
[[nodiscard]] Result<> check_profile_key(std::string_view name);

/// What people say of themselves besides name and picture, which are in `Users`: any JSON under any name.
/// Rooms don't hear of it. On the executor.
/// @see https://spec.matrix.org/v1.19/client-server-api/#profiles
class ProfileFields {
 public:
  explicit ProfileFields(db::Database& database) : database_(database) {}

  /// All of a user's, by name.
  [[nodiscard]] Task<Result<json::object>> all(UserNid user) const;
  /// The JSON text of one; `not_found` when the profile has none of this name.
  [[nodiscard]] Task<Result<std::string>> get(UserNid user, std::string name) const;
  /// `profile_too_large`; `not_found` for users without an active account here. @pre the name is checked
  [[nodiscard]] Task<Result<>> put(UserNid user, std::string name, json::value value);
  /// Nothing happens when there is none.
  [[nodiscard]] Task<Result<>> remove(UserNid user, std::string name);

  /// Part of the write that ends an account.
  static void forget_user(db::Transaction& transaction, UserNid user);

 private:
  db::Database& database_;
};

}  // namespace torg::identity
