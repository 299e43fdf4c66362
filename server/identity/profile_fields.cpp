#include "identity/profile_fields.hpp"

#include "identity/profile_fields_store.hpp"
#include "identity/store.hpp"

#include <algorithm>

namespace torg::identity {

Result<> check_profile_key(std::string_view name) {
  if (name.size() > kLongestProfileKey)
    return fail(ErrorCode::key_too_large, "The name of a profile field has at most 255 bytes.");
  if (name == kDisplayname || name == kAvatarUrl) return {};
  auto const is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  auto const fits = [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  };
  bool const namespaced = name.contains('.') && !name.contains("..") && !name.ends_with('.');
  if (namespaced && is_letter(name.front()) && std::ranges::all_of(name, fits)) return {};
  return fail(
      ErrorCode::invalid_param,
      "The name of a profile field must be like org.example.name: small letters, digits, -, _ and dots.");
}

Task<Result<json::object>> ProfileFields::all(UserNid user) const {
  return database_.read([user](db::Reader& reader) { return store::profile_fields(reader, user); });
}

Task<Result<std::string>> ProfileFields::get(UserNid user, std::string name) const {
  auto value =
      co_await database_.read([&](db::Reader& reader) { return store::profile_field(reader, user, name); });
  if (!value) co_return fail(std::move(value));
  if (!*value) co_return fail(ErrorCode::not_found, "This profile doesn't say so.");
  co_return std::move(**value);
}

Task<Result<>> ProfileFields::put(UserNid user, std::string name, json::value value) {
  auto text = json::serialize(value);
  if (text.size() > kLargestProfile)
    co_return fail(ErrorCode::profile_too_large, "Your profile would be larger than 64 KiB.");
  co_return co_await database_.write(
      [user, name = std::move(name), text = std::move(text)](db::Transaction& transaction) -> Result<> {
        if (!store::is_active(transaction, user))
          return fail(ErrorCode::not_found, "There is no such user here.");
        store::put_profile_field(transaction, user, name, text);
        return store::check_profile_size(transaction, user);
      });
}

Task<Result<>> ProfileFields::remove(UserNid user, std::string name) {
  co_return co_await database_.write(
      [user, name = std::move(name)](db::Transaction& transaction) -> Result<> {
        store::delete_profile_field(transaction, user, name);
        return {};
      });
}

void ProfileFields::forget_user(db::Transaction& transaction, UserNid user) {
  store::delete_profile_fields(transaction, user);
}

}  // namespace torg::identity
