#include "identity/account_data_store.hpp"

namespace torg::identity::store {
namespace {

using db::Statement;

constexpr Statement kLastPositions{"SELECT user_nid, max(position) FROM account_data GROUP BY user_nid"};
constexpr Statement kOfType{"SELECT user_nid, content FROM account_data WHERE room_id = '' AND type = $1"};
constexpr Statement kOwners{"SELECT user_nid FROM account_data WHERE room_id = '' AND type = $1"};
constexpr Statement kPut{
    "INSERT INTO account_data (user_nid, room_id, type, content, position) VALUES ($1, $2, $3, $4, $5) "
    "ON CONFLICT (user_nid, room_id, type) DO UPDATE SET content = excluded.content, position = "
    "excluded.position"};
constexpr Statement kGet{
    "SELECT content FROM account_data WHERE user_nid = $1 AND room_id = $2 AND type = $3"};
constexpr Statement kCount{"SELECT count(*) FROM account_data WHERE user_nid = $1"};
constexpr Statement kSince{
    "SELECT room_id, type, content, position FROM account_data WHERE user_nid = $1 AND position > $2 ORDER "
    "BY position"};
constexpr Statement kInRoom{
    "SELECT room_id, type, content, position FROM account_data WHERE user_nid = $1 AND room_id = $2 ORDER "
    "BY position"};

constexpr Statement kSameFilter{"SELECT filter_id FROM filters WHERE user_nid = $1 AND definition = $2"};
constexpr Statement kCountFilters{"SELECT count(*) FROM filters WHERE user_nid = $1"};
// Filters are never deleted, so their count is the highest number given.
constexpr Statement kInsertFilter{
    "INSERT INTO filters (user_nid, filter_id, definition) VALUES ($1, $2, $3)"};
constexpr Statement kDeleteAll{"DELETE FROM account_data WHERE user_nid = $1"};
constexpr Statement kDeleteFilters{"DELETE FROM filters WHERE user_nid = $1"};
constexpr Statement kFilter{"SELECT definition FROM filters WHERE user_nid = $1 AND filter_id = $2"};

std::int64_t first_integer(db::Row const& row) { return row.integer(0); }
std::string first_text(db::Row const& row) { return row.string(0); }
AccountDataEntry entry_of(db::Row const& row) {
  return {.room_id = row.string(0),
          .type = row.string(1),
          .content = row.string(2),
          .position = row.number<Position>(3)};
}

}  // namespace

void each_last_account_data_position(db::Reader& reader, std::function<void(UserNid, Position)> const& use) {
  reader.query(kLastPositions, {},
               [&](db::Row const& row) { use(row.number<UserNid>(0), row.number<Position>(1)); });
}

void each_account_data(db::Reader& reader, std::string_view type,
                       std::function<void(UserNid, std::string)> const& use) {
  reader.query(kOfType, {type}, [&](db::Row const& row) { use(row.number<UserNid>(0), row.string(1)); });
}

void each_owner(db::Reader& reader, std::string_view type, std::function<void(UserNid)> const& use) {
  reader.query(kOwners, {type}, [&](db::Row const& row) { use(row.number<UserNid>(0)); });
}

void put_account_data(db::Transaction& transaction, UserNid user, AccountDataEntry const& entry) {
  transaction.execute(kPut, {user, entry.room_id, entry.type, entry.content, entry.position});
}

void delete_account_data(db::Transaction& transaction, UserNid user) {
  transaction.execute(kDeleteAll, {user});
  transaction.execute(kDeleteFilters, {user});
}

std::optional<std::string> account_data(db::Reader& reader, UserNid user, std::string_view room_id,
                                        std::string_view type) {
  return reader.query_one(kGet, {user, room_id, type}, first_text);
}

std::int64_t count_account_data(db::Reader& reader, UserNid user) {
  return reader.query_one(kCount, {user}, first_integer).value_or(0);
}

std::vector<AccountDataEntry> account_data_since(db::Reader& reader, UserNid user, Position since) {
  std::vector<AccountDataEntry> entries;
  reader.query(kSince, {user, since}, [&](db::Row const& row) { entries.push_back(entry_of(row)); });
  return entries;
}

std::vector<AccountDataEntry> account_data_in(db::Reader& reader, UserNid user, std::string_view room_id) {
  std::vector<AccountDataEntry> entries;
  reader.query(kInRoom, {user, room_id}, [&](db::Row const& row) { entries.push_back(entry_of(row)); });
  return entries;
}

std::int64_t put_filter(db::Transaction& transaction, UserNid user, std::string_view definition) {
  if (auto const same = transaction.query_one(kSameFilter, {user, definition}, first_integer)) return *same;
  auto const id = count_filters(transaction, user) + 1;
  transaction.execute(kInsertFilter, {user, id, definition});
  return id;
}

std::int64_t count_filters(db::Reader& reader, UserNid user) {
  return reader.query_one(kCountFilters, {user}, first_integer).value_or(0);
}

std::optional<std::string> filter(db::Reader& reader, UserNid user, std::int64_t id) {
  return reader.query_one(kFilter, {user, id}, first_text);
}

}  // namespace torg::identity::store
