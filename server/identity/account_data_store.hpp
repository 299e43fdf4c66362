#pragma once
// All SQL about account data and filters.
#include "db/database.hpp"
#include "identity/types.hpp"

namespace torg::identity {

/// One entry of account data, as clients get it.
struct AccountDataEntry {
  std::string room_id;  ///< empty: global
  std::string type;
  std::string content;  ///< JSON text of an object, as the client sent it
  Position position;
};

namespace store {

void each_last_account_data_position(db::Reader& reader, std::function<void(UserNid, Position)> const& use);
/// The global account data of one type, of everybody who has some.
void each_account_data(db::Reader& reader, std::string_view type,
                       std::function<void(UserNid, std::string)> const& use);
/// Everybody who has global account data of one type.
void each_owner(db::Reader& reader, std::string_view type, std::function<void(UserNid)> const& use);
void put_account_data(db::Transaction& transaction, UserNid user, AccountDataEntry const& entry);
[[nodiscard]] std::optional<std::string> account_data(db::Reader& reader, UserNid user,
                                                      std::string_view room_id, std::string_view type);
[[nodiscard]] std::int64_t count_account_data(db::Reader& reader, UserNid user);
[[nodiscard]] std::vector<AccountDataEntry> account_data_since(db::Reader& reader, UserNid user,
                                                               Position since);
/// All of one room; of the global ones with an empty id.
[[nodiscard]] std::vector<AccountDataEntry> account_data_in(db::Reader& reader, UserNid user,
                                                            std::string_view room_id);

/// With the filters.
void delete_account_data(db::Transaction& transaction, UserNid user);

/// @return the id of the same definition, if there is one already
[[nodiscard]] std::int64_t put_filter(db::Transaction& transaction, UserNid user,
                                      std::string_view definition);
[[nodiscard]] std::int64_t count_filters(db::Reader& reader, UserNid user);
[[nodiscard]] std::optional<std::string> filter(db::Reader& reader, UserNid user, std::int64_t id);

}  // namespace store
}  // namespace torg::identity
