#include "records/register/saved_searches.hpp"

namespace torg::records::saved_search_store {
namespace {

constexpr db::Statement kOf{
    "SELECT id, name, query, at FROM register_saved_search WHERE user_nid = $1 ORDER BY name, id"};
constexpr db::Statement kCount{"SELECT count(*) FROM register_saved_search WHERE user_nid = $1"};
constexpr db::Statement kAdd{
    "INSERT INTO register_saved_search (user_nid, name, query, at) VALUES ($1, $2, $3, $4) RETURNING id"};
constexpr db::Statement kForgetNamed{"DELETE FROM register_saved_search WHERE user_nid = $1 AND name = $2"};
constexpr db::Statement kForget{"DELETE FROM register_saved_search WHERE user_nid = $1 AND id = $2"};

std::int64_t first_integer(db::Row const& row) { return row.integer(0); }

}  // namespace

std::vector<SavedSearch> of(db::Reader& reader, UserNid user) {
  std::vector<SavedSearch> found;
  reader.query(kOf, {user}, [&](db::Row const& row) {
    auto query = parse_json_object(row.text(2));
    found.push_back({row.integer(0), row.string(1), query ? std::move(*query) : json::object(),
                     instant_from_ms(row.integer(3))});
  });
  return found;
}

Result<SavedSearch> save(db::Transaction& transaction, UserNid user, SavedSearch search) {
  transaction.execute(kForgetNamed, {user, search.name});
  if (transaction.query_one(kCount, {user}, first_integer).value_or(0) >= kMost)
    return fail(ErrorCode::conflict, "You have saved a hundred searches. Remove one first.");
  search.id = transaction
                  .query_one(kAdd, {user, search.name, json::serialize(search.query), to_ms(search.at)},
                             first_integer)
                  .value();
  return search;
}

Result<> forget(db::Transaction& transaction, UserNid user, std::int64_t id) {
  if (transaction.execute(kForget, {user, id}) == 0)
    return fail(ErrorCode::not_found, "You have no such saved search.");
  return {};
}

}  // namespace torg::records::saved_search_store
