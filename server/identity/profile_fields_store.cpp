#include "identity/profile_fields_store.hpp"

#include "identity/profile_fields.hpp"

namespace torg::identity::store {
namespace {

using db::Statement;

constexpr Statement kFields{"SELECT name, value FROM profile_fields WHERE user_nid = $1 ORDER BY name"};
constexpr Statement kField{"SELECT value FROM profile_fields WHERE user_nid = $1 AND name = $2"};
constexpr Statement kPut{
    "INSERT INTO profile_fields (user_nid, name, value) VALUES ($1, $2, $3) "
    "ON CONFLICT (user_nid, name) DO UPDATE SET value = excluded.value"};
constexpr Statement kDelete{"DELETE FROM profile_fields WHERE user_nid = $1 AND name = $2"};
constexpr Statement kDeleteAll{"DELETE FROM profile_fields WHERE user_nid = $1"};
constexpr Statement kNameAndPicture{"SELECT displayname, avatar_url FROM accounts WHERE user_nid = $1"};

}  // namespace

json::object profile_fields(db::Reader& reader, UserNid user) {
  json::object fields;
  reader.query(kFields, {user}, [&](db::Row const& row) {
    auto value = parse_json(row.string(1));
    if (!value) throw db::Failure(ErrorCode::internal, "a stored profile field is not JSON");
    fields[row.string(0)] = std::move(*value);
  });
  return fields;
}

std::optional<std::string> profile_field(db::Reader& reader, UserNid user, std::string_view name) {
  return reader.query_one(kField, {user, name}, [](db::Row const& row) { return row.string(0); });
}

void put_profile_field(db::Transaction& transaction, UserNid user, std::string_view name,
                       std::string_view value) {
  transaction.execute(kPut, {user, name, value});
}

void delete_profile_field(db::Transaction& transaction, UserNid user, std::string_view name) {
  transaction.execute(kDelete, {user, name});
}

void delete_profile_fields(db::Transaction& transaction, UserNid user) {
  transaction.execute(kDeleteAll, {user});
}

Result<> check_profile_size(db::Transaction& transaction, UserNid user) {
  auto profile = profile_fields(transaction, user);
  transaction.query(kNameAndPicture, {user}, [&](db::Row const& row) {
    if (auto name = row.string(0); !name.empty()) profile[kDisplayname] = std::move(name);
    if (auto url = row.string(1); !url.empty()) profile[kAvatarUrl] = std::move(url);
  });
  if (json::serialize(profile).size() <= kLargestProfile) return {};
  return fail(ErrorCode::profile_too_large, "Your profile would be larger than 64 KiB.");
}

}  // namespace torg::identity::store
